"""Showing again who one is, before something sensitive changes."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn, safe_next
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.domain.session import is_recent
from identity.entrypoints.pages.reauthentication import CONFIRM
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.change_password import count_current_password
from identity.usecases.confirm_identity import confirm_by_password, owes_factor
from identity.usecases.give_second_factor import count_code, give_second_factor
from identity.usecases.log_in import Visitor
from ui.forms import read_form

_TEMPLATE = "confirm_identity.html"


class ConfirmationPages:
    """`/login/confirm`: the password, or the factor of who has one; a right answer makes a new session."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(CONFIRM, self.form, methods=["GET"])
        self.router.add_api_route(CONFIRM, self.confirm, methods=["POST"])

    async def form(self, request: Request, caller: SignedIn) -> Response:
        """Asks; whoever has just logged in goes on."""
        wanted = safe_next(request.query_params.get("next"))
        if is_recent(caller.authenticated_at, self._site.rules.clock()):
            return see_other(wanted)
        return self._site.render(request, _TEMPLATE, wanted=wanted, factor=await self._owes_factor(caller))

    async def confirm(self, request: Request, caller: SignedIn) -> Response:
        """Takes the answer, throttled like a login."""
        typed = await read_form(request)
        wanted, factor = safe_next(typed.get("next")), await self._owes_factor(caller)
        visitor = self._site.cookies.visitor(request)
        try:
            token = await (self._by_code if factor else self._by_password)(caller, typed, visitor)
        except DomainError as error:
            return self._site.refused_form(request, _TEMPLATE, typed, error, wanted=wanted, factor=factor)
        response = see_other(wanted)
        self._site.cookies.set_session(response, token)
        return response

    async def _owes_factor(self, caller: Caller) -> bool:
        async with self._site.database.transaction() as tx:
            return await owes_factor(caller.account_id, records=self._site.records(tx))

    async def _by_password(self, caller: Caller, typed: Mapping[str, str], visitor: Visitor) -> str:
        site, password = self._site, typed.get("password", "")
        if not password:
            raise _bad("password", "password_empty")
        async with site.database.transaction() as tx:
            account = await count_current_password(caller.account_id, records=site.records(tx), clock=site.rules.clock)
        if not await site.passwords.matches(account.password_hash, password):
            raise _bad("password", "current_wrong")
        async with site.database.transaction() as tx:
            return await confirm_by_password(
                account, visitor, second_factor=caller.second_factor, records=site.records(tx), rules=site.rules
            )

    async def _by_code(self, caller: Caller, typed: Mapping[str, str], visitor: Visitor) -> str:
        site, code = self._site, typed.get("code", "").strip()
        if not code:
            raise _bad("code", "code_missing")
        async with site.database.transaction() as tx:
            records = site.records(tx)
            account = await records.accounts.get(caller.account_id)
            if account is None:
                raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
            await count_code(account, visitor, records=records, rules=site.rules)
        async with site.database.transaction() as tx:
            return await give_second_factor(
                account, code, visitor, records=site.records(tx), rules=site.rules, sealer=site.sealer
            )


def _bad(field: str, code: str) -> DomainError:
    return DomainError(ErrorKind.INVALID, code, fields={field: code})
