"""What documents of requests need of the world; one contract suite holds fake and real store to it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from customer_link.domain.request_document import RequestDocument


class RequestDocuments(Protocol):
    """What stands about documents in the database; their content is in the file store, put there before."""

    async def add(self, documents: Sequence[RequestDocument]) -> None:
        """With a request that this transaction made."""
        ...

    async def of_request(self, request_id: UUID) -> list[RequestDocument]:
        """By name; for who has been shown the request."""
        ...

    async def mine(self, account_id: UUID, request_id: UUID, document_id: UUID) -> RequestDocument | None:
        """A document of a request of the account."""
        ...

    async def get(self, request_id: UUID, document_id: UUID) -> RequestDocument | None:
        """For staff."""
        ...

    async def forget(self, ended_before: datetime, limit: int) -> list[UUID]:
        """Forgets documents of requests that ended before; the keys of their files."""
        ...

    async def known(self, keys: Collection[UUID]) -> set[UUID]:
        """Those of the keys that belong to a document."""
        ...


class FileAnnouncements(Protocol):
    """Part of ports.Announcements."""

    async def files_unwanted(self, keys: Collection[UUID]) -> None:
        """A job: files whose rows are gone are deleted."""
        ...
