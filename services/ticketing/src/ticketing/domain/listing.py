"""What a list of tickets is asked for, and what it gives."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility

COUNT_LIMIT = 100
"""Nobody reads more than '100+'; counting further would make the page as slow as the portal is old."""


class Sort(StrEnum):
    """By what a list is ordered: last change (newest or oldest first) or number (highest first)."""

    CHANGED = "changed"
    OLDEST = "oldest"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of the page before; the id decides between equal times."""

    changed_at: datetime
    number: TicketNumber
    id: UUID


@dataclass(frozen=True, slots=True)
class Mine:
    """The tickets that an account reported."""

    account_id: UUID


@dataclass(frozen=True, slots=True)
class Shared:
    """The tickets that organisations share with all their members."""

    organisations: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class OfOrganisation:
    """The tickets of one organisation as other systems see them: all but the confidential ones."""

    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Desk:
    """All tickets; `assignee_id` and `unassigned` narrow them to somebody's or nobody's."""

    assignee_id: UUID | None = None
    unassigned: bool = False


Scope = Mine | Shared | OfOrganisation | Desk


@dataclass(frozen=True, slots=True)
class TicketQuery:
    """One page of a list."""

    scope: Scope
    size: int
    search: str = ""
    kind: str | None = None
    states: tuple[TicketState, ...] = ()
    sort: Sort = Sort.CHANGED
    after: Cursor | None = None
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TicketRow:
    """What a list shows of a ticket."""

    id: UUID
    number: TicketNumber
    kind: str
    subject: str
    state: TicketState
    visibility: Visibility
    reporter_id: UUID
    organisation_id: UUID | None
    customer_id: UUID | None
    assignee_id: UUID | None
    answer_due: date | None
    opened_at: datetime
    updated_at: datetime

    @property
    def cursor(self) -> Cursor:
        """Where the page after this row begins."""
        return Cursor(self.updated_at, self.number, self.id)


@dataclass(frozen=True, slots=True)
class TicketPage:
    """Rows, and where the next page begins (None on the last one)."""

    rows: tuple[TicketRow, ...]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets there are, each counted up to COUNT_LIMIT + 1."""

    mine: int
    shared: int
    open: int
    waiting: int


def one_more(query: TicketQuery) -> TicketQuery:
    """Ask for one row more than the page has, which tells whether there is a next page."""
    return replace(query, size=query.size + 1)


def cut(rows: list[TicketRow], size: int) -> TicketPage:
    """Make a page of the rows that `one_more` brought."""
    page = tuple(rows[:size])
    return TicketPage(page, page[-1].cursor if len(rows) > size else None)
