"""`/customers/organisations/{id}/invite`: invite a colleague or a delegate, and take an invitation back."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer
from chassis.sessions import Caller
from customer_link.domain.invitation import LONGEST_DELEGATION, Purpose
from customer_link.domain.validity import end_of, read_day
from customer_link.entrypoints.pages.once import once
from customer_link.entrypoints.pages.organisations.site import members_path, organisation_of, read_organisation_id
from customer_link.entrypoints.pages.site import Site, see_other
from customer_link.usecases.end_access import withdraw_invitation
from customer_link.usecases.invite_member import Invite, invite_member
from customer_link.usecases.organisation_rights import administering
from customer_link.usecases.ports import ReadMail
from ui.forms import Form, read_form
from ui.translations import N_

_LONGEST_NAME = 200
_EMAIL = N_("Enter the e-mail address, for example name@example.com")
_NAME = N_("Enter the name of the person")
_NAME_TOO_LONG = N_("A name has at most 200 characters")
_PURPOSE = N_("Choose what the access is for")
_DAY = N_("Enter the last day of the access, for example 28.02.2027")
_DAY_MISSING = N_("An access for somebody from outside ends on a day. Enter the last one")
_DAY_PAST = N_("Choose a day from today on")
_DAY_TOO_FAR = N_("An access lasts two years at most. Choose an earlier day")
_ALREADY = N_("This address is invited already. You may withdraw that invitation first")
_TOO_MANY = N_("Your organisation has invited many people today. Please go on tomorrow, or talk to us")


class InvitePages:
    """For administrators. The answer is the same whether the address has an account or not."""

    def __init__(self, site: Site, read_mail: ReadMail) -> None:
        self._site = site
        self._workplace = site.workplace
        self._read_mail = read_mail
        self.router = APIRouter()
        path = "/customers/organisations/{organisation_id}"
        self.router.add_api_route(f"{path}/invite", self.show, methods=["GET"])
        self.router.add_api_route(f"{path}/invite", self.invite, methods=["POST"])
        self.router.add_api_route(f"{path}/invitations/{{invitation_id}}/withdraw", self.withdraw, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn, organisation_id: str) -> Response:
        """The form."""
        wanted = read_organisation_id(organisation_id)
        return await self._page(request, caller, wanted, Form(values={"purpose": Purpose.COLLEAGUE.value}))

    async def invite(self, request: Request, caller: SignedIn, organisation_id: str) -> Response:
        """Keeps the invitation; a job has it mailed."""
        fields, wanted = await read_form(request), read_organisation_id(organisation_id)
        errors = self._wrong(fields)
        if errors:
            return await self._page(request, caller, wanted, Form(values=fields, errors=errors), status=422)
        try:
            return see_other(await self._invited(request, caller, wanted, fields))
        except DomainError as error:
            problem = {ErrorKind.CONFLICT: {"email": _ALREADY}, ErrorKind.RATE_LIMITED: {"": _TOO_MANY}}.get(error.kind)
            if problem is None or error.code not in {"already_invited", "too_many_invitations"}:
                raise
            status = 422 if error.kind is ErrorKind.CONFLICT else 429
            return await self._page(request, caller, wanted, Form(values=fields, errors=problem), status=status)

    async def withdraw(self, request: Request, caller: SignedIn, organisation_id: str, invitation_id: str) -> Response:
        """Takes an invitation back; a second click is told the same, and who is late that it was accepted."""
        wanted, which = read_organisation_id(organisation_id), read_organisation_id(invitation_id)
        await read_form(request)
        now = self._workplace.rules.clock()
        try:
            async with self._workplace.open() as records:
                await withdraw_invitation(wanted, which, by=caller.account_id, records=records, now=now)
        except DomainError as error:
            if error.code != "invitation_accepted":
                raise
            return see_other(f"{members_path(wanted)}?notice=accepted")
        return see_other(f"{members_path(wanted)}?notice=withdrawn")

    async def _invited(self, request: Request, caller: Caller, wanted: UUID, fields: Mapping[str, str]) -> str:
        wish = Invite(
            id=self._workplace.rules.new_id(),
            organisation_id=wanted,
            by=caller.account_id,
            email=self._read_mail(fields["email"]) or "",
            display_name=fields["name"].strip(),
            language=self._site.pages.language(request),
            purpose=Purpose(fields["purpose"]),
            access_until=self._end(fields),
        )

        async def act() -> StoredAnswer:
            await invite_member(wish, records=self._workplace.records(tx), now=self._workplace.rules.clock())
            return StoredAnswer(303, f"{members_path(wanted)}?notice=invited")

        async with self._workplace.database.transaction() as tx:
            route = f"/customers/organisations/{wanted}/invite"
            answer = await once(tx, caller.account_id, route, fields, act)
        return answer.location or members_path(wanted)

    def _wrong(self, fields: Mapping[str, str]) -> dict[str, str]:
        name, purpose = fields.get("name", "").strip(), fields.get("purpose", "")
        found = {
            "name": _NAME_TOO_LONG if len(name) > _LONGEST_NAME else "" if name else _NAME,
            "email": "" if self._read_mail(fields.get("email", "")) else _EMAIL,
            "purpose": "" if purpose in set(Purpose) else _PURPOSE,
            "until": self._wrong_day(purpose, fields.get("until", "").strip()),
        }
        return {field: problem for field, problem in found.items() if problem}

    def _wrong_day(self, purpose: str, typed: str) -> str:
        if not typed:
            return _DAY_MISSING if purpose not in {"", Purpose.COLLEAGUE.value} else ""
        end, now = self._end({"until": typed}), self._workplace.rules.clock()
        if end is None:
            return _DAY
        if end <= now:
            return _DAY_PAST
        return _DAY_TOO_FAR if end > now + LONGEST_DELEGATION else ""

    def _end(self, fields: Mapping[str, str]) -> datetime | None:
        day = read_day(fields.get("until", ""))
        return end_of(day, self._site.pages.brand.time_zone) if day else None

    async def _page(self, request: Request, caller: Caller, wanted: UUID, form: Form, *, status: int = 200) -> Response:
        async with self._workplace.open() as records:
            await administering(caller.account_id, wanted, records=records)
            organisation = await organisation_of(wanted, records)
        return self._site.render(
            request, "organisations/invite.html", status=status, form=form, organisation=organisation
        )
