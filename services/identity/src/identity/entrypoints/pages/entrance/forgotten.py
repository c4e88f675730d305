"""Forgotten password (A18, M3, M4)."""

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone
from chassis.errors import DomainError
from identity.domain.throttle import SOURCE
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.count_attempt import attempt_key, count_attempt
from identity.usecases.request_reset import request_reset
from ui.forms import read_form


class ForgottenPages:
    """`/password/forgot`, `/password/sent`, `/password/mailed`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/password/forgot", self.form, methods=["GET"])
        self.router.add_api_route("/password/forgot", self.ask, methods=["POST"])
        self.router.add_api_route("/password/sent", self.sent, methods=["GET"])
        self.router.add_api_route("/password/mailed", self.mailed, methods=["GET"])

    async def form(self, request: Request, _caller: Anyone) -> Response:
        """Asks whose password was forgotten."""
        return self._site.render(request, "entrance/forgot.html")

    async def ask(self, request: Request, _caller: Anyone) -> Response:
        """The same answer and the same work, known or not."""
        typed = await read_form(request)
        login = typed.get("login", "").strip()
        if not login:
            asked = "email" if self._site.brand.login == "email" else "either"
            return self._site.bad_form(request, "entrance/forgot.html", typed, {"login": f"login_missing_{asked}"})
        try:
            await self._ask(request, login)
        except DomainError as error:
            return self._site.refused_form(request, "entrance/forgot.html", typed, error)
        return see_other("/password/sent")

    async def sent(self, request: Request, _caller: Anyone) -> Response:
        """If the address is known, a mail is on its way."""
        return self._site.render(request, "entrance/reset_sent.html")

    async def mailed(self, request: Request, _caller: Anyone) -> Response:
        """A generated password is on its way (M5 `mailed`)."""
        return self._site.render(request, "entrance/password_mailed.html")

    async def _ask(self, request: Request, login: str) -> None:
        site, clock = self._site, self._site.rules.clock
        source = attempt_key("forgot", site.cookies.visitor(request).source)
        async with site.database.transaction() as tx:
            records = site.records(tx)
            await count_attempt(source, SOURCE, throttles=records.throttles, now=clock())
            await request_reset(
                login, records=records, key_id=site.signer.current, clock=clock, new_id=site.rules.new_id
            )
