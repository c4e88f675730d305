"""What is told of many things at once; see ports.Announcements."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from customer_link.domain.contact import Contact


class ImportAnnouncements(Protocol):
    """What others are told of many at once."""

    async def contacts_named(self, contacts: Sequence[Contact]) -> None:
        """And jobs: identity is asked for their accounts."""
        ...

    async def contacts_removed(self, contacts: Sequence[Contact]) -> None:
        """First, and before anything else, that the memberships have changed."""
        ...

    async def import_wanted(self, import_id: UUID) -> None:
        """A job: the phase that is due. Files are worked on one after another."""
        ...
