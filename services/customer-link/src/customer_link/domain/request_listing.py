"""What people see of requests: the queue of staff, one request with its life."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from customer_link.domain.customer import Customer
from customer_link.domain.link_request import Act, LinkRequest, RequestKind

PAGE_SIZE = 50


class Shown(StrEnum):
    """Which part of the requests: those that wait (the oldest first), those that ended (the newest first)."""

    WAITING = "waiting"
    MINE = "mine"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class RequestCursor:
    """The last row of a page; the next page begins after it. `at` is when it was opened, or ended."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """Which requests; `by` is the member of staff for MINE."""

    shown: Shown
    by: UUID
    kind: RequestKind | None = None
    after: RequestCursor | None = None
    size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """One request as a row or a page shows it."""

    request: LinkRequest
    customer: Customer
    organisation: str

    @property
    def cursor(self) -> RequestCursor:
        """Where it stands in its list."""
        return RequestCursor(self.request.decided_at or self.request.opened_at, self.request.id)


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Rows, and where the next page begins, if there is one."""

    rows: tuple[RequestEntry, ...]
    next: RequestCursor | None = None


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """What was done with a request, when, and by which member of staff, if it was one."""

    act: Act
    at: datetime
    by: UUID | None
