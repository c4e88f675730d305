"""The second factor of staff (S1): a one-time code after the password."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, safe_next
from chassis.errors import DomainError
from identity.domain.account import Account
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.give_second_factor import count_code, find_pending, give_second_factor
from identity.usecases.log_in import Visitor
from ui.forms import read_form


class CodePages:
    """`/login/code`, for browsers that have just given a password of staff."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/login/code", self.form, methods=["GET"])
        self.router.add_api_route("/login/code", self.give, methods=["POST"])

    async def form(self, request: Request, _caller: Anyone) -> Response:
        """Asks for the code; without a password before it, for that first."""
        wanted = safe_next(request.query_params.get("next"))
        if await self._pending(request) is None:
            return see_other("/login")
        return self._site.render(request, "code.html", wanted=wanted)

    async def give(self, request: Request, _caller: Anyone) -> Response:
        """Takes the code; a right one makes a new session under a new id."""
        typed = await read_form(request)
        wanted = safe_next(typed.get("next"))
        account = await self._pending(request)
        if account is None:
            return see_other("/login")
        if not typed.get("code", "").strip():
            return self._site.bad_form(request, "code.html", typed, {"code": "code_missing"}, wanted=wanted)
        visitor = self._site.cookies.visitor(request)
        try:
            token = await self._try(account, typed, visitor)
        except DomainError as error:
            return self._site.refused_form(request, "code.html", typed, error, wanted=wanted)
        response = see_other(wanted)
        self._site.cookies.set_session(response, token)
        self._site.cookies.remember_device(response, account, visitor)
        return response

    async def _pending(self, request: Request) -> Account | None:
        site = self._site
        async with site.database.transaction() as tx:
            token_hash = site.cookies.session_hash(request)
            return await find_pending(token_hash, records=site.records(tx), rules=site.rules)

    async def _try(self, account: Account, typed: Mapping[str, str], visitor: Visitor) -> str:
        site = self._site
        async with site.database.transaction() as tx:
            await count_code(account, visitor, records=site.records(tx), rules=site.rules)
        async with site.database.transaction() as tx:
            return await give_second_factor(
                account, typed["code"], visitor, records=site.records(tx), rules=site.rules, sealer=site.sealer
            )
