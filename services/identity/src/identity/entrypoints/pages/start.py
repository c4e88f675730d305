"""The start page (A1, A2), which for people who are signed in is the overview."""

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone
from identity.entrypoints.pages.site import Site, notice_of, see_other


class StartPages:
    """`/`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/", self.start, methods=["GET"])

    async def start(self, request: Request, caller: Anyone) -> Response:
        """Doors for strangers, the overview for people who are signed in; a closed portal begins with the login."""
        site = self._site
        if caller is None and not site.brand.open:
            return see_other("/login")
        published = await site.news.published(site.pages.language(request))
        if caller is None:
            return site.render(request, "start.html", published=published)
        doors = [
            link
            for link in site.pages.brand.navigation
            if link.path not in {"/", "/help"} and link.shown_to(signed_in=True, staff=caller.staff)
        ]
        return site.render(
            request,
            "overview.html",
            published=published,
            doors=doors,
            notice=notice_of(request, "confirmed", "email_changed"),
        )
