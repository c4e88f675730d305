"""Fakes of what the use cases need; the contract suite holds them to the real adapters."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.listing import (
    COUNT_LIMIT,
    Counts,
    Cursor,
    Desk,
    Mine,
    OfOrganisation,
    Scope,
    Shared,
    Sort,
    TicketQuery,
    TicketRow,
)
from ticketing.domain.membership import UNKNOWN, Membership
from ticketing.domain.person import Person
from ticketing.domain.reach import PersonReach, Reach, SystemReach
from ticketing.domain.search_text import numbers_of, words_of
from ticketing.domain.ticket import INTERNAL, Entry, EntryKind, Ticket, TicketReference
from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import OPEN, TicketState
from ticketing.domain.visibility import Visibility

T = TypeVar("T")


def within(ticket: Ticket, reach: Reach) -> bool:
    if isinstance(reach, SystemReach):
        return ticket.visibility is not Visibility.CONFIDENTIAL
    if not isinstance(reach, PersonReach):
        return True
    shared = ticket.visibility is Visibility.ORGANISATION and ticket.organisation_id in reach.organisations
    return ticket.reporter_id == reach.account_id or shared


def in_scope(ticket: Ticket, scope: Scope) -> bool:
    match scope:
        case Mine(account_id):
            return ticket.reporter_id == account_id
        case Shared(organisations):
            return ticket.visibility is Visibility.ORGANISATION and ticket.organisation_id in organisations
        case OfOrganisation(organisation_id):
            return ticket.visibility is not Visibility.CONFIDENTIAL and ticket.organisation_id == organisation_id
        case Desk(assignee_id, unassigned):
            if unassigned:
                return ticket.assignee_id is None
            return assignee_id is None or ticket.assignee_id == assignee_id


@dataclass
class FakeTickets:
    """The TicketStore in memory; finds words by their beginnings and knows no German grammar."""

    clock: Callable[[], datetime]
    held: dict[UUID, Ticket] = field(default_factory=dict)
    texts: dict[UUID, str] = field(default_factory=dict)
    history: dict[UUID, list[Entry]] = field(default_factory=dict)
    serials: dict[int, int] = field(default_factory=dict)
    seen: dict[UUID, datetime] = field(default_factory=dict)

    async def next_number(self, year: int) -> TicketNumber:
        self.serials[year] = self.serials.get(year, 0) + 1
        return TicketNumber(year, self.serials[year])

    async def add(self, ticket: Ticket, text: str) -> None:
        self.held[ticket.id], self.texts[ticket.id] = ticket, text

    async def find(self, ticket_id: UUID, reach: Reach) -> Ticket | None:
        ticket = self.held.get(ticket_id)
        return ticket if ticket and within(ticket, reach) else None

    async def find_by_number(self, number: TicketNumber, reach: Reach) -> Ticket | None:
        return next((one for one in self.held.values() if one.number == number and within(one, reach)), None)

    async def lock(self, ticket_id: UUID, reach: Reach) -> Ticket | None:
        return await self.find(ticket_id, reach)

    async def save(self, ticket: Ticket) -> None:
        self.held[ticket.id] = ticket

    async def append(self, ticket_id: UUID, entry: Entry) -> None:
        entries = self.history.setdefault(ticket_id, [])
        entries.append(replace(entry, position=len(entries) + 1))

    async def talk(
        self, ticket_id: UUID, reach: Reach, *, size: int, before: int | None = None, internal: bool = False
    ) -> list[Entry]:
        if await self.find(ticket_id, reach) is None:
            return []
        shown = [entry for entry in self.history.get(ticket_id, []) if internal or entry.kind not in INTERNAL]
        return [entry for entry in shown if before is None or entry.position < before][-size:]

    async def find_all(self, ticket_ids: Collection[UUID], reach: Reach) -> dict[UUID, Ticket]:
        return {one.id: one for one in self.held.values() if one.id in ticket_ids and within(one, reach)}

    async def named_entries(
        self, ticket_ids: Collection[UUID], entry_ids: Collection[UUID], reach: Reach
    ) -> dict[UUID, list[Entry]]:
        found = {one: self.history.get(one, []) for one in await self.find_all(ticket_ids, reach)}
        return {ticket_id: [entry for entry in all_ if _named(entry, entry_ids)] for ticket_id, all_ in found.items()}

    async def speakers(self, ticket_ids: Collection[UUID], reach: Reach) -> dict[UUID, frozenset[UUID]]:
        found: dict[UUID, frozenset[UUID]] = {}
        for ticket_id in await self.find_all(ticket_ids, reach):
            said = (one for one in self.history.get(ticket_id, []) if one.kind is EntryKind.COMMENT)
            if speakers := frozenset(one.author_id for one in said if one.author_id and not one.by_staff):
                found[ticket_id] = speakers
        return found

    async def references(self, ticket: Ticket, reach: Reach) -> list[TicketReference]:
        named = [self.held[one] for one in (ticket.duplicate_of, ticket.follows) if one and within(ticket, reach)]
        return [
            TicketReference(one.id, one.number, one.reporter_id, one.organisation_id, one.visibility) for one in named
        ]

    async def page(self, query: TicketQuery) -> list[TicketRow]:
        found = [one for one in self.held.values() if self._matches(one, query)]
        found.sort(key=lambda one: _key(_cursor(one), query.sort), reverse=query.sort is not Sort.OLDEST)
        if query.after is not None:
            mark = _key(query.after, query.sort)
            found = [one for one in found if _beyond(_key(_cursor(one), query.sort), mark, query.sort)]
        return [_row(one) for one in found[: query.size]]

    def _matches(self, ticket: Ticket, query: TicketQuery) -> bool:
        kind = query.kind is None or ticket.kind == query.kind
        kind = kind and (query.customer_id is None or ticket.customer_id == query.customer_id)
        state = not query.states or ticket.state in query.states
        return kind and state and in_scope(ticket, query.scope) and self._found(ticket, query.search)

    def _found(self, ticket: Ticket, search: str) -> bool:
        if not search or ticket.number in numbers_of(search, self.clock().year):
            return True
        have = words_of(f"{ticket.subject} {self.texts[ticket.id]}"[:200])
        wanted = words_of(search)
        return bool(wanted) and all(any(word.startswith(one) for word in have) for one in wanted)

    async def counts(self, mine: Mine, shared: Shared, shown: Mine | Shared) -> Counts:
        return Counts(
            self._count(mine, set(TicketState)),
            self._count(shared, set(TicketState)),
            self._count(shown, set(OPEN)),
            self._count(shown, {TicketState.WAITING}),
        )

    def _count(self, scope: Scope, states: Collection[TicketState]) -> int:
        found = [one for one in self.held.values() if one.state in states and in_scope(one, scope)]
        return min(len(found), COUNT_LIMIT + 1)

    async def agents(self) -> list[UUID]:
        return sorted(self.seen, key=self.seen.__getitem__, reverse=True)[:100]

    async def remember_agent(self, account_id: UUID, at: datetime) -> None:
        self.seen[account_id] = at

    async def silent(self, since: datetime, size: int) -> list[UUID]:
        resolved = [one for one in self.held.values() if one.state is TicketState.RESOLVED and one.updated_at <= since]
        return [one.id for one in sorted(resolved, key=lambda one: (one.updated_at, one.id))][:size]


@dataclass
class FakeEvents:
    """The TicketEvents in memory: name, ticket and what else the event names."""

    sent: list[tuple[str, UUID, Any]] = field(default_factory=list)

    async def opened(self, ticket: Ticket) -> None:
        self.sent.append(("opened", ticket.id, ticket.kind))

    async def commented(self, ticket: Ticket, comment_id: UUID) -> None:
        self.sent.append(("commented", ticket.id, comment_id))

    async def state_changed(self, ticket: Ticket, step: Entry) -> None:
        self.sent.append(("state_changed", ticket.id, step))

    async def assigned(self, ticket: Ticket) -> None:
        self.sent.append(("assigned", ticket.id, ticket.assignee_id))

    @property
    def names(self) -> list[str]:
        return [name for name, _, _ in self.sent]


def _named(entry: Entry, ids: Collection[UUID]) -> bool:
    public = entry.id in ids and entry.kind not in INTERNAL
    return entry.position == 1 or public or entry.comment_id in ids or entry.kind is EntryKind.ASSIGNED


def _cursor(ticket: Ticket) -> Cursor:
    return Cursor(ticket.updated_at, ticket.number, ticket.id)


def _key(cursor: Cursor, sort: Sort) -> tuple[Any, ...]:
    return (cursor.number,) if sort is Sort.NUMBER else (cursor.changed_at, cursor.id)


def _beyond(key: tuple[Any, ...], mark: tuple[Any, ...], sort: Sort) -> bool:
    return key > mark if sort is Sort.OLDEST else key < mark


def _row(ticket: Ticket) -> TicketRow:
    return TicketRow(
        ticket.id,
        ticket.number,
        ticket.kind,
        ticket.subject,
        ticket.state,
        ticket.visibility,
        ticket.reporter_id,
        ticket.organisation_id,
        ticket.customer_id,
        ticket.assignee_id,
        ticket.answer_due,
        ticket.opened_at,
        ticket.updated_at,
    )


@dataclass
class FakeMemberships:
    """The Memberships in memory; `away` takes customer-link away."""

    held: dict[UUID, Membership] = field(default_factory=dict)
    away: bool = False
    asked: int = 0

    async def of(self, account_id: UUID) -> Membership:
        self.asked += 1
        return UNKNOWN if self.away else self.held.get(account_id, Membership())

    async def members(self, organisation_id: UUID) -> frozenset[UUID]:
        if self.away:
            raise DomainError(ErrorKind.UNAVAILABLE, "neighbour_unavailable")
        return frozenset(one for one, membership in self.held.items() if organisation_id in membership.organisation_ids)


@dataclass
class FakeNames:
    """The Names in memory; `away` takes both owners away, `calls` counts the questions."""

    persons: dict[UUID, Person] = field(default_factory=dict)
    works: dict[UUID, str] = field(default_factory=dict)
    numbers: dict[UUID, str] = field(default_factory=dict)
    away: bool = False
    calls: int = 0

    async def people(self, ids: Collection[UUID]) -> dict[UUID, Person]:
        return self._known(self.persons, ids)

    async def organisations(self, ids: Collection[UUID]) -> dict[UUID, str]:
        return self._known(self.works, ids)

    async def number(self, customer_id: UUID) -> str | None:
        return self._known(self.numbers, [customer_id]).get(customer_id)

    def _known(self, held: dict[UUID, T], ids: Collection[UUID]) -> dict[UUID, T]:
        self.calls += 1
        return {} if self.away else {one: held[one] for one in ids if one in held}
