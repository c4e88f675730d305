"""Tickets in PostgreSQL: Core statements into frozen dataclasses, each limited by a reach or a scope."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, and_, any_, func, insert, literal, or_, select, text, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import Transaction
from ticketing.adapters import ticket_rows
from ticketing.adapters.list_statements import (
    COUNTS,
    Condition,
    counts_values,
    german,
    owner_lexemes,
    page_statement,
    search_statement,
    window_statement,
)
from ticketing.adapters.tables import desk_agents, entries, tickets
from ticketing.domain.listing import Counts, Mine, Shared, TicketQuery, TicketRow
from ticketing.domain.reach import PersonReach, Reach, SystemReach
from ticketing.domain.ticket import INTERNAL, Entry, EntryKind, Ticket, TicketReference
from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility

_AGENTS = 100
_PUBLIC = entries.c.kind.not_in(sorted(INTERNAL))

_NEXT_NUMBER = text("SELECT nextval('ticket_serial') - base AS serial FROM ticket_years WHERE year = :year")
# The first ticket of a year: a twin waits here for the other's commit and then finds its row.
_FIRST_OF_YEAR = text(
    """
    INSERT INTO ticket_years (year, base)
    SELECT :year, CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM ticket_serial
    ON CONFLICT (year) DO NOTHING
    """
)


def within(reach: Reach) -> Condition:
    """Give the condition that limits a statement on tickets to a reach."""
    if isinstance(reach, SystemReach):
        return tickets.c.visibility != Visibility.CONFIDENTIAL.value
    if not isinstance(reach, PersonReach):
        return true()
    shared = and_(
        tickets.c.visibility == Visibility.ORGANISATION.value,
        tickets.c.organisation_id == any_(literal(sorted(reach.organisations), ARRAY(Uuid()))),
    )
    return or_(tickets.c.reporter_id == reach.account_id, shared)


class PostgresTickets:
    """The TicketStore of one transaction."""

    def __init__(self, tx: Transaction, clock: Callable[[], datetime]) -> None:
        self._tx = tx
        self._clock = clock

    async def next_number(self, year: int) -> TicketNumber:
        serial = await self._tx.scalar(_NEXT_NUMBER, {"year": year})
        if serial is None:
            await self._tx.execute(_FIRST_OF_YEAR, {"year": year})
            serial = await self._tx.scalar(_NEXT_NUMBER, {"year": year})
        return TicketNumber(year, int(serial))

    async def add(self, ticket: Ticket, text: str) -> None:
        words = func.to_tsvector(german(), f"{ticket.subject}\n{text}")
        lexemes = owner_lexemes(ticket.reporter_id, ticket.organisation_id)
        owners = func.array_to_tsvector(literal(lexemes, ARRAY(Text())))
        values = ticket_rows.values_of(ticket)
        await self._tx.execute(insert(tickets).values(**values, search=words.op("||")(owners)))

    async def find(self, ticket_id: UUID, reach: Reach) -> Ticket | None:
        return await self._one(_select(reach).where(tickets.c.id == ticket_id))

    async def find_by_number(self, number: TicketNumber, reach: Reach) -> Ticket | None:
        return await self._one(_select(reach).where(tickets.c.number == number.value))

    async def lock(self, ticket_id: UUID, reach: Reach) -> Ticket | None:
        return await self._one(_select(reach).where(tickets.c.id == ticket_id).with_for_update())

    async def save(self, ticket: Ticket) -> None:
        values = ticket_rows.changeable_values_of(ticket)
        await self._tx.execute(update(tickets).where(tickets.c.id == ticket.id).values(**values))

    async def append(self, ticket_id: UUID, entry: Entry) -> None:
        last = select(func.coalesce(func.max(entries.c.position), 0) + 1).where(entries.c.ticket_id == ticket_id)
        values = ticket_rows.entry_values_of(entry)
        await self._tx.execute(insert(entries).values(**values, ticket_id=ticket_id, position=last.scalar_subquery()))

    async def talk(
        self, ticket_id: UUID, reach: Reach, *, size: int, before: int | None = None, internal: bool = False
    ) -> list[Entry]:
        statement = _entries(reach).where(entries.c.ticket_id == ticket_id)
        if not internal:
            statement = statement.where(_PUBLIC)
        if before is not None:
            statement = statement.where(entries.c.position < before)
        rows = await self._tx.execute(statement.order_by(entries.c.position.desc()).limit(size))
        return [ticket_rows.to_entry(row) for row in rows][::-1]

    async def find_all(self, ticket_ids: Collection[UUID], reach: Reach) -> dict[UUID, Ticket]:
        rows = await self._tx.execute(_select(reach).where(_one_of(tickets.c.id, ticket_ids)))
        return {row.id: ticket_rows.to_ticket(row) for row in rows}

    async def named_entries(
        self, ticket_ids: Collection[UUID], entry_ids: Collection[UUID], reach: Reach
    ) -> dict[UUID, list[Entry]]:
        wanted = or_(
            entries.c.position == 1,
            _one_of(entries.c.id, entry_ids) & _PUBLIC,
            _one_of(entries.c.comment_id, entry_ids),
            entries.c.kind == EntryKind.ASSIGNED.value,
        )
        statement = _entries(reach).where(_one_of(entries.c.ticket_id, ticket_ids), wanted)
        found: dict[UUID, list[Entry]] = {}
        for row in await self._tx.execute(statement.order_by(entries.c.ticket_id, entries.c.position)):
            found.setdefault(row.ticket_id, []).append(ticket_rows.to_entry(row))
        return found

    async def speakers(self, ticket_ids: Collection[UUID], reach: Reach) -> dict[UUID, frozenset[UUID]]:
        said = and_(entries.c.kind == EntryKind.COMMENT.value, entries.c.by_staff.is_(False))
        statement = (
            select(entries.c.ticket_id, func.array_agg(entries.c.author_id.distinct(), type_=ARRAY(Uuid())))
            .join(tickets, tickets.c.id == entries.c.ticket_id)
            .where(within(reach), said, _one_of(entries.c.ticket_id, ticket_ids))
            .group_by(entries.c.ticket_id)
        )
        return {ticket_id: frozenset(authors) for ticket_id, authors in await self._tx.execute(statement)}

    async def references(self, ticket: Ticket, reach: Reach) -> list[TicketReference]:
        named = [other for other in (ticket.duplicate_of, ticket.follows) if other]
        source = select(tickets.c.id).where(tickets.c.id == ticket.id, within(reach)).exists()
        other = tickets.alias("other")
        statement: Select[Any] = select(
            other.c.id, other.c.number, other.c.reporter_id, other.c.organisation_id, other.c.visibility
        ).where(_one_of(other.c.id, named), source)
        return [ticket_rows.to_reference(row) for row in await self._tx.execute(statement)]

    async def page(self, query: TicketQuery) -> list[TicketRow]:
        if isinstance(query.scope, Shared) and not query.scope.organisations:
            return []
        if query.search:
            return await self._search(query)
        return [ticket_rows.to_row(row) for row in await self._tx.execute(page_statement(query))]

    async def _search(self, query: TicketQuery) -> list[TicketRow]:
        """Try near the top first, then everywhere: common words are found soon, rare ones by the index."""
        year = self._clock().year
        for statement in (window_statement, search_statement):
            rows = (await self._tx.execute(statement(query, year))).all()
            if len(rows) == query.size:
                break
        return [ticket_rows.to_row(row) for row in rows]

    async def counts(self, mine: Mine, shared: Shared, shown: Mine | Shared) -> Counts:
        found = await self._tx.execute(COUNTS[type(shown)], counts_values(mine, shared))
        return Counts(*found.one())

    async def agents(self) -> list[UUID]:
        latest = select(desk_agents.c.account_id).order_by(desk_agents.c.seen_at.desc()).limit(_AGENTS)
        return list(await self._tx.scalars(latest))

    async def remember_agent(self, account_id: UUID, at: datetime) -> None:
        statement = upsert(desk_agents).values(account_id=account_id, seen_at=at)
        await self._tx.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_={"seen_at": at}))

    async def silent(self, since: datetime, size: int) -> list[UUID]:
        statement = (
            select(tickets.c.id)
            .where(tickets.c.state == TicketState.RESOLVED.value, tickets.c.updated_at <= since)
            .order_by(tickets.c.updated_at, tickets.c.id)
            .limit(size)
            .with_for_update(skip_locked=True)
        )
        return list(await self._tx.scalars(statement))

    async def _one(self, statement: Select[Any]) -> Ticket | None:
        row = (await self._tx.execute(statement)).first()
        return ticket_rows.to_ticket(row) if row else None


def _select(reach: Reach) -> Select[Any]:
    return select(*ticket_rows.TICKET_COLUMNS).where(within(reach))


def _entries(reach: Reach) -> Select[Any]:
    return select(entries).join(tickets, tickets.c.id == entries.c.ticket_id).where(within(reach))


def _one_of(column: Any, ids: Collection[UUID]) -> Condition:
    condition: Condition = column == any_(literal(sorted(ids), ARRAY(Uuid())))
    return condition
