"""Settings: one's data, password and sessions (M8)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.change_password import change_password, count_current_password
from identity.usecases.end_sessions import end_sessions
from ui.forms import read_form

_NOTICES = frozenset({"password_changed", "session_ended"})


class SettingsPages:
    """`/settings` and what its buttons do."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/settings", self.show, methods=["GET"])
        self.router.add_api_route("/settings/password", self.change, methods=["POST"])
        self.router.add_api_route("/settings/sessions/{session_id}/end", self.end_session, methods=["POST"])
        self.router.add_api_route("/.well-known/change-password", self.well_known, methods=["GET"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """One's data, the form for a new password, the browsers signed in."""
        notice = request.query_params.get("notice")
        context = await self._context(caller, notice if notice in _NOTICES else None)
        return self._site.render(request, "settings.html", **context)

    async def change(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Takes current and new password; other browsers are signed out."""
        typed = await read_form(request)
        try:
            token = await self._change(request, caller, typed)
        except DomainError as error:
            return self._site.refused_form(request, "settings.html", {}, error, **await self._context(caller))
        response = see_other("/settings?notice=password_changed")
        self._site.cookies.set_session(response, token)
        return response

    async def end_session(self, session_id: UUID, caller: SignedIn) -> Response:
        """Ends one of one's own sessions; an id of somebody else's ends nothing."""
        site = self._site
        async with site.database.transaction() as tx:
            await end_sessions(caller.account_id, [session_id], records=site.records(tx))
        return see_other("/login" if session_id == caller.session_id else "/settings?notice=session_ended")

    async def well_known(self, _caller: SignedIn) -> Response:
        """Where password managers look for the form (W3C change-password-url)."""
        return see_other("/settings")

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

    async def _context(self, caller: Caller, notice: str | None = None) -> dict[str, Any]:
        async with self._site.database.transaction() as tx:
            records = self._site.records(tx)
            account = await records.accounts.get(caller.account_id)
            sessions = await records.sessions.of_account(caller.account_id)
        now = self._site.rules.clock()
        alive = [session for session in sessions if session.alive(now) and not session.pending]
        return {"account": account, "sessions": alive, "current_session": caller.session_id, "notice": notice}


def _bad(field: str, code: str) -> DomainError:
    return DomainError(ErrorKind.INVALID, code, fields={field: code})
