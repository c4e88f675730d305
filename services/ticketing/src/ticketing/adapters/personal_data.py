"""What ticketing holds about a person: own tickets with their talk, and own comments on the tickets of others."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, delete, func, literal, select, update

from chassis.database import Transaction
from chassis.personal_data import Holdings
from ticketing.adapters.tables import desk_agents, entries, tickets
from ticketing.domain.ticket import INTERNAL, EntryKind
from ticketing.domain.ticket_number import TicketNumber

_MOST = 2000
_NOTHING = "–"


class HeldByTicketing:
    """A PersonalData of the chassis."""

    async def export(self, tx: Transaction, account_id: UUID) -> Holdings:
        """What colleagues wrote is masked, and so are the names of all who answered."""
        return {section: await _rows(tx, query) for section, query in _queries(account_id).items()}

    async def erase(self, tx: Transaction, account_id: UUID) -> int:
        """Texts of tickets that belong to the person alone go; tickets of an organisation are its own and stay.

        All keep the account's id, which names nobody once identity has erased the account.
        """
        alone = and_(tickets.c.reporter_id == account_id, tickets.c.organisation_id.is_(None))
        private = select(tickets.c.id).where(alone)
        said = update(entries).where(entries.c.ticket_id.in_(private), entries.c.text != _NOTHING)
        asked = update(tickets).where(alone, tickets.c.subject != _NOTHING)
        seen = delete(desk_agents).where(desk_agents.c.account_id == account_id)
        counts = [
            (await tx.execute(said.values(text=_NOTHING))).rowcount,
            (await tx.execute(asked.values(subject=_NOTHING, search=func.to_tsvector("")))).rowcount,
            (await tx.execute(seen)).rowcount,
        ]
        return sum(counts)


def _queries(account_id: UUID) -> dict[str, Select[Any]]:
    mine = tickets.c.reporter_id == account_id
    own = entries.c.author_id == account_id
    by = case((own, "self"), (entries.c.by_staff, "support"), else_="colleague")
    text = case((own | entries.c.by_staff, entries.c.text), else_=literal("***"))
    told = entries.join(tickets, entries.c.ticket_id == tickets.c.id)
    talk = entries.c.kind.not_in(sorted(INTERNAL)) & entries.c.text.is_not(None)
    return {
        "tickets": select(
            tickets.c.number,
            tickets.c.kind,
            tickets.c.subject,
            tickets.c.state,
            tickets.c.visibility,
            tickets.c.opened_at,
            tickets.c.updated_at,
        )
        .where(mine)
        .order_by(tickets.c.opened_at.desc()),
        "talk": select(tickets.c.number, entries.c.created_at, by.label("by"), text.label("text"))
        .select_from(told)
        .where(mine, talk)
        .order_by(entries.c.created_at.desc()),
        "comments_on_other_tickets": select(tickets.c.number, entries.c.created_at, entries.c.text)
        .select_from(told)
        .where(tickets.c.reporter_id != account_id, own, entries.c.kind == EntryKind.COMMENT.value)
        .order_by(entries.c.created_at.desc()),
    }


async def _rows(tx: Transaction, query: Select[Any]) -> list[dict[str, object]]:
    return [_entry(row) for row in await tx.execute(query.limit(_MOST))]


def _entry(row: Row[Any]) -> dict[str, object]:
    return {**row._mapping, "number": str(TicketNumber.of(row.number))}  # noqa: SLF001 - its documented name
