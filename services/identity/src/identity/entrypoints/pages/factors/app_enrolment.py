"""Linking an authenticator app: the same three pages in the settings and at the first login of staff."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request, Response

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.one_time_code import otpauth_uri, secret_text
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.enrol_app import Enrolled, begin_enrolment, confirm_enrolment, waiting_secret
from identity.usecases.give_second_factor import count_code

_GROUP = 4


class AppEnrolment:
    """The pages below one address, for an account that the caller has found."""

    def __init__(self, site: Site, place: str, *, at_login: bool) -> None:
        self._site = site
        self._place = place
        self._at_login = at_login

    async def begin(self, account: Account, wanted: str) -> Response:
        """Makes the secret, and goes on to the page that shows it."""
        site = self._site
        async with site.database.transaction() as tx:
            await begin_enrolment(account, records=site.records(tx), keys=site.factor_keys, clock=site.rules.clock)
        return see_other(self._path(wanted))

    async def show(self, request: Request, account: Account, wanted: str) -> Response:
        """The secret as QR code and in groups for typing; without one, back to where it begins."""
        secret = await self._secret(account)
        if secret is None:
            return see_other(self._start(wanted))
        return self._site.render(request, "factors/app_enrolment.html", **self._context(account, secret, wanted))

    async def drawing(self, account: Account) -> Response:
        """The QR code; kept by nobody on the way (no-store is every answer's default)."""
        secret = await self._secret(account)
        if secret is None:
            raise DomainError(ErrorKind.NOT_FOUND, "enrolment_over")
        drawing = self._site.qr_code(otpauth_uri(secret, account.username, self._issuer))
        return Response(drawing, media_type="image/svg+xml")

    async def confirm(self, request: Request, account: Account, typed: Mapping[str, str], wanted: str) -> Response:
        """Takes the first code; the recovery codes stand in the answer itself, for they are shown only once."""
        secret = await self._secret(account)
        if secret is None:
            return see_other(self._start(wanted))
        try:
            enrolled = await self._confirm(request, account, typed)
        except DomainError as error:
            context = self._context(account, secret, wanted)
            return self._site.refused_form(request, "factors/app_enrolment.html", typed, error, **context)
        done = wanted if self._at_login else "/settings/security?notice=factor_added"
        response = codes_page(self._site, request, enrolled.codes, done) if enrolled.codes else see_other(done)
        self._site.cookies.set_session(response, enrolled.token)
        return response

    async def _confirm(self, request: Request, account: Account, typed: Mapping[str, str]) -> Enrolled:
        site, code, visitor = self._site, typed.get("code", "").strip(), self._site.cookies.visitor(request)
        if not code:
            raise DomainError(ErrorKind.INVALID, "code_missing", fields={"code": "code_missing"})
        async with site.database.transaction() as tx:
            await count_code(account, visitor, records=site.records(tx), rules=site.rules)
        async with site.database.transaction() as tx:
            return await confirm_enrolment(
                account,
                code,
                visitor,
                at_login=self._at_login,
                records=site.records(tx),
                rules=site.rules,
                keys=site.factor_keys,
            )

    async def _secret(self, account: Account) -> bytes | None:
        site = self._site
        async with site.database.transaction() as tx:
            return await waiting_secret(
                account, records=site.records(tx), keys=site.factor_keys, clock=site.rules.clock
            )

    def _context(self, account: Account, secret: bytes, wanted: str) -> dict[str, Any]:
        typed_by_hand = secret_text(secret)
        return {
            "place": self._place,
            "back": self._start(wanted),
            "wanted": wanted,
            "uri": otpauth_uri(secret, account.username, self._issuer),
            "groups": [typed_by_hand[at : at + _GROUP] for at in range(0, len(typed_by_hand), _GROUP)],
        }

    @property
    def _issuer(self) -> str:
        return self._site.pages.brand.name

    def _start(self, wanted: str) -> str:
        return self._place.rpartition("/")[0] + self._query(wanted)

    def _path(self, wanted: str) -> str:
        return self._place + self._query(wanted)

    def _query(self, wanted: str) -> str:
        return "?" + urlencode({"next": wanted}) if self._at_login else ""


def codes_page(site: Site, request: Request, codes: Any, done: str) -> Response:
    """The only page that ever shows these recovery codes."""
    title = f"{site.pages.brand.name} {site.pages.brand.product}"
    text = "\r\n".join([title, "", *codes, ""])
    return site.render(request, "factors/recovery_codes.html", codes=codes, done=done, text_file=quote(text))
