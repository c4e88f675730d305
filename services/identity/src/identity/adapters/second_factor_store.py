"""Sealed TOTP secrets in PostgreSQL."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from identity.adapters.tables import second_factor
from identity.usecases.ports import SecondFactor


class PostgresSecondFactorStore:
    """Passes the contract of SecondFactorStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, account_id: UUID) -> SecondFactor | None:
        statement = select(second_factor).where(second_factor.c.account_id == account_id)
        row = (await self._tx.execute(statement)).first()
        return SecondFactor(row.account_id, row.key_id, row.sealed, row.last_step) if row else None

    async def add(self, factor: SecondFactor) -> None:
        await self._tx.execute(insert(second_factor).values(asdict(factor)).on_conflict_do_nothing())

    async def accept_step(self, account_id: UUID, step: int) -> bool:
        statement = (
            update(second_factor)
            .where(second_factor.c.account_id == account_id, second_factor.c.last_step < step)
            .values(last_step=step)
            .returning(second_factor.c.account_id)
        )
        return (await self._tx.execute(statement)).first() is not None
