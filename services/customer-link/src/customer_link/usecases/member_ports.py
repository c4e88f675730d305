"""What the use cases around members need of the world."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from customer_link.domain.member import Member


class Members(Protocol):
    """Who belongs to an organisation, and why."""

    async def of(self, organisation_id: UUID) -> list[Member]:
        """Everybody, those who hold a number first, then by account."""
        ...


class Directory(Protocol):
    """Names of accounts, as a page shows them; they belong to identity."""

    async def names(self, account_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """Lacks accounts that do not exist.

        Raises:
            DomainError: identity does not answer within 300 ms.
        """
        ...
