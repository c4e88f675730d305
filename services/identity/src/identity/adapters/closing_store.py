"""Closed accounts in PostgreSQL. A row outlives its account as the proof that it was erased; it names nobody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from chassis.database import Transaction
from identity.adapters.tables import closing
from identity.domain.closing import Closing

_COLUMNS = (closing.c.account_id, closing.c.closed_at, closing.c.erase_at, closing.c.receipts)


class PostgresClosingStore:
    """Passes the contract of ClosingStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, new: Closing) -> None:
        values = {"account_id": new.account_id, "closed_at": new.closed_at, "erase_at": new.erase_at, "receipts": {}}
        await self._tx.execute(insert(closing).values(values))

    async def get(self, account_id: UUID) -> Closing | None:
        row = (await self._tx.execute(select(*_COLUMNS).where(closing.c.account_id == account_id))).first()
        return Closing(**row._mapping) if row else None  # noqa: SLF001 - its documented name

    async def remove(self, account_id: UUID) -> None:
        await self._tx.execute(delete(closing).where(closing.c.account_id == account_id))

    async def due(self, now: datetime, limit: int) -> list[Closing]:
        waiting = closing.c.erased_at.is_(None) & (closing.c.erase_at <= now)
        query = select(*_COLUMNS).where(waiting).order_by(closing.c.erase_at).limit(limit)
        return [Closing(**row._mapping) for row in await self._tx.execute(query)]  # noqa: SLF001 - its documented name

    async def add_receipt(self, account_id: UUID, source: str, erased: int) -> None:
        noted = closing.c.receipts.concat(func.jsonb_build_object(source, erased, type_=JSONB))
        await self._tx.execute(update(closing).where(closing.c.account_id == account_id).values(receipts=noted))

    async def finish(self, account_id: UUID, at: datetime) -> None:
        await self._tx.execute(update(closing).where(closing.c.account_id == account_id).values(erased_at=at))
