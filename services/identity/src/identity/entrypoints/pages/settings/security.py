"""Settings: the second factor and its recovery codes."""

from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.callers import safe_next
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.entrypoints.pages.factors.app_enrolment import AppEnrolment, codes_page
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, notice_of, see_other
from identity.usecases.log_in import renew_session
from identity.usecases.remove_app import remove_app
from identity.usecases.renew_recovery_codes import renew_recovery_codes
from ui.forms import read_form

PLACE = "/settings/security"
_NOTICES = (
    "factor_added",
    "factor_removed",
    "recovery_code_used",
    "passkey_added",
    "passkey_renamed",
    "passkey_removed",
)


class SecurityPages:
    """`/settings/security`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._app = AppEnrolment(site, f"{PLACE}/app", at_login=False)
        self.router = APIRouter()
        self.router.add_api_route(PLACE, self.show, methods=["GET"])
        self.router.add_api_route(f"{PLACE}/app/start", self.begin_app, methods=["POST"])
        self.router.add_api_route(f"{PLACE}/app", self.show_app, methods=["GET"])
        self.router.add_api_route(f"{PLACE}/app", self.confirm_app, methods=["POST"])
        self.router.add_api_route(f"{PLACE}/app/qr.svg", self.draw_app, methods=["GET"])
        self.router.add_api_route(f"{PLACE}/app/remove", self.ask_to_remove, methods=["GET"])
        self.router.add_api_route(f"{PLACE}/app/remove", self.remove_app, methods=["POST"])
        self.router.add_api_route(f"{PLACE}/recovery-codes", self.renew_codes, methods=["POST"])

    async def show(self, request: Request, caller: RecentlySignedIn) -> Response:
        """What protects the account, and what can be added."""
        wanted = request.query_params.get("next")
        return self._site.render(
            request,
            "settings/security.html",
            notice=notice_of(request, *_NOTICES),
            wanted=safe_next(wanted) if wanted else None,
            **await self._context(caller),
        )

    async def begin_app(self, caller: RecentlySignedIn) -> Response:
        """Makes the secret of a new app; the app linked before works until the new one is confirmed."""
        return await self._app.begin(await self._site.account_of(caller), PLACE)

    async def show_app(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Shows the secret."""
        return await self._app.show(request, await self._site.account_of(caller), PLACE)

    async def draw_app(self, caller: RecentlySignedIn) -> Response:
        """Draws the secret."""
        return await self._app.drawing(await self._site.account_of(caller))

    async def confirm_app(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Takes the first code."""
        typed = await read_form(request)
        return await self._app.confirm(request, await self._site.account_of(caller), typed, PLACE)

    async def ask_to_remove(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Says what follows before it is done."""
        context = await self._context(caller)
        if not context["factors"].app:
            return see_other(PLACE)
        return self._site.render(request, "settings/remove_app.html", **context)

    async def remove_app(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Unlinks the app, unless it is the last factor of staff."""
        site, account = self._site, await self._site.account_of(caller)
        try:
            async with site.database.transaction() as tx:
                token = await remove_app(
                    account,
                    site.cookies.visitor(request),
                    second_factor=caller.second_factor,
                    records=site.records(tx),
                    rules=site.rules,
                )
        except DomainError as error:
            if error.kind is ErrorKind.NOT_FOUND:
                return see_other(PLACE)
            return site.render(request, "settings/remove_app.html", status=409, **await self._context(caller))
        response = see_other(f"{PLACE}?notice=factor_removed")
        site.cookies.set_session(response, token)
        return response

    async def renew_codes(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Makes ten new codes and shows them, this once."""
        site, account = self._site, await self._site.account_of(caller)
        async with site.database.transaction() as tx:
            records = site.records(tx)
            if not (await records.second_factors.factors(account.id, lock=True)).any:
                return see_other(PLACE)
            codes = await renew_recovery_codes(account, records=records, rules=site.rules, keys=site.factor_keys)
            visitor = site.cookies.visitor(request)
            token = await renew_session(
                account, visitor, records=records, rules=site.rules, second_factor=caller.second_factor
            )
        response = codes_page(site, request, codes, PLACE)
        site.cookies.set_session(response, token)
        return response

    async def _context(self, caller: Caller) -> dict[str, Any]:
        async with self._site.database.transaction() as tx:
            records = self._site.records(tx)
            factors = await records.second_factors.factors(caller.account_id)
            passkeys = await records.passkeys.of_account(caller.account_id)
            sessions = await records.sessions.of_account(caller.account_id)
        now = self._site.rules.clock()
        others = [each for each in sessions if each.id != caller.session_id and each.live(now)]
        return {
            "factors": factors,
            "passkeys": passkeys,
            "others": len(others),
            "removable": factors.without_app.any or not caller.staff,
        }
