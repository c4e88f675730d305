"""Challenges in PostgreSQL."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, insert, select, update

from chassis.database import Transaction
from identity.adapters.tables import challenge
from identity.domain.challenge import OBJECTIONS, Challenge, Purpose


class PostgresChallengeStore:
    """Passes the contract of ChallengeStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, new: Challenge) -> None:
        await self._tx.execute(insert(challenge).values(asdict(new) | {"purpose": new.purpose.value}))

    async def get(self, challenge_id: UUID) -> Challenge | None:
        return await self._first(select(challenge).where(challenge.c.id == challenge_id))

    async def latest(self, account_id: UUID | None, purpose: Purpose) -> Challenge | None:
        mine = challenge.c.account_id.op("=")(account_id)
        newest = select(challenge).where(mine, challenge.c.purpose == purpose.value)
        return await self._first(newest.order_by(challenge.c.issued_at.desc()).limit(1))

    async def replace_open(
        self, account_id: UUID | None, purpose: Purpose, now: datetime, *, email: str | None = None
    ) -> None:
        statement = (
            update(challenge)
            # `= NULL` is no row: for nobody this is the same statement without effect.
            .where(challenge.c.account_id.op("=")(account_id), challenge.c.purpose == purpose.value)
            .where(challenge.c.used_at.is_(None), challenge.c.replaced_at.is_(None))
        )
        if email is not None:
            statement = statement.where(challenge.c.email == email)
        await self._tx.execute(statement.values(replaced_at=now))

    async def replace_objections(self, account_id: UUID, since: datetime, now: datetime) -> None:
        objections = challenge.c.purpose.in_([purpose.value for purpose in OBJECTIONS])
        statement = (
            update(challenge)
            .where(challenge.c.account_id == account_id, objections, challenge.c.issued_at >= since)
            .where(challenge.c.used_at.is_(None), challenge.c.replaced_at.is_(None))
        )
        await self._tx.execute(statement.values(replaced_at=now))

    async def use(self, challenge_id: UUID, now: datetime) -> bool:
        statement = (
            update(challenge)
            .where(challenge.c.id == challenge_id, challenge.c.used_at.is_(None))
            .where(challenge.c.replaced_at.is_(None), challenge.c.expires_at > now)
            .values(used_at=now)
            .returning(challenge.c.id)
        )
        return (await self._tx.execute(statement)).first() is not None

    async def delete_older(self, before: datetime) -> int:
        return (await self._tx.execute(delete(challenge).where(challenge.c.expires_at < before))).rowcount

    async def _first(self, statement: Select[Any]) -> Challenge | None:
        row = (await self._tx.execute(statement)).first()
        if row is None:
            return None
        return Challenge(**(dict(row._mapping) | {"purpose": Purpose(row.purpose)}))  # noqa: SLF001 - its documented name
