"""An administrator makes an account for a new member of staff (S4)."""

from collections.abc import Mapping
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Request, Response

from chassis.callers import Caller
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer, form_hash, keep, replay
from identity.domain.normal_form import username_problem
from identity.domain.permission import Permission
from identity.domain.staff_reason import Occasion, StaffReason
from identity.entrypoints.pages.site import Site
from identity.entrypoints.pages.staff.actions import admitted, read_roles
from identity.entrypoints.pages.staff.words import ROLES
from identity.usecases.add_staff import NewStaff
from identity.usecases.invite_staff import invite_staff
from identity.usecases.staff_act import Actor
from ui.forms import read_form

Administrator = Annotated[Caller, Depends(admitted(Permission.MANAGE_STAFF))]
_PATH = "/staff/accounts/new"
_TEMPLATE = "staff/new.html"
_LONGEST_NAME = 100


class StaffNewPages:
    """`/staff/accounts/new`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.form, methods=["GET"])
        self.router.add_api_route(_PATH, self.add, methods=["POST"])

    async def form(self, request: Request, _caller: Administrator) -> Response:
        """The empty form."""
        return self._site.render(request, _TEMPLATE, all_roles=ROLES)

    async def add(self, request: Request, caller: Administrator) -> Response:
        """Makes the account and mails the link for its first password."""
        typed = await read_form(request)
        problems = self._problems(typed)
        if problems:
            return self._site.bad_form(request, _TEMPLATE, typed, problems, all_roles=ROLES)
        try:
            return await self._add(caller, typed)
        except DomainError as error:
            if error.code == "account_exists":
                taken = {"username": "account_exists"}
                return self._site.bad_form(request, _TEMPLATE, typed, taken, all_roles=ROLES)
            raise

    def _problems(self, typed: Mapping[str, str]) -> dict[str, str]:
        name, found = typed.get("display_name", "").strip(), {}
        if not name or len(name) > _LONGEST_NAME:
            found["display_name"] = "last_name_long" if name else "name_missing"
        username = username_problem(typed.get("username", ""))
        if username:
            found["username"] = username
        if self._site.read_mail(typed.get("email", "")) is None:
            found["email"] = "email_invalid" if typed.get("email") else "email_missing"
        if not read_roles(typed):
            found["role_agent"] = "roles_missing"
        return found

    async def _add(self, caller: Caller, typed: Mapping[str, str]) -> Response:
        site = self._site
        email = site.read_mail(typed["email"])
        if email is None:
            raise DomainError(ErrorKind.INVALID, "email_invalid", fields={"email": "email_invalid"})
        person = NewStaff(
            username=typed["username"].strip(),
            email=email,
            display_name=typed["display_name"].strip(),
            language=site.pages.brand.language,
            roles=frozenset(role.value for role in read_roles(typed)),
        )
        actor = Actor(caller.account_id, caller.roles, StaffReason(Occasion.REQUEST))
        key, body = typed.get("idempotency_key") or str(uuid4()), form_hash(typed)
        async with site.database.transaction() as tx:
            stored = await replay(tx, str(actor.id), _PATH, key, body)
            if stored:
                return stored.response()
            records, signer = site.records(tx), site.signer
            account = await invite_staff(person, actor, records=records, rules=site.rules, key_id=signer.current)
            answer = StoredAnswer(303, f"/staff/accounts?role=staff&added={account.id}")
            await keep(tx, str(actor.id), _PATH, key, body, answer)
        return answer.response()
