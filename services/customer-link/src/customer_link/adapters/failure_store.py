"""Failed tries in PostgreSQL: they hold across replicas and restarts (A14 of the security tests)."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, text

from chassis.database import Transaction
from customer_link.adapters.tables import link_failure
from customer_link.domain.guesses import DAY, HOUR, Guesses

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")


class PostgresFailures:
    """Passes the contract of Failures; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def lock(self, account_id: UUID, source: str) -> None:
        # Sorted, so that two tries which share both never wait for each other.
        names = sorted([f"link account {account_id}", f"link source {source}"])
        await self._tx.execute(_LOCK, {"names": names})

    async def lately(self, account_id: UUID, source: str, number_key: str, now: datetime) -> Guesses:
        failed = link_failure.c
        by_account = (failed.account_id == account_id) & (failed.failed_at > now - DAY)
        by_source = (failed.source == source) & (failed.failed_at > now - HOUR)
        of_number = (failed.number_hash == _hash(number_key)) & (failed.failed_at > now - DAY)
        number, oldest = func.count(failed.id), func.min(failed.failed_at)
        asked = [(number, by_account), (oldest, by_account), (number, by_source), (oldest, by_source)]
        columns = [select(what).where(which).scalar_subquery() for what, which in [*asked, (number, of_number)]]
        row = (await self._tx.execute(select(*columns))).one()
        return Guesses(row[0], row[1], row[2], row[3], row[4])

    async def add(self, account_id: UUID, source: str, number_key: str, now: datetime) -> None:
        await self._tx.execute(
            insert(link_failure).values(
                account_id=account_id, source=source, number_hash=_hash(number_key), failed_at=now
            )
        )

    async def delete_older(self, before: datetime) -> int:
        return (await self._tx.execute(delete(link_failure).where(link_failure.c.failed_at < before))).rowcount


def _hash(number_key: str) -> bytes:
    # Typed numbers may be anything, a password in the wrong field too.
    return hashlib.sha256(number_key.encode()).digest()
