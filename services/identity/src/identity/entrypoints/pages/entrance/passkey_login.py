"""Logging in with a passkey alone: no name, no password."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, safe_next
from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.passkey import CeremonyPurpose
from identity.entrypoints.pages.entrance.login import login_context
from identity.entrypoints.pages.factors.factor_form import ceremony_answer
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.log_in import Visitor
from identity.usecases.log_in_with_passkey import begin_passkey_login, log_in_with_passkey
from identity.usecases.passkey_ceremony import take_challenge
from ui.forms import read_form

_PLACE = "/login/passkey"


class PasskeyLoginPages:
    """`/login/passkey`; its button stands on the login page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PLACE, self.log_in, methods=["POST"])
        self.router.add_api_route(f"{_PLACE}/options", self.options, methods=["POST"])

    async def options(self, request: Request, _caller: Anyone) -> Response:
        """What the browser is to ask whatever passkey its owner picks."""
        site = self._site
        async with site.database.transaction() as tx:
            ceremony = await begin_passkey_login(
                site.cookies.visitor(request), records=site.records(tx), rules=site.rules
            )
        return ceremony_answer(ceremony, site.passkeys.request_options(ceremony.challenge, []))

    async def log_in(self, request: Request, _caller: Anyone) -> Response:
        """Takes the passkey's answer."""
        typed = await read_form(request)
        wanted, visitor = safe_next(typed.get("next")), self._site.cookies.visitor(request)
        try:
            account, token = await self._try(typed, visitor)
        except DomainError as error:
            return self._site.refused_form(
                request, "entrance/login.html", {}, error, **login_context(self._site, request, wanted)
            )
        response = see_other(wanted)
        self._site.cookies.set_session(response, token)
        self._site.cookies.remember_device(response, account, visitor)
        return response

    async def _try(self, typed: Mapping[str, str], visitor: Visitor) -> tuple[Account, str]:
        site, credential = self._site, typed.get("credential", "")
        if not credential:
            raise DomainError(ErrorKind.INVALID, "passkey_needs_script", fields={"": "passkey_needs_script"})
        async with site.database.transaction() as tx:
            challenge = await take_challenge(
                typed.get("ceremony", ""), CeremonyPurpose.LOG_IN, None, records=site.records(tx), rules=site.rules
            )
        async with site.database.transaction() as tx:
            return await log_in_with_passkey(
                credential, challenge, visitor, records=site.records(tx), rules=site.rules, protocol=site.passkeys
            )
