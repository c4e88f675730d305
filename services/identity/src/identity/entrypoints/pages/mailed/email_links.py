"""What the buttons behind links about a change of the address do: confirm the new one, or object."""

from typing import TypeGuard

from fastapi import Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from identity.entrypoints.pages.site import Site, see_other
from identity.usecases.change_email import confirm_email
from identity.usecases.confirm_account import count_confirmation
from identity.usecases.object_to_email_change import object_to_email_change
from identity.usecases.open_link import OpenedLink


class EmailLinks:
    """Answers of `/c/{token}` for these links."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def confirm(self, _request: Request, caller: Caller | None, link: OpenedLink, password: str) -> Response:
        """The new address becomes the account's, for whoever is signed in to it or knows its password."""
        if not is_own(caller, link):
            await self._check(link, password)
        site = self._site
        async with site.database.transaction() as tx:
            await confirm_email(link, records=site.records(tx), rules=site.rules, key_id=site.signer.current)
        return see_other("/?notice=email_changed" if is_own(caller, link) else "/login?notice=email_changed")

    async def object(self, _request: Request, _caller: Caller | None, link: OpenedLink, _password: str) -> Response:
        """The change is undone, and everybody is out until a new password is chosen."""
        site = self._site
        async with site.database.transaction() as tx:
            await object_to_email_change(link, records=site.records(tx), rules=site.rules, key_id=site.signer.current)
        response = see_other("/login?notice=objected")
        site.cookies.clear_session(response)
        return response

    async def _check(self, link: OpenedLink, password: str) -> None:
        site = self._site
        if not password:
            raise DomainError(ErrorKind.INVALID, "password_empty", fields={"password": "password_empty"})
        async with site.database.transaction() as tx:
            await count_confirmation(link, records=site.records(tx), clock=site.rules.clock)
        if not await site.passwords.matches(link.account.password_hash, password):
            raise DomainError(ErrorKind.INVALID, "confirm_wrong", fields={"password": "confirm_wrong"})


def is_own(caller: Caller | None, link: OpenedLink) -> TypeGuard[Caller]:
    """Whether the visitor is signed in to the account that the link is about."""
    return caller is not None and caller.account_id == link.account.id
