"""What the use cases need from the world outside; each has a fake that is held to the same contract."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ticketing.domain.listing import Counts, Mine, Shared, TicketQuery, TicketRow
from ticketing.domain.membership import Membership
from ticketing.domain.person import Person
from ticketing.domain.reach import Reach
from ticketing.domain.ticket import Entry, Ticket, TicketReference
from ticketing.domain.ticket_number import TicketNumber


class TicketStore(Protocol):
    """Tickets inside one transaction."""

    async def next_number(self, year: int) -> TicketNumber:
        """Give a number that no other ticket gets; that of a transaction that fails may leave a gap."""
        ...

    async def add(self, ticket: Ticket, text: str) -> None:
        """Keep a new ticket; the text is what the search finds beside the subject."""
        ...

    async def find(self, ticket_id: UUID, reach: Reach) -> Ticket | None:
        """Give the ticket, or None when there is none within reach."""
        ...

    async def find_by_number(self, number: TicketNumber, reach: Reach) -> Ticket | None:
        """Give the ticket of a number, or None when there is none within reach."""
        ...

    async def lock(self, ticket_id: UUID, reach: Reach) -> Ticket | None:
        """Give the ticket and keep others from changing it until the transaction ends."""
        ...

    async def save(self, ticket: Ticket) -> None:
        """Keep what may change of a locked ticket."""
        ...

    async def append(self, ticket_id: UUID, entry: Entry) -> None:
        """Add to the history of a locked ticket; the store gives the position."""
        ...

    async def talk(
        self, ticket_id: UUID, reach: Reach, *, size: int, before: int | None = None, internal: bool = False
    ) -> list[Entry]:
        """Give the last `size` entries before a position, oldest first; internal ones only when asked for."""
        ...

    async def find_all(self, ticket_ids: Collection[UUID], reach: Reach) -> dict[UUID, Ticket]:
        """Give those of the tickets that are within reach."""
        ...

    async def named_entries(
        self, ticket_ids: Collection[UUID], entry_ids: Collection[UUID], reach: Reach
    ) -> dict[UUID, list[Entry]]:
        """Give, by ticket, the opening, the entries named, the steps that carried them, and the assignments."""
        ...

    async def speakers(self, ticket_ids: Collection[UUID], reach: Reach) -> dict[UUID, frozenset[UUID]]:
        """Give, by ticket, the customers who said something."""
        ...

    async def references(self, ticket: Ticket, reach: Reach) -> list[TicketReference]:
        """Give the tickets that this one within reach names: the one it doubles, the one it follows.

        They may be out of reach themselves: their number may be said, whether to link is the caller's decision.
        """
        ...

    async def page(self, query: TicketQuery) -> list[TicketRow]:
        """Give one page in its order."""
        ...

    async def counts(self, mine: Mine, shared: Shared, shown: Mine | Shared) -> Counts:
        """Count both tabs, and the open and waiting tickets of the one shown."""
        ...

    async def agents(self) -> list[UUID]:
        """Give the members of staff who have worked at the desk, the last one first; at most 100."""
        ...

    async def remember_agent(self, account_id: UUID, at: datetime) -> None:
        """Note that a member of staff works at the desk, so that tickets can be given to him or her."""
        ...

    async def silent(self, since: datetime, size: int) -> list[UUID]:
        """Lock and give resolved tickets without a word since then, skipping those others work on."""
        ...


class TicketEvents(Protocol):
    """What other services are told, in the transaction of its cause."""

    async def opened(self, ticket: Ticket) -> None: ...

    async def commented(self, ticket: Ticket, comment_id: UUID) -> None: ...

    async def state_changed(self, ticket: Ticket, step: Entry) -> None: ...

    async def assigned(self, ticket: Ticket) -> None: ...


class Memberships(Protocol):
    """For whom accounts may act, asked of customer-link."""

    async def of(self, account_id: UUID) -> Membership:
        """Give the membership; UNKNOWN when nobody can tell."""
        ...

    async def members(self, organisation_id: UUID) -> frozenset[UUID]:
        """Give the members of an organisation as they are now; raises DomainError UNAVAILABLE."""
        ...


class Names(Protocol):
    """What people, organisations and customer numbers are called; what cannot be had within 300 ms is missing."""

    async def people(self, ids: Collection[UUID]) -> Mapping[UUID, Person]: ...

    async def organisations(self, ids: Collection[UUID]) -> Mapping[UUID, str]: ...

    async def number(self, customer_id: UUID) -> str | None: ...
