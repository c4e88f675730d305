"""Settings: another mail address."""

from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.entrypoints.pages.reauthentication import RecentlySignedIn
from identity.entrypoints.pages.site import Site, notice_of, see_other
from identity.usecases.change_email import cancel_email_change, pending_email, start_email_change
from ui.forms import read_form

_PATH = "/settings/email"
_TEMPLATE = "settings/email.html"


class EmailPages:
    """`/settings/email`, and the way back from a change that is not confirmed yet."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.form, methods=["GET"])
        self.router.add_api_route(_PATH, self.start, methods=["POST"])
        self.router.add_api_route(f"{_PATH}/cancel", self.cancel, methods=["POST"])

    async def form(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Shows the address and one that waits for its confirmation."""
        notice = notice_of(request, "email_asked", "email_cancelled")
        return self._site.render(request, _TEMPLATE, notice=notice, **await self._context(caller))

    async def start(self, request: Request, caller: RecentlySignedIn) -> Response:
        """Takes the new address; the answer is the same whoever else may have it."""
        typed, site = await read_form(request), self._site
        try:
            email = self._read(typed.get("email", ""))
            async with site.database.transaction() as tx:
                await start_email_change(
                    caller.account_id, email, records=site.records(tx), rules=site.rules, key_id=site.signer.current
                )
        except DomainError as error:
            return site.refused_form(request, _TEMPLATE, typed, error, notice=None, **await self._context(caller))
        return see_other(f"{_PATH}?notice=email_asked")

    async def cancel(self, caller: RecentlySignedIn) -> Response:
        """Keeps the old address."""
        site = self._site
        async with site.database.transaction() as tx:
            await cancel_email_change(caller.account_id, records=site.records(tx), rules=site.rules)
        return see_other(f"{_PATH}?notice=email_cancelled")

    def _read(self, typed: str) -> str:
        email = self._site.read_mail(typed)
        if email is None:
            code = "email_invalid" if typed.strip() else "email_missing"
            raise DomainError(ErrorKind.INVALID, code, fields={"email": code})
        return email

    async def _context(self, caller: Caller) -> dict[str, Any]:
        site = self._site
        async with site.database.transaction() as tx:
            records = site.records(tx)
            account = await records.accounts.get(caller.account_id)
            pending = await pending_email(caller.account_id, records=records, rules=site.rules)
        return {"account": account, "pending": pending}
