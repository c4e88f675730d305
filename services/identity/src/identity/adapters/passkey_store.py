"""Passkeys and their challenges in PostgreSQL."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from identity.adapters.tables import passkey, passkey_ceremony
from identity.domain.passkey import Ceremony, CeremonyPurpose, Passkey


class PostgresPasskeyStore:
    """Passes the contract of PasskeyStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, new: Passkey) -> bool:
        statement = insert(passkey).values(asdict(new)).on_conflict_do_nothing()
        return (await self._tx.execute(statement)).rowcount > 0

    async def find(self, credential_id: bytes) -> Passkey | None:
        row = (await self._tx.execute(select(passkey).where(passkey.c.credential_id == credential_id))).first()
        return Passkey(**row._mapping) if row else None  # noqa: SLF001 - its documented name

    async def of_account(self, account_id: UUID) -> list[Passkey]:
        statement = select(passkey).where(passkey.c.account_id == account_id)
        rows = await self._tx.execute(statement.order_by(passkey.c.created_at, passkey.c.id))
        return [Passkey(**row._mapping) for row in rows]  # noqa: SLF001 - its documented name

    async def accept(self, passkey_id: UUID, sign_count: int, now: datetime) -> bool:
        statement = update(passkey).where(passkey.c.id == passkey_id)
        # Devices that do not count say 0 each time.
        higher = passkey.c.sign_count < sign_count if sign_count else passkey.c.sign_count == 0
        used = statement.where(higher).values(sign_count=sign_count, last_used_at=now)
        return (await self._tx.execute(used)).rowcount > 0

    async def rename(self, account_id: UUID, passkey_id: UUID, name: str) -> bool:
        statement = update(passkey).where(passkey.c.account_id == account_id, passkey.c.id == passkey_id)
        return (await self._tx.execute(statement.values(name=name))).rowcount > 0

    async def remove(self, account_id: UUID, passkey_id: UUID) -> bool:
        statement = delete(passkey).where(passkey.c.account_id == account_id, passkey.c.id == passkey_id)
        return (await self._tx.execute(statement)).rowcount > 0


class PostgresCeremonyStore:
    """Passes the contract of CeremonyStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, ceremony: Ceremony) -> None:
        await self._tx.execute(insert(passkey_ceremony).values(asdict(ceremony) | {"purpose": ceremony.purpose.value}))

    async def take(
        self, ceremony_id: UUID, purpose: CeremonyPurpose, account_id: UUID | None, now: datetime
    ) -> bytes | None:
        statement = (
            delete(passkey_ceremony)
            .where(passkey_ceremony.c.id == ceremony_id, passkey_ceremony.c.purpose == purpose.value)
            .where(passkey_ceremony.c.account_id.is_not_distinct_from(account_id), passkey_ceremony.c.expires_at > now)
            .returning(passkey_ceremony.c.challenge)
        )
        challenge: bytes | None = await self._tx.scalar(statement)
        return challenge

    async def delete_expired(self, now: datetime) -> int:
        return (await self._tx.execute(delete(passkey_ceremony).where(passkey_ceremony.c.expires_at <= now))).rowcount
