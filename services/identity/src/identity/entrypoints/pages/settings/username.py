"""Settings: another user name, where people choose one."""

from fastapi import APIRouter, Request, Response

from chassis.errors import DomainError
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.change_username import change_username, count_wish
from ui.forms import read_form

_PATH = "/settings/profile/username"
_TEMPLATE = "settings/username.html"


class UsernamePages:
    """`/settings/profile/username`, only with open registration: elsewhere the mail address is the name."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        if site.brand.open:
            self.router.add_api_route(_PATH, self.form, methods=["GET"])
            self.router.add_api_route(_PATH, self.change, methods=["POST"])

    async def form(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Asks for the new name."""
        return self._site.render(request, _TEMPLATE, account=await self._site.account_of(caller))

    async def change(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Takes it, or says that it is taken."""
        site, typed = self._site, await read_form(request)
        account, wanted = await site.account_of(caller), typed.get("username", "")
        try:
            async with site.database.transaction() as tx:
                await count_wish(caller.account_id, records=site.records(tx), clock=site.rules.clock)
            async with site.database.transaction() as tx:
                await change_username(caller.account_id, wanted, records=site.records(tx), rules=site.rules)
        except DomainError as error:
            return site.refused_form(request, _TEMPLATE, typed, error, account=account)
        return see_other("/settings/profile?notice=username_changed")
