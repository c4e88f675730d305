"""Registration (A3 to A6)."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone
from chassis.errors import DomainError
from chassis.idempotency import StoredAnswer, form_hash, keep, replay
from identity.domain.profile import Profile
from identity.domain.registration import Registration
from identity.entrypoints.pages.country_names import country_names
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.count_attempt import attempt_key, count_attempt
from identity.usecases.register_account import register_account
from ui.forms import read_form

_ROUTE = "/register"
_PAGE = "registration/register.html"
_NOBODY = "anonymous"


class RegistrationPages:
    """`/register` and `/register/sent`; a brand without self-registration has no such pages (M1)."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/register/sent", self.sent, methods=["GET"])
        if site.brand.open:
            self.router.add_api_route(_ROUTE, self.form, methods=["GET"])
            self.router.add_api_route(_ROUTE, self.register, methods=["POST"])

    async def form(self, request: Request, caller: Anyone) -> Response:
        """The empty form; whoever is signed in has no need of it."""
        return see_other("/") if caller else self._site.render(request, _PAGE, **self._context(request))

    async def register(self, request: Request, _caller: Anyone) -> Response:
        """Takes a registration; the answer is the same for known and unknown addresses."""
        typed = await read_form(request)
        registration = self._read(typed, self._site.pages.language(request))
        problems = registration.problems(self._site.password_rules, self._site.brand.required_fields)
        if problems:
            return self._site.bad_form(request, _PAGE, typed, problems, **self._context(request))
        try:
            return await self._register(request, typed, registration)
        except DomainError as error:
            return self._site.refused_form(request, _PAGE, typed, error, **self._context(request))

    async def sent(self, request: Request, _caller: Anyone) -> Response:
        """Says that a mail is on its way, to whoever reads the address."""
        return self._site.render(request, "registration/mail_sent.html")

    async def _register(self, request: Request, typed: Mapping[str, str], registration: Registration) -> Response:
        site, clock = self._site, self._site.rules.clock
        source = attempt_key("register", site.cookies.visitor(request).source)
        async with site.database.transaction() as tx:
            throttles = site.records(tx).throttles
            await count_attempt(source, site.registration_pace, throttles=throttles, now=clock())
        password_hash = await site.passwords.hash(registration.password)
        key, body = typed.get("idempotency_key") or str(uuid4()), self._body_hash(typed)
        async with site.database.transaction() as tx:
            stored = await replay(tx, _NOBODY, _ROUTE, key, body)
            if stored:
                return stored.response()
            await register_account(
                registration,
                password_hash,
                terms_version=site.brand.terms_version,
                records=site.records(tx),
                key_id=site.signer.current,
                clock=clock,
                new_id=site.rules.new_id,
            )
            await keep(tx, _NOBODY, _ROUTE, key, body, StoredAnswer(303, "/register/sent"))
        return see_other("/register/sent")

    def _context(self, request: Request) -> dict[str, Any]:
        return {"countries": country_names(self._site.pages.language(request))}

    def _body_hash(self, typed: Mapping[str, str]) -> bytes:
        # A plain hash over the password would be a fast way to guess it from a copy of the database.
        mac = self._site.signer.mac("form", typed.get("password", "").encode()) or b""
        return form_hash({**typed, "password": mac.hex()})

    def _read(self, typed: Mapping[str, str], language: str) -> Registration:
        return Registration(
            username=typed.get("username", ""),
            profile=Profile.read(typed),
            email=self._site.read_mail(typed.get("email", "")),
            typed_email=typed.get("email", ""),
            password=typed.get("password", ""),
            consent=bool(typed.get("consent")),
            language=language,
        )
