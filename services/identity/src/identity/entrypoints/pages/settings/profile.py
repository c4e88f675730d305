"""Settings: what one tells of oneself, and the language of pages and mails."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from identity.domain.account import Account
from identity.domain.profile import Profile
from identity.entrypoints.pages.country_names import country_names
from identity.entrypoints.pages.site import Site, notice_of, see_other
from identity.usecases.change_profile import change_profile
from ui.forms import read_form

_PATH = "/settings/profile"
_TEMPLATE = "settings/profile.html"


class ProfilePages:
    """`/settings/profile`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.form, methods=["GET"])
        self.router.add_api_route(_PATH, self.change, methods=["POST"])

    async def form(self, request: Request, caller: SignedIn) -> Response:
        """The profile as it stands, to be changed."""
        account = await self._site.account_of(caller)
        notice = notice_of(request, "saved", "username_changed")
        return self._site.render(request, _TEMPLATE, notice=notice, **self._context(request, account))

    async def change(self, request: Request, caller: SignedIn) -> Response:
        """Keeps it, by the rules of the registration."""
        site, typed = self._site, await read_form(request)
        account, profile = await site.account_of(caller), Profile.read(typed)
        problems = profile.problems(site.brand.required_fields)
        if problems:
            context = self._context(request, account)
            return site.bad_form(request, _TEMPLATE, typed, problems, notice=None, **context)
        language = self._language(typed, account)
        async with site.database.transaction() as tx:
            await change_profile(caller.account_id, profile, language, records=site.records(tx), rules=site.rules)
        response = see_other(f"{_PATH}?notice=saved")
        site.cookies.set_language(response, language)
        return response

    def _context(self, request: Request, account: Account) -> dict[str, Any]:
        languages = self._site.pages.brand.languages
        return {
            "account": account,
            "countries": country_names(self._site.pages.language(request)),
            "languages": languages,
        }

    def _language(self, typed: Mapping[str, str], account: Account) -> str:
        wanted = typed.get("language", "")
        return wanted if wanted in self._site.pages.brand.languages else account.language
