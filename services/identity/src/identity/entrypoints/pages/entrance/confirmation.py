"""Showing again who one is, before something sensitive changes."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn, safe_next
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.domain.factors import Factors
from identity.domain.passkey import CeremonyPurpose
from identity.domain.session import is_recent
from identity.entrypoints.pages.factors.factor_form import factor_context, factor_options, read_given
from identity.entrypoints.pages.reauthentication import CONFIRM
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.change_password import count_current_password
from identity.usecases.confirm_identity import confirm_by_factor, confirm_by_password
from identity.usecases.give_second_factor import prepare_factor
from identity.usecases.log_in import Visitor
from ui.forms import read_form

_TEMPLATE = "entrance/confirm_identity.html"


class ConfirmationPages:
    """`/login/confirm`: the password, or the factor of who has one; a right answer makes a new session."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(CONFIRM, self.form, methods=["GET"])
        self.router.add_api_route(CONFIRM, self.confirm, methods=["POST"])
        self.router.add_api_route(f"{CONFIRM}/options", self.options, methods=["POST"])

    async def form(self, request: Request, caller: SignedIn) -> Response:
        """Asks; whoever has just logged in goes on."""
        wanted = safe_next(request.query_params.get("next"))
        if is_recent(caller.authenticated_at, self._site.rules.clock()):
            return see_other(wanted)
        context = _context(wanted, await self._factors(caller), request.query_params.get("way"))
        return self._site.render(request, _TEMPLATE, **context)

    async def confirm(self, request: Request, caller: SignedIn) -> Response:
        """Takes the answer, throttled like a login."""
        typed = await read_form(request)
        wanted, factors = safe_next(typed.get("next")), await self._factors(caller)
        visitor = self._site.cookies.visitor(request)
        try:
            if factors.any:
                token = await self._by_factor(caller, typed, factors, visitor)
            else:
                token = await self._by_password(caller, typed, visitor)
        except DomainError as error:
            context = _context(wanted, factors, typed.get("way"))
            return self._site.refused_form(request, _TEMPLATE, typed, error, **context)
        response = see_other(wanted)
        self._site.cookies.set_session(response, token)
        return response

    async def options(self, caller: SignedIn) -> Response:
        """What the browser is to ask the passkey."""
        return await factor_options(self._site, caller.account_id, CeremonyPurpose.CONFIRM)

    async def _factors(self, caller: Caller) -> Factors:
        async with self._site.database.transaction() as tx:
            return await self._site.records(tx).second_factors.factors(caller.account_id)

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

    async def _by_factor(self, caller: Caller, typed: Mapping[str, str], factors: Factors, visitor: Visitor) -> str:
        site, given = self._site, read_given(typed, factors)
        account = await site.account_of(caller)
        async with site.database.transaction() as tx:
            given = await prepare_factor(
                account, given, CeremonyPurpose.CONFIRM, visitor, records=site.records(tx), rules=site.rules
            )
        async with site.database.transaction() as tx:
            return await confirm_by_factor(
                account, given, visitor, records=site.records(tx), rules=site.rules, verifiers=site.verifiers
            )


def _context(wanted: str, factors: Factors, chosen: str | None) -> dict[str, Any]:
    if not factors.any:
        return {"wanted": wanted, "way": None}
    return factor_context(CONFIRM, wanted, factors, chosen)


def _bad(field: str, code: str) -> DomainError:
    return DomainError(ErrorKind.INVALID, code, fields={field: code})
