"""Codes that were tried in vain, in PostgreSQL."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select

from chassis.database import Transaction
from customer_link.adapters.tables import code_failure
from customer_link.domain.guesses import DAY, HOUR, Guesses

_row = code_failure.c


class PostgresFailures:
    """See ports.Failures."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def count(self, account_id: UUID, source: str, number_key: str, now: datetime) -> Guesses:
        # Guesses sent at once queue here, so that each sees the failures of those before it. Always the
        # account first, then the source: nobody waits in a circle.
        for name in (f"guess account {account_id}", f"guess source {source}"):
            await self._tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        by_account = (_row.account_id == account_id) & (_row.failed_at > now - DAY)
        by_source = (_row.source == source) & (_row.failed_at > now - HOUR)
        of_number = (_row.number_key == number_key) & (_row.failed_at > now - DAY)
        statement = select(
            func.count().filter(by_account),
            func.min(_row.failed_at).filter(by_account),
            func.count().filter(by_source),
            func.min(_row.failed_at).filter(by_source),
            func.count().filter(of_number),
        ).where(or_(by_account, by_source, of_number))
        return Guesses(*(await self._tx.execute(statement)).one())

    async def add(self, account_id: UUID, source: str, number_key: str, at: datetime) -> None:
        values = {"account_id": account_id, "source": source, "number_key": number_key, "failed_at": at}
        await self._tx.execute(insert(code_failure).values(values))

    async def forget(self, before: datetime) -> int:
        return (await self._tx.execute(delete(code_failure).where(_row.failed_at < before))).rowcount
