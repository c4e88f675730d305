"""Sessions in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, or_, select, update

from chassis.database import Transaction
from identity.adapters.account_store import ACCOUNT, to_account
from identity.adapters.tables import account, session
from identity.domain.account import Account
from identity.domain.session import Session

_SESSION_COLUMNS = [column.label(f"session_{column.name}") for column in session.c]
_FIND = select(*ACCOUNT, *_SESSION_COLUMNS).join(session, session.c.account_id == account.c.id)


class PostgresSessionStore:
    """Passes the contract of SessionStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, new: Session) -> None:
        await self._tx.execute(insert(session).values(asdict(new)))

    async def find(self, token_hash: bytes) -> tuple[Session, Account] | None:
        row = (await self._tx.execute(_FIND.where(session.c.token_hash == token_hash))).first()
        return (_to_session(row, "session_"), to_account(row)) if row else None

    async def of_account(self, account_id: UUID) -> list[Session]:
        statement = select(session).where(session.c.account_id == account_id).order_by(session.c.seen_at.desc())
        return [_to_session(row) for row in await self._tx.execute(statement)]

    async def touch(self, session_id: UUID, seen_at: datetime, idle_until: datetime) -> None:
        statement = update(session).where(session.c.id == session_id)
        await self._tx.execute(statement.values(seen_at=seen_at, idle_until=idle_until))

    async def rename(self, session_id: UUID, device_name: str) -> None:
        await self._tx.execute(update(session).where(session.c.id == session_id).values(device_name=device_name))

    async def delete(self, account_id: UUID, session_ids: Sequence[UUID] | None = None) -> list[UUID]:
        statement = delete(session).where(session.c.account_id == account_id)
        if session_ids is not None:
            statement = statement.where(session.c.id.in_(session_ids))
        return list(await self._tx.scalars(statement.returning(session.c.id)))

    async def delete_expired(self, now: datetime) -> int:
        statement = delete(session).where(or_(session.c.idle_until < now, session.c.expires_at < now))
        return (await self._tx.execute(statement)).rowcount


def _to_session(row: Row[Any], prefix: str = "") -> Session:
    return Session(**{column.name: getattr(row, f"{prefix}{column.name}") for column in session.c})
