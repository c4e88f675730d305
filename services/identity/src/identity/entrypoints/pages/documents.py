"""Legal and help pages, as the brand pack has them."""

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone
from identity.entrypoints.pages.site import Site

NAMES = ("imprint", "privacy", "accessibility", "help")
TERMS = "terms"


class DocumentPages:
    """`/imprint`, `/privacy`, `/accessibility`, `/help`; where people register themselves, `/terms` too."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        for name in (*NAMES, TERMS) if site.brand.open else NAMES:
            self.router.add_api_route(f"/{name}", self.show, methods=["GET"], name=name)

    async def show(self, request: Request, _caller: Anyone) -> Response:
        """One page of the pack in the visitor's language."""
        return self._site.pages.document(request, request.url.path.removeprefix("/"))
