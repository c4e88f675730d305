"""Recovery codes in PostgreSQL, as keyed hashes; one that was used is gone."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, insert

from chassis.database import Transaction
from identity.adapters.tables import recovery_code


class PostgresRecoveryCodeStore:
    """Passes the contract of RecoveryCodeStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def replace(self, account_id: UUID, digests: Sequence[bytes]) -> None:
        await self._tx.execute(delete(recovery_code).where(recovery_code.c.account_id == account_id))
        if digests:
            rows = [{"account_id": account_id, "digest": digest} for digest in digests]
            await self._tx.execute(insert(recovery_code).values(rows))

    async def use(self, account_id: UUID, digests: Sequence[bytes]) -> bool:
        used = delete(recovery_code).where(recovery_code.c.account_id == account_id)
        return (await self._tx.execute(used.where(recovery_code.c.digest.in_(digests)))).rowcount > 0
