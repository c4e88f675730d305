"""Settings: passkeys with names."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.domain.passkey import Passkey
from identity.entrypoints.pages.factors.passkey_enrolment import PasskeyEnrolment
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.add_passkey import check_name
from identity.usecases.remove_passkey import remove_passkey
from ui.forms import read_form

_HOME = "/settings/security"
_PLACE = f"{_HOME}/passkeys"


class PasskeyPages:
    """`/settings/security/passkeys`: add, rename, remove."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._enrolment = PasskeyEnrolment(site, at_login=False)
        self.router = APIRouter()
        self.router.add_api_route(f"{_PLACE}/new", self.form, methods=["GET"])
        self.router.add_api_route(f"{_PLACE}/new", self.add, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/new/options", self.options, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/{{passkey_id}}", self.show, methods=["GET"])
        self.router.add_api_route(f"{_PLACE}/{{passkey_id}}", self.rename, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/{{passkey_id}}/remove", self.remove, methods=["POST"])

    async def form(self, request: Request, _caller: RecentlySignedIn) -> Response:
        """Asks for a name; the device does the rest."""
        suggested = self._site.cookies.visitor(request).browser
        return self._site.render(request, "settings/passkey_new.html", suggested=suggested)

    async def options(self, caller: RecentlySignedIn) -> Response:
        """What the browser is to ask the device."""
        return await self._enrolment.options(await self._site.account_of(caller))

    async def add(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Takes what the device made."""
        typed = await read_form(request)
        try:
            enrolled = await self._enrolment.add(request, await self._site.account_of(caller), typed)
        except DomainError as error:
            return self._site.refused_form(request, "settings/passkey_new.html", typed, error, suggested="")
        return self._enrolment.finish(request, enrolled, f"{_HOME}?notice=passkey_added")

    async def show(self, request: Request, passkey_id: UUID, caller: RecentlySignedIn) -> Response:
        """One passkey, to rename or remove it."""
        passkey, removable = await self._find(caller, passkey_id)
        return self._site.render(request, "settings/passkey.html", passkey=passkey, removable=removable)

    async def rename(self, request: Request, passkey_id: UUID, caller: RecentlySignedIn) -> Response:
        """Takes the new name."""
        typed = await read_form(request)
        passkey, removable = await self._find(caller, passkey_id)
        name = typed.get("name", "")
        try:
            check_name(name)
        except DomainError as error:
            return self._site.refused_form(
                request, "settings/passkey.html", typed, error, passkey=passkey, removable=removable
            )
        async with self._site.database.transaction() as tx:
            await self._site.records(tx).passkeys.rename(caller.account_id, passkey_id, name.strip())
        return see_other(f"{_HOME}?notice=passkey_renamed")

    async def remove(self, request: Request, passkey_id: UUID, caller: RecentlySignedIn) -> Response:
        """Removes it, unless it is the last factor of staff."""
        site, account = self._site, await self._site.account_of(caller)
        passkey, removable = await self._find(caller, passkey_id)
        try:
            async with site.database.transaction() as tx:
                token = await remove_passkey(
                    account,
                    passkey_id,
                    site.cookies.visitor(request),
                    second_factor=caller.second_factor,
                    records=site.records(tx),
                    rules=site.rules,
                )
        except DomainError as error:
            if error.kind is not ErrorKind.CONFLICT:
                raise
            return site.render(request, "settings/passkey.html", status=409, passkey=passkey, removable=removable)
        response = see_other(f"{_HOME}?notice=passkey_removed")
        site.cookies.set_session(response, token)
        return response

    async def _find(self, caller: Caller, passkey_id: UUID) -> tuple[Passkey, bool]:
        """The passkey, and whether it may be removed; somebody else's is not there."""
        async with self._site.database.transaction() as tx:
            records = self._site.records(tx)
            mine = await records.passkeys.of_account(caller.account_id)
            factors = await records.second_factors.factors(caller.account_id)
        passkey = next((each for each in mine if each.id == passkey_id), None)
        if passkey is None:
            raise DomainError(ErrorKind.NOT_FOUND, "passkey_unknown")
        return passkey, factors.without_passkey.any or not caller.staff
