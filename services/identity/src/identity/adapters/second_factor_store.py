"""Sealed TOTP secrets in PostgreSQL."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from identity.adapters.tables import account, enrolment, passkey, recovery_code, second_factor
from identity.domain.factors import Factors
from identity.usecases.factor_ports import Enrolment, SecondFactor

_ID: BindParameter[UUID] = bindparam("account_id", type_=Uuid)
_FACTORS = select(
    exists().where(second_factor.c.account_id == _ID).label("app"),
    select(func.count()).select_from(passkey).where(passkey.c.account_id == _ID).label("passkeys"),
    select(func.count()).select_from(recovery_code).where(recovery_code.c.account_id == _ID).label("recovery_codes"),
)
_LOCK = select(account.c.id).where(account.c.id == _ID).with_for_update()


class PostgresSecondFactorStore:
    """Passes the contract of SecondFactorStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def factors(self, account_id: UUID, *, lock: bool = False) -> Factors:
        if lock:
            await self._tx.execute(_LOCK, {"account_id": account_id})
        row = (await self._tx.execute(_FACTORS, {"account_id": account_id})).one()
        return Factors(**row._mapping)  # noqa: SLF001 - its documented name

    async def get(self, account_id: UUID) -> SecondFactor | None:
        statement = select(second_factor).where(second_factor.c.account_id == account_id)
        row = (await self._tx.execute(statement)).first()
        return SecondFactor(row.account_id, row.key_id, row.sealed, row.last_step) if row else None

    async def add(self, factor: SecondFactor) -> None:
        await self._tx.execute(insert(second_factor).values(asdict(factor)).on_conflict_do_nothing())

    async def put(self, factor: SecondFactor) -> None:
        values = asdict(factor)
        statement = insert(second_factor).values(values)
        await self._tx.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))
        await self._tx.execute(delete(enrolment).where(enrolment.c.account_id == factor.account_id))

    async def remove(self, account_id: UUID) -> bool:
        statement = delete(second_factor).where(second_factor.c.account_id == account_id)
        return (await self._tx.execute(statement)).rowcount > 0

    async def accept_step(self, account_id: UUID, step: int) -> bool:
        statement = (
            update(second_factor)
            .where(second_factor.c.account_id == account_id, second_factor.c.last_step < step)
            .values(last_step=step)
            .returning(second_factor.c.account_id)
        )
        return (await self._tx.execute(statement)).first() is not None

    async def begin(self, started: Enrolment) -> None:
        values = asdict(started)
        statement = insert(enrolment).values(values)
        await self._tx.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))

    async def enrolment(self, account_id: UUID) -> Enrolment | None:
        statement = select(enrolment).where(enrolment.c.account_id == account_id)
        row = (await self._tx.execute(statement)).first()
        return Enrolment(row.account_id, row.key_id, row.sealed, row.started_at) if row else None

    async def delete_enrolments(self, before: datetime) -> int:
        return (await self._tx.execute(delete(enrolment).where(enrolment.c.started_at < before))).rowcount
