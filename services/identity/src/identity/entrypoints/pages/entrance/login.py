"""Login with password (A7, A8, M7) and logout."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone, safe_next
from chassis.errors import DomainError
from identity.domain.account import Account
from identity.domain.session import LONGEST_DEVICE_NAME
from identity.entrypoints.pages.entrance.due_password import DUE_PAGE, due_page, password_is_due
from identity.entrypoints.pages.site import Site, notice_of, see_other
from identity.usecases.end_sessions import end_sessions
from identity.usecases.log_in import LoginOutcome, LoginResult, Visitor, begin_login, finish_login
from identity.usecases.send_confirmation_again import send_confirmation_again
from identity.usecases.use_mailed_password import use_mailed_password
from ui.forms import read_form

_log = structlog.get_logger(__name__)
_AGAIN = "again"
_AGAIN_LIFETIME = timedelta(minutes=15)
_NOTICES = ("password_set", "signed_out", "disowned", "email_changed", "objected")
_NEXT_STEPS = {
    LoginOutcome.CODE_WANTED: "/login/code",
    LoginOutcome.ENROLMENT_WANTED: "/login/enrol",
    LoginOutcome.PASSWORD_DUE: DUE_PAGE,
}


class LoginPages:
    """`/login`, `/login/again` (the confirmation mail once more), `/logout`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/login", self.form, methods=["GET"])
        self.router.add_api_route("/login", self.log_in, methods=["POST"])
        self.router.add_api_route("/login/again", self.send_again, methods=["POST"])
        self.router.add_api_route("/logout", self.log_out, methods=["POST"])

    async def form(self, request: Request, caller: Anyone) -> Response:
        """The empty form; whoever is signed in goes on."""
        wanted = safe_next(request.query_params.get("next"))
        if caller:
            return see_other(wanted)
        if await password_is_due(self._site, request):
            return see_other(due_page(wanted))
        context = login_context(self._site, request, wanted) | {"notice": notice_of(request, *_NOTICES)}
        return self._site.render(request, "entrance/login.html", **context)

    async def log_in(self, request: Request, _caller: Anyone) -> Response:
        """Takes user name or address and password."""
        typed = await read_form(request)
        wanted = safe_next(typed.get("next"))
        problems = self._missing(typed)
        if problems:
            return self._site.bad_form(
                request, "entrance/login.html", typed, problems, **login_context(self._site, request, wanted)
            )
        visitor = self._staying(typed, self._site.cookies.visitor(request))
        try:
            result = await self._try(typed, visitor)
        except DomainError as error:
            if error.code == "too_many_everywhere":
                _log.warning("logins_paused")
            return self._site.refused_form(
                request, "entrance/login.html", typed, error, **login_context(self._site, request, wanted)
            )
        return self._answer(request, typed, wanted, visitor, result)

    async def send_again(self, request: Request, _caller: Anyone) -> Response:
        """Sends the confirmation mail once more to whoever gave the registration's password a moment ago."""
        typed = await read_form(request)
        account_id = self._site.signed.read(_AGAIN, typed.get("ticket"))
        if account_id is None:
            return see_other("/login")
        site = self._site
        async with site.database.transaction() as tx:
            await send_confirmation_again(
                UUID(account_id),
                records=site.records(tx),
                key_id=site.signer.current,
                clock=site.rules.clock,
                new_id=site.rules.new_id,
            )
        return see_other("/register/sent")

    async def log_out(self, caller: Anyone) -> Response:
        """Ends the session on the server, whatever the browser keeps (S04)."""
        site = self._site
        if caller:
            async with site.database.transaction() as tx:
                await end_sessions(caller.account_id, [caller.session_id], records=site.records(tx))
        response = see_other("/login?notice=signed_out")
        site.cookies.clear_session(response)
        return response

    def _staying(self, typed: Mapping[str, str], visitor: Visitor) -> Visitor:
        name = " ".join(typed.get("device_name", "").split())[:LONGEST_DEVICE_NAME]
        return replace(visitor, remember=bool(typed.get("remember")), device_name=name)

    def _missing(self, typed: Mapping[str, str]) -> dict[str, str]:
        problems = {}
        if not typed.get("login", "").strip():
            problems["login"] = f"login_missing_{self._site.brand.login}"
        if not typed.get("password"):
            problems["password"] = "password_empty"  # noqa: S105 - a code
        return problems

    async def _try(self, typed: Mapping[str, str], visitor: Visitor) -> LoginResult:
        site, password = self._site, typed["password"]
        if site.brand.password_is_mailed and (result := await self._try_mailed(typed, visitor)):
            return result
        async with site.database.transaction() as tx:
            account = await begin_login(
                typed["login"],
                visitor,
                records=site.records(tx),
                clock=site.rules.clock,
                failures_of_all=site.failures_of_all,
            )
        matches = await site.passwords.matches(account.password_hash if account else None, password)
        fresh_hash = await self._fresh_hash(account, password) if matches else None
        async with site.database.transaction() as tx:
            return await finish_login(
                account,
                matches=matches,
                fresh_hash=fresh_hash,
                visitor=visitor,
                records=site.records(tx),
                rules=site.rules,
            )

    async def _try_mailed(self, typed: Mapping[str, str], visitor: Visitor) -> LoginResult | None:
        site = self._site
        async with site.database.transaction() as tx:
            return await use_mailed_password(
                typed["login"],
                typed["password"],
                visitor,
                records=site.records(tx),
                rules=site.rules,
                signer=site.signer,
            )

    async def _fresh_hash(self, account: Account | None, password: str) -> str | None:
        stored = account.password_hash if account else None
        outdated = stored is not None and self._site.passwords.outdated(stored)
        return await self._site.passwords.hash(password) if outdated else None

    def _answer(
        self, request: Request, typed: Mapping[str, str], wanted: str, visitor: Visitor, result: LoginResult
    ) -> Response:
        site, account = self._site, result.account
        if account is None:
            problems = {"": f"login_wrong_{site.brand.login}"}
            return site.bad_form(
                request, "entrance/login.html", typed, problems, **login_context(self._site, request, wanted)
            )
        if result.token is None:
            ticket = site.signed.sign(_AGAIN, str(account.id), _AGAIN_LIFETIME)
            return site.render(request, "entrance/unconfirmed.html", status=403, ticket=ticket)
        step = _NEXT_STEPS.get(result.outcome)
        if step:
            response = see_other(step if wanted == "/" else f"{step}?{urlencode({'next': wanted})}")
        else:
            response = see_other(wanted)
            site.cookies.remember_device(response, account, visitor)
        site.cookies.set_session(response, result.token)
        return response


def login_context(site: Site, request: Request, wanted: str) -> dict[str, Any]:
    """Of the login page; a device is called after its browser until somebody names it."""
    days = site.rules.remembered.days
    browser = site.cookies.visitor(request).browser
    return {"wanted": wanted, "notice": None, "browser": browser, "remembered_days": days}
