"""The first login of staff without a second factor: they get one before anything else (DESIGN 4.22)."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, safe_next
from chassis.errors import DomainError
from identity.domain.account import Account
from identity.entrypoints.pages.factors.app_enrolment import AppEnrolment
from identity.entrypoints.pages.factors.passkey_enrolment import PasskeyEnrolment
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.give_second_factor import find_pending
from ui.forms import read_form

_PLACE = "/login/enrol"


class EnrolmentPages:
    """`/login/enrol`, for browsers that have given a password of staff who have no factor."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._app = AppEnrolment(site, f"{_PLACE}/app", at_login=True)
        self._passkey = PasskeyEnrolment(site, at_login=True)
        self.router = APIRouter()
        self.router.add_api_route(_PLACE, self.choose, methods=["GET"])
        self.router.add_api_route(f"{_PLACE}/app/start", self.begin_app, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/app", self.show_app, methods=["GET"])
        self.router.add_api_route(f"{_PLACE}/app", self.confirm_app, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/app/qr.svg", self.draw_app, methods=["GET"])
        self.router.add_api_route(f"{_PLACE}/passkey/options", self.passkey_options, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/passkey", self.add_passkey, methods=["POST"])

    async def choose(self, request: Request, _caller: Anyone) -> Response:
        """Says why, and how it begins."""
        wanted = safe_next(request.query_params.get("next"))
        if await self._owing(request) is None:
            return _elsewhere(wanted)
        return self._site.render(request, "entrance/enrolment.html", wanted=wanted)

    async def begin_app(self, request: Request, _caller: Anyone) -> Response:
        """Makes the secret."""
        wanted = safe_next((await read_form(request)).get("next"))
        account = await self._owing(request)
        return await self._app.begin(account, wanted) if account else _elsewhere(wanted)

    async def show_app(self, request: Request, _caller: Anyone) -> Response:
        """Shows it."""
        wanted = safe_next(request.query_params.get("next"))
        account = await self._owing(request)
        return await self._app.show(request, account, wanted) if account else _elsewhere(wanted)

    async def draw_app(self, request: Request, _caller: Anyone) -> Response:
        """Draws it."""
        account = await self._owing(request)
        return await self._app.drawing(account) if account else see_other("/login")

    async def confirm_app(self, request: Request, _caller: Anyone) -> Response:
        """Takes the first code, which also finishes the login."""
        typed = await read_form(request)
        wanted = safe_next(typed.get("next"))
        account = await self._owing(request)
        return await self._app.confirm(request, account, typed, wanted) if account else _elsewhere(wanted)

    async def passkey_options(self, request: Request, _caller: Anyone) -> Response:
        """What the browser is to ask the device."""
        account = await self._owing(request)
        return await self._passkey.options(account) if account else see_other("/login")

    async def add_passkey(self, request: Request, _caller: Anyone) -> Response:
        """Takes what the device made, which also finishes the login."""
        typed = await read_form(request)
        wanted = safe_next(typed.get("next"))
        account = await self._owing(request)
        if account is None:
            return _elsewhere(wanted)
        try:
            enrolled = await self._passkey.add(request, account, typed)
        except DomainError as error:
            return self._site.refused_form(request, "entrance/enrolment.html", typed, error, wanted=wanted)
        return self._passkey.finish(request, enrolled, wanted)

    async def _owing(self, request: Request) -> Account | None:
        """The account of a pending session that has no factor; who has one gives that, and cannot add another."""
        site = self._site
        async with site.database.transaction() as tx:
            records = site.records(tx)
            account = await find_pending(site.cookies.session_hash(request), records=records, rules=site.rules)
            if account is None or (await records.second_factors.factors(account.id)).any:
                return None
        return account


def _elsewhere(wanted: str) -> Response:
    return see_other("/login/code?" + urlencode({"next": wanted}))
