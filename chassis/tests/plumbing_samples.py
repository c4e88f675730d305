"""What the tests of the plumbing share: a clock, an outbox, an event to emit."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from kundenportal.identity.events.v1.events_pb2 import AccountChanged, SessionRevoked
from sqlalchemy import text

from chassis.database import Database, Transaction
from chassis.outbox import Outbox

CHANGED = "kundenportal.identity.account.changed.v1"
REVOKED = "kundenportal.identity.session.revoked.v1"


def now() -> datetime:
    return datetime.now(UTC)


def an_outbox() -> Outbox:
    return Outbox("identity", now, uuid4)


async def emit(tx: Transaction, subject: UUID, *, urgent: bool = False) -> UUID:
    """One more event of an aggregate."""
    message = SessionRevoked(account_id=str(subject)) if urgent else AccountChanged(account_id=str(subject))
    return await an_outbox().add(tx, subject, message, urgent=urgent)


async def emit_and_commit(database: Database, *subjects: UUID) -> list[UUID]:
    async with database.transaction() as tx:
        return [await emit(tx, subject) for subject in subjects]


async def count(database: Database, table: str, where: str = "true") -> int:
    async with database.transaction() as tx:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")))


async def execute(database: Database, statement: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(text(statement))
