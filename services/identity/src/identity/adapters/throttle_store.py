"""Counters of tries in PostgreSQL: they hold across replicas and restarts (A14)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from identity.adapters.tables import throttle
from identity.domain.throttle import Tally


class PostgresThrottleStore:
    """Passes the contract of ThrottleStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def lock(self, key: str, now: datetime) -> Tally | None:
        # One statement makes the row if need be and locks it until the transaction ends.
        statement = insert(throttle).values(key=key, tries=0, last_at=now, paused_until=now)
        locked = statement.on_conflict_do_update(index_elements=["key"], set_={"key": statement.excluded.key})
        row = (await self._tx.execute(locked.returning(throttle))).one()
        return Tally(row.tries, row.last_at, row.paused_until) if row.tries else None

    async def save(self, key: str, tally: Tally) -> None:
        statement = update(throttle).where(throttle.c.key == key)
        await self._tx.execute(
            statement.values(tries=tally.tries, last_at=tally.last_at, paused_until=tally.paused_until)
        )

    async def clear(self, keys: Sequence[str]) -> None:
        await self._tx.execute(delete(throttle).where(throttle.c.key.in_(keys)))

    async def clear_account(self, account_id: UUID) -> None:
        await self._tx.execute(delete(throttle).where(throttle.c.key.startswith(f"{account_id}:", autoescape=True)))

    async def delete_idle(self, before: datetime, now: datetime) -> int:
        idle = delete(throttle).where(throttle.c.last_at < before, throttle.c.paused_until <= now)
        return (await self._tx.execute(idle)).rowcount
