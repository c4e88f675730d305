"""The history of accounts in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, tuple_

from chassis.database import Transaction
from identity.adapters.tables import history
from identity.domain.history import ActorKind, HistoryAction, HistoryEntry, HistoryPage, HistoryRange

_NEWEST_FIRST = (history.c.at.desc(), history.c.id.desc())


class PostgresHistoryStore:
    """Passes the contract of HistoryStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, entry: HistoryEntry) -> None:
        await self._tx.execute(
            insert(history).values(
                id=entry.id,
                account_id=entry.account_id,
                at=entry.at,
                actor_kind=entry.actor_kind.value,
                actor_id=entry.actor_id,
                action=entry.action.value,
                reason=entry.reason,
                details=dict(entry.details),
            )
        )

    async def of_account(self, account_id: UUID, page: HistoryRange) -> HistoryPage:
        statement = select(history).where(history.c.account_id == account_id)
        if page.older_than:
            place = (page.older_than.at, page.older_than.id)
            statement = statement.where(tuple_(history.c.at, history.c.id) < place)
        rows = await self._tx.execute(statement.order_by(*_NEWEST_FIRST).limit(page.size + 1))
        return HistoryPage.cut([_to_entry(row) for row in rows], page.size)

    async def last_by(
        self, account_id: UUID, actor_id: UUID, action: HistoryAction, since: datetime
    ) -> HistoryEntry | None:
        statement = (
            select(history)
            .where(history.c.account_id == account_id, history.c.at > since)
            .where(history.c.actor_id == actor_id, history.c.action == action.value)
        )
        row = (await self._tx.execute(statement.order_by(*_NEWEST_FIRST).limit(1))).first()
        return _to_entry(row) if row else None

    async def delete_older(self, before: datetime) -> int:
        return (await self._tx.execute(delete(history).where(history.c.at < before))).rowcount


def _to_entry(row: Row[Any]) -> HistoryEntry:
    return HistoryEntry(
        id=row.id,
        account_id=row.account_id,
        at=row.at,
        actor_kind=ActorKind(row.actor_kind),
        actor_id=row.actor_id,
        action=HistoryAction(row.action),
        reason=row.reason,
        details=row.details,
    )
