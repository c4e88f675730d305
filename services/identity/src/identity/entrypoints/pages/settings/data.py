"""Settings: all data about oneself in one file (GDPR Art. 15 and 20)."""

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn, no_activity
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.domain.personal_export import SOURCES, PersonalExport
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, notice_of, see_other
from identity.usecases.ask_for_export import ask_for_export
from identity.usecases.download_export import download_export

PATH = "/settings/data"


class DataPages:
    """`/settings/data`, how far the file is, and the file."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(PATH, self.show, methods=["GET"])
        self.router.add_api_route(f"{PATH}/export", self.progress, methods=["GET"])
        self.router.add_api_route(f"{PATH}/export", self.ask, methods=["POST"])
        self.router.add_api_route(f"{PATH}/download", self.download, methods=["GET"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """How it stands with the file, and the way to close the account."""
        export = await self._export(caller)
        return self._site.render(
            request,
            "settings/data.html",
            export=export,
            services=len(SOURCES),
            notice=notice_of(request, "busy"),
        )

    @no_activity
    async def progress(self, request: Request, caller: SignedIn) -> Response:
        """The state alone, while the file is put together."""
        export = await self._export(caller)
        return self._site.render(request, "settings/export.html", export=export, services=len(SOURCES))

    async def ask(self, caller: RecentlySignedIn) -> Response:
        """Begins to put the file together; a second click finds it under way."""
        site = self._site
        try:
            async with site.database.transaction() as tx:
                await ask_for_export(caller.account_id, records=site.records(tx), rules=site.rules)
        except DomainError as error:
            if error.kind is not ErrorKind.RATE_LIMITED:
                raise
            return see_other(f"{PATH}?notice=busy")
        return see_other(PATH)

    async def download(self, caller: RecentlySignedIn) -> Response:
        """The ZIP, as a download that no cache keeps; without one, back to the page that offers it."""
        site = self._site
        try:
            async with site.database.transaction() as tx:
                file = await download_export(
                    caller.account_id, records=site.records(tx), rules=site.rules, sealer=site.factor_keys
                )
        except DomainError as error:
            if error.kind is not ErrorKind.NOT_FOUND:
                raise
            return see_other(PATH)
        headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
        return Response(file.content, media_type="application/zip", headers=headers)

    async def _export(self, caller: Caller) -> PersonalExport | None:
        async with self._site.database.transaction() as tx:
            export = await self._site.records(tx).exports.of_account(caller.account_id)
        return export if export and not export.over(self._site.rules.clock()) else None
