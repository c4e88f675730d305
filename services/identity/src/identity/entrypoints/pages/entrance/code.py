"""The second factor at the login (S1): after the password, for staff and for whoever has one."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, safe_next
from chassis.errors import DomainError
from identity.domain.account import Account
from identity.domain.factors import Factors, Way
from identity.domain.passkey import CeremonyPurpose
from identity.entrypoints.pages.factors.factor_form import factor_context, factor_options, read_given
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.give_second_factor import Given, find_pending, give_second_factor, prepare_factor
from identity.usecases.log_in import Visitor
from ui.forms import read_form

_PLACE = "/login/code"


class CodePages:
    """`/login/code`, for browsers that have just given a password."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PLACE, self.form, methods=["GET"])
        self.router.add_api_route(_PLACE, self.give, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/options", self.options, methods=["POST"])

    async def form(self, request: Request, _caller: Anyone) -> Response:
        """Asks for the factor; without a password before it, for that first; who has none gets one."""
        wanted = safe_next(request.query_params.get("next"))
        account, factors = await self._pending(request)
        if account is None:
            return see_other("/login")
        if not factors.any:
            return see_other("/login/enrol?" + urlencode({"next": wanted}))
        context = factor_context(_PLACE, wanted, factors, request.query_params.get("way"))
        return self._site.render(request, "entrance/code.html", **context)

    async def give(self, request: Request, _caller: Anyone) -> Response:
        """Takes the factor; a right one makes a new session under a new id."""
        typed = await read_form(request)
        wanted = safe_next(typed.get("next"))
        account, factors = await self._pending(request)
        if account is None or not factors.any:
            return see_other("/login")
        visitor = self._site.cookies.visitor(request)
        try:
            given = read_given(typed, factors)
            token = await self._try(account, given, visitor)
        except DomainError as error:
            context = factor_context(_PLACE, wanted, factors, typed.get("way"))
            return self._site.refused_form(request, "entrance/code.html", typed, error, **context)
        response = see_other(after_factor(given, wanted))
        self._site.cookies.set_session(response, token)
        self._site.cookies.remember_device(response, account, visitor)
        return response

    async def options(self, request: Request, _caller: Anyone) -> Response:
        """What the browser is to ask the passkey."""
        account, factors = await self._pending(request)
        if account is None or not factors.passkeys:
            return see_other("/login")
        return await factor_options(self._site, account.id, CeremonyPurpose.GIVE_FACTOR)

    async def _pending(self, request: Request) -> tuple[Account | None, Factors]:
        site = self._site
        async with site.database.transaction() as tx:
            records, token_hash = site.records(tx), site.cookies.session_hash(request)
            account = await find_pending(token_hash, records=records, rules=site.rules)
            return account, await records.second_factors.factors(account.id) if account else Factors()

    async def _try(self, account: Account, given: Given, visitor: Visitor) -> str:
        site = self._site
        async with site.database.transaction() as tx:
            given = await prepare_factor(
                account, given, CeremonyPurpose.GIVE_FACTOR, visitor, records=site.records(tx), rules=site.rules
            )
        async with site.database.transaction() as tx:
            return await give_second_factor(
                account, given, visitor, records=site.records(tx), rules=site.rules, verifiers=site.verifiers
            )


def after_factor(given: Given, wanted: str) -> str:
    """Where it goes on: after a recovery code to how many are left, for who used one has lost something."""
    if given.way is not Way.RECOVERY:
        return wanted
    return "/settings/security?" + urlencode({"notice": "recovery_code_used", "next": wanted})
