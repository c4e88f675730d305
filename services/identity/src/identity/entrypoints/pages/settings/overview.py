"""Settings: the overview, which shows how each part stands and leads to it."""

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from identity.entrypoints.pages.site import Site


class SettingsPages:
    """`/settings`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/settings", self.show, methods=["GET"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """One's data and the parts of the settings."""
        site, now = self._site, self._site.rules.clock()
        async with site.database.transaction() as tx:
            records = site.records(tx)
            account = await records.accounts.get(caller.account_id)
            sessions = await records.sessions.of_account(caller.account_id)
        live = [session for session in sessions if session.live(now)]
        return site.render(request, "settings/overview.html", account=account, sessions=live)
