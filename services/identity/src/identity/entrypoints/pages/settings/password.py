"""Settings: a new password (M8)."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, notice_of, see_other
from identity.usecases.change_password import change_password, count_current_password
from ui.forms import read_form

_PATH = "/settings/password"
_TEMPLATE = "settings/password.html"


class PasswordPages:
    """`/settings/password`, and the address where password managers look for it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.form, methods=["GET"])
        self.router.add_api_route(_PATH, self.change, methods=["POST"])
        self.router.add_api_route("/.well-known/change-password", self.well_known, methods=["GET"])

    async def form(self, request: Request, _caller: RecentlySignedIn) -> Response:
        """Asks for the current password and a new one."""
        return self._site.render(request, _TEMPLATE, notice=notice_of(request, "password_changed"))

    async def change(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Takes current and new password; other browsers are signed out."""
        typed = await read_form(request)
        try:
            token = await self._change(request, caller, typed)
        except DomainError as error:
            return self._site.refused_form(request, _TEMPLATE, {}, error, notice=None)
        response = see_other(f"{_PATH}?notice=password_changed")
        self._site.cookies.set_session(response, token)
        return response

    async def well_known(self, _caller: SignedIn) -> Response:
        """Where password managers look for the form (W3C change-password-url)."""
        return see_other(_PATH)

    async def _change(self, request: Request, caller: Caller, typed: Mapping[str, str]) -> str:
        site = self._site
        current, chosen = typed.get("current_password", ""), typed.get("new_password", "")
        if not current:
            raise _bad("current_password", "current_missing")
        async with site.database.transaction() as tx:
            account = await count_current_password(caller.account_id, records=site.records(tx), clock=site.rules.clock)
        if not await site.passwords.matches(account.password_hash, current):
            raise _bad("current_password", "current_wrong")
        problem = site.password_rules.problem(chosen, account.personal)
        if problem:
            raise _bad("new_password", problem)
        password_hash = await site.passwords.hash(chosen)
        async with site.database.transaction() as tx:
            return await change_password(
                account,
                password_hash,
                browser=site.cookies.visitor(request).browser,
                second_factor=caller.second_factor,
                records=site.records(tx),
                rules=site.rules,
            )


def _bad(field: str, code: str) -> DomainError:
    return DomainError(ErrorKind.INVALID, code, fields={field: code})
