"""Pages of mailed links. Opening one changes nothing; a person presses a button (DESIGN 4.20)."""

from typing import Any, TypeGuard

from fastapi import APIRouter, Request, Response

from chassis.callers import Anyone
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.domain.account import AccountState
from identity.domain.challenge import ChallengeState, Purpose
from identity.entrypoints.pages.mailed.email_links import EmailLinks, is_own
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.confirm_account import confirm_account, count_confirmation
from identity.usecases.disown_registration import disown_registration
from identity.usecases.mail_password import mail_password
from identity.usecases.open_link import OpenedLink, open_link
from identity.usecases.send_confirmation_again import send_confirmation_again
from identity.usecases.set_new_password import set_new_password
from ui.forms import read_form

_TEMPLATES = {
    Purpose.CONFIRM_REGISTRATION: "mailed/confirm.html",
    Purpose.RESET_PASSWORD: "mailed/choose_password.html",
    Purpose.CONFIRM_EMAIL: "mailed/confirm_email.html",
    Purpose.EMAIL_CHANGE_STARTED: "mailed/object_email.html",
    Purpose.EMAIL_CHANGE_DONE: "mailed/object_email.html",
}


class MailedLinkPages:
    """`/c/{token}` and what its buttons do."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._email = EmailLinks(site)
        self.router = APIRouter()
        self.router.add_api_route("/c/{token}", self.show, methods=["GET"])
        self.router.add_api_route("/c/{token}", self.answer, methods=["POST"])
        self.router.add_api_route("/c/{token}/disown", self.ask_disown, methods=["GET"])
        self.router.add_api_route("/c/{token}/disown", self.disown, methods=["POST"])
        self.router.add_api_route("/c/{token}/again", self.send_again, methods=["POST"])

    async def show(self, token: str, request: Request, caller: Anyone) -> Response:
        """What the link is for, as long as it is good for it."""
        link = await self._open(token)
        if not _usable(link):
            return self._over(request, token, link)
        return self._page(request, token, link, own=is_own(caller, link))

    async def answer(self, token: str, request: Request, caller: Anyone) -> Response:
        """The button of the page: confirms an address, sets the password, objects to a change."""
        typed = await read_form(request)
        link = await self._open(token)
        if not _usable(link):
            return self._over(request, token, link)
        reset = self._mail_password if self._site.brand.password_is_mailed else self._set_password
        act = {
            Purpose.CONFIRM_REGISTRATION: self._confirm,
            Purpose.RESET_PASSWORD: reset,
            Purpose.CONFIRM_EMAIL: self._email.confirm,
            Purpose.EMAIL_CHANGE_STARTED: self._email.object,
            Purpose.EMAIL_CHANGE_DONE: self._email.object,
        }
        purpose = link.challenge.purpose
        template = self._template(purpose)
        context = {"link": link, "token": token, "own": is_own(caller, link)}
        try:
            return await act[purpose](request, caller, link, typed.get("password", ""))
        except DomainError as error:
            if error.kind is ErrorKind.NOT_FOUND:
                return self._over(request, token, link)
            return self._site.refused_form(request, template, typed, error, **context)

    async def ask_disown(self, token: str, request: Request, _caller: Anyone) -> Response:
        """Asks once more before the registration is deleted."""
        link = await self._open(token)
        if not _is_registration(link):
            return self._over(request, token, link)
        return self._page(request, token, link, template="mailed/disown.html")

    async def disown(self, token: str, request: Request, _caller: Anyone) -> Response:
        """Deletes the registration."""
        link = await self._open(token)
        if not _is_registration(link):
            return self._over(request, token, link)
        site = self._site
        try:
            async with site.database.transaction() as tx:
                await disown_registration(link, records=site.records(tx), clock=site.rules.clock)
        except DomainError:
            return self._over(request, token, link)
        return see_other("/login?notice=disowned")

    async def send_again(self, token: str, request: Request, _caller: Anyone) -> Response:
        """A new link for a registration whose old one is over."""
        link = await self._open(token)
        if not _may_ask_again(link):
            return self._over(request, token, link)
        site = self._site
        async with site.database.transaction() as tx:
            await send_confirmation_again(
                link.account.id,
                records=site.records(tx),
                key_id=site.signer.current,
                clock=site.rules.clock,
                new_id=site.rules.new_id,
            )
        return see_other("/register/sent")

    async def _open(self, token: str) -> OpenedLink | None:
        site = self._site
        async with site.database.transaction() as tx:
            return await open_link(token, records=site.records(tx), signer=site.signer, clock=site.rules.clock)

    async def _confirm(self, request: Request, _caller: Caller | None, link: OpenedLink, password: str) -> Response:
        site, visitor = self._site, self._site.cookies.visitor(request)
        if not password:
            raise DomainError(ErrorKind.INVALID, "password_empty", fields={"password": "password_empty"})
        async with site.database.transaction() as tx:
            await count_confirmation(link, records=site.records(tx), clock=site.rules.clock)
        if not await site.passwords.matches(link.account.password_hash, password):
            raise DomainError(ErrorKind.INVALID, "confirm_wrong", fields={"password": "confirm_wrong"})
        async with site.database.transaction() as tx:
            session = await confirm_account(link, visitor, records=site.records(tx), rules=site.rules)
        response = see_other("/?notice=confirmed")
        site.cookies.set_session(response, session)
        site.cookies.remember_device(response, link.account, visitor)
        return response

    async def _set_password(
        self, request: Request, _caller: Caller | None, link: OpenedLink, password: str
    ) -> Response:
        site, account = self._site, link.account
        problem = site.password_rules.problem(password, account.personal)
        if problem:
            raise DomainError(ErrorKind.INVALID, problem, fields={"password": problem})
        password_hash = await site.passwords.hash(password)
        async with site.database.transaction() as tx:
            await set_new_password(link, password_hash, records=site.records(tx), rules=site.rules)
        response = see_other("/login?notice=password_set")
        site.cookies.clear_session(response)
        # Whoever reads the owner's mail is no stranger: no failures of others keep them out of their next login.
        site.cookies.remember_device(response, account, site.cookies.visitor(request))
        return response

    async def _mail_password(
        self, request: Request, _caller: Caller | None, link: OpenedLink, _password: str
    ) -> Response:
        del request
        site = self._site
        async with site.database.transaction() as tx:
            await mail_password(
                link,
                records=site.records(tx),
                key_id=site.signer.current,
                clock=site.rules.clock,
                new_id=site.rules.new_id,
            )
        return see_other("/password/mailed")

    def _template(self, purpose: Purpose) -> str:
        if purpose is Purpose.RESET_PASSWORD and self._site.brand.password_is_mailed:
            return "mailed/ask_mailed_password.html"
        return _TEMPLATES[purpose]

    def _page(
        self, request: Request, token: str, link: OpenedLink, template: str | None = None, *, own: bool = False
    ) -> Response:
        name = template or self._template(link.challenge.purpose)
        return self._site.render(request, name, link=link, token=token, own=own)

    def _over(self, request: Request, token: str, link: OpenedLink | None) -> Response:
        """One page for wrong, used, replaced and expired links; whoever holds a real one may ask for another."""
        context: dict[str, Any] = {"again": token if _may_ask_again(link) else None}
        return self._site.render(request, "mailed/link_over.html", status=410, **context)


def _usable(link: OpenedLink | None) -> TypeGuard[OpenedLink]:
    return link is not None and link.state is ChallengeState.OPEN and link.account.can_choose_password


def _is_registration(link: OpenedLink | None) -> TypeGuard[OpenedLink]:
    return _usable(link) and link.challenge.purpose is Purpose.CONFIRM_REGISTRATION


def _may_ask_again(link: OpenedLink | None) -> TypeGuard[OpenedLink]:
    return (
        link is not None
        and link.challenge.purpose is Purpose.CONFIRM_REGISTRATION
        and link.account.state is AccountState.UNCONFIRMED
    )
