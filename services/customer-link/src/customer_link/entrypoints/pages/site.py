"""What the pages of customer numbers share."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from customer_link.domain.customer import LinkedCustomer
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.member_ports import Directory
from ui.pages import Pages


@dataclass(frozen=True, slots=True)
class Site:
    """Pages and what they are made from."""

    workplace: Workplace
    pages: Pages
    directory: Directory

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page or fragment with the labels of types and the time that `late` is asked with."""
        own = {"types": self.workplace.types, "now": self.workplace.rules.clock()}
        return self.pages.render(request, template, status=status, **own, **context)

    async def names(self, account_ids: Collection[UUID]) -> Mapping[UUID, str] | None:
        """Names to show; None while identity does not answer, and the page says so in their place (DESIGN 14)."""
        try:
            return await self.directory.names(account_ids)
        except DomainError:
            return None

    async def held(self, caller: Caller, customer_id: str) -> LinkedCustomer:
        """One of the caller's numbers.

        Raises:
            DomainError: NOT_FOUND.
        """
        async with self.workplace.open() as records:
            linked = await records.links.linked_one(caller.account_id, read_customer_id(customer_id))
        if linked is None:
            raise customer_unknown()
        return linked


def see_other(path: str) -> Response:
    """Post, redirect, get."""
    return Response(status_code=303, headers={"Location": path})


def read_customer_id(text: str) -> UUID:
    """The id in an address; what is no id is no customer either."""
    try:
        return UUID(text)
    except ValueError:
        raise customer_unknown() from None


def customer_unknown() -> DomainError:
    """The one answer for others' numbers, unknown ones, and what is no id (Z02)."""
    return DomainError(ErrorKind.NOT_FOUND, "customer_unknown", "There is no such customer number.")
