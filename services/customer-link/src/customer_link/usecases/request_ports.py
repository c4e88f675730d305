"""What requests need of the world; one contract suite holds fake and real store to it."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from customer_link.domain.link_request import LinkRequest, Step
from customer_link.domain.request_listing import HistoryStep, RequestEntry, RequestPage, RequestQuery


class LinkRequests(Protocol):
    """Requests for numbers that limits keep from people."""

    async def add(self, request: LinkRequest) -> bool:
        """False when the account has a waiting one for the number."""
        ...

    async def waiting_of(self, account_id: UUID, customer_id: UUID) -> LinkRequest | None:
        """The account's waiting request for a number."""
        ...

    async def waiting_for(self, account_id: UUID) -> list[UUID]:
        """All requests of the account that wait."""
        ...

    async def of_account(self, account_id: UUID, limit: int) -> list[RequestEntry]:
        """The newest first."""
        ...

    async def of_customer(self, customer_id: UUID, limit: int) -> list[RequestEntry]:
        """The newest first; for staff."""
        ...

    async def mine(self, account_id: UUID, request_id: UUID) -> RequestEntry | None:
        """A request of the account."""
        ...

    async def page(self, query: RequestQuery) -> RequestPage:
        """For staff."""
        ...

    async def get(self, request_id: UUID) -> RequestEntry | None:
        """For staff and for messages."""
        ...

    async def claim(self, request_id: UUID) -> RequestEntry | None:
        """The same; others who link, issue or decide about its number wait until this transaction has ended."""
        ...

    async def history(self, request_id: UUID) -> list[HistoryStep]:
        """The oldest first."""
        ...

    async def move(self, step: Step) -> LinkRequest | None:
        """Does a step; None when link_request.allowed says no by now."""
        ...

    async def overdue(self, opened_before: datetime, limit: int) -> list[UUID]:
        """Waiting ones that were opened before."""
        ...


class RequestAnnouncements(Protocol):
    """Part of ports.Announcements."""

    async def request_opened(self, request: LinkRequest) -> None: ...

    async def request_decided(self, request: LinkRequest) -> None:
        """However it ended: withdrawn and expired too."""
        ...
