"""Settings: close one's account."""

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone
from chassis.errors import DomainError, ErrorKind
from identity.domain.closing import REOPENABLE
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.close_account import close_account

_PATH = "/settings/data/close"
_TEMPLATE = "settings/close.html"


class ClosingPages:
    """`/settings/data/close`, and what is said afterwards."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.ask, methods=["GET"])
        self.router.add_api_route(_PATH, self.close, methods=["POST"])
        self.router.add_api_route("/settings/closed", self.closed, methods=["GET"])

    async def ask(self, request: Request, _caller: RecentlySignedIn) -> Response:
        """Says what happens, before it does."""
        return self._site.render(request, _TEMPLATE, days=REOPENABLE.days, last_administrator=False)

    async def close(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Closes the account and signs out everywhere."""
        site = self._site
        try:
            async with site.database.transaction() as tx:
                await close_account(caller.account_id, records=site.records(tx), rules=site.rules)
        except DomainError as error:
            if error.kind is not ErrorKind.CONFLICT:
                raise
            return site.render(request, _TEMPLATE, status=409, days=REOPENABLE.days, last_administrator=True)
        response = see_other("/settings/closed")
        site.cookies.clear_session(response)
        return response

    async def closed(self, request: Request, _caller: Anyone) -> Response:
        """That it is done, and how to come back."""
        return self._site.render(request, "settings/closed.html", days=REOPENABLE.days)
