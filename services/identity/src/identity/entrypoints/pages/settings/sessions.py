"""Settings: where one is signed in, and the way to end it (ASVS 7.5.2)."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.errors import DomainError
from chassis.sessions import Caller
from identity.domain.session import Session
from identity.entrypoints.pages.site import Site, notice_of, see_other
from identity.usecases.end_sessions import end_other_sessions, end_sessions
from identity.usecases.rename_device import remembered_device, rename_device
from ui.forms import read_form

_PATH = "/settings/sessions"
_NAME = "settings/device_name.html"


class SessionsPages:
    """`/settings/sessions` and what its buttons do."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])
        self.router.add_api_route(f"{_PATH}/end-others", self.end_others, methods=["POST"])
        self.router.add_api_route(f"{_PATH}/{{session_id}}/end", self.end, methods=["POST"])
        self.router.add_api_route(f"{_PATH}/{{session_id}}/name", self.name, methods=["GET"])
        self.router.add_api_route(f"{_PATH}/{{session_id}}/name", self.rename, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """The browsers that are signed in, the last active first."""
        site, now = self._site, self._site.rules.clock()
        async with site.database.transaction() as tx:
            sessions = await site.records(tx).sessions.of_account(caller.account_id)
        return site.render(
            request,
            "settings/sessions.html",
            sessions=[session for session in sessions if session.live(now)],
            current_session=caller.session_id,
            notice=notice_of(request, "session_ended", "others_ended", "renamed"),
        )

    async def end(self, session_id: UUID, caller: SignedIn) -> Response:
        """Ends one of one's own sessions; an id of somebody else's ends nothing."""
        site = self._site
        async with site.database.transaction() as tx:
            await end_sessions(caller.account_id, [session_id], records=site.records(tx))
        return see_other("/login" if session_id == caller.session_id else f"{_PATH}?notice=session_ended")

    async def end_others(self, caller: SignedIn) -> Response:
        """Ends all but the session of this browser."""
        site = self._site
        async with site.database.transaction() as tx:
            await end_other_sessions(caller.account_id, caller.session_id, records=site.records(tx))
        return see_other(f"{_PATH}?notice=others_ended")

    async def name(self, session_id: UUID, request: Request, caller: SignedIn) -> Response:
        """Asks what a remembered device is called."""
        return self._site.render(request, _NAME, device=await self._device(session_id, caller))

    async def rename(self, session_id: UUID, request: Request, caller: SignedIn) -> Response:
        """Keeps the name."""
        site, typed = self._site, await read_form(request)
        name = typed.get("device_name", "").strip()
        try:
            async with site.database.transaction() as tx:
                await rename_device(caller.account_id, session_id, name, records=site.records(tx))
        except DomainError as error:
            device = await self._device(session_id, caller)
            return site.refused_form(request, _NAME, typed, error, device=device)
        return see_other(f"{_PATH}?notice=renamed")

    async def _device(self, session_id: UUID, caller: Caller) -> Session:
        async with self._site.database.transaction() as tx:
            return await remembered_device(caller.account_id, session_id, records=self._site.records(tx))
