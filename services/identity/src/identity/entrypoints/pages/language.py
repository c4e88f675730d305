"""The choice of language, for this browser and for the account's mails."""

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, safe_next
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.choose_language import choose_language
from ui.forms import read_form


class LanguagePages:
    """`/language`, which every page's footer posts to."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/language", self.choose, methods=["POST"])

    async def choose(self, request: Request, caller: Anyone) -> Response:
        """Keeps a language that the brand has, and goes back; anything else changes nothing."""
        typed = await read_form(request)
        language, site = typed.get("language", ""), self._site
        response = see_other(safe_next(typed.get("next")))
        if language not in site.pages.brand.languages:
            return response
        if caller:
            async with site.database.transaction() as tx:
                await choose_language(caller.account_id, language, records=site.records(tx))
        site.cookies.set_language(response, language)
        return response
