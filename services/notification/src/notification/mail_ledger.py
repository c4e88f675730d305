"""The ledger: one row per event and recipient, and what became of the mail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from notification.tables import mails

_NAMESPACE: Final = UUID("95d92402-a383-43d0-a5bd-732e60110c67")


class MailState(StrEnum):
    """What became of a mail."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """The event that mails tell of."""

    event_id: UUID
    event_type: str
    event_time: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, by names and ids."""

    id: UUID
    event_id: UUID
    event_type: str
    event_time: datetime
    subject: str
    account_id: UUID
    letter: str
    state: MailState
    state_reason: str
    attempts: int
    create_time: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """What is told of a mail to staff: its kind and its fate."""

    id: UUID
    event_type: str
    letter: str
    state: MailState
    state_reason: str
    attempts: int
    create_time: datetime
    update_time: datetime


def mail_id(event_id: UUID, account_id: UUID | None) -> UUID:
    """The same for the same event and recipient, whenever and wherever it is computed."""
    return uuid5(_NAMESPACE, f"{event_id}/{account_id or ''}")


class MailLedger:
    """The rows of table mails; the transaction is the caller's."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def open(self, tx: Transaction, told: Occurrence, account_id: UUID, letter: str) -> bool:
        """Enters a mail to be sent; False when it stands there already, whatever became of it."""
        return await self._enter(tx, told, account_id, letter, MailState.PENDING, "")

    async def suppress_event(self, tx: Transaction, told: Occurrence, letter: str, reason: str) -> None:
        """Enters that nobody is told of the event, and why."""
        await self._enter(tx, told, None, letter, MailState.SUPPRESSED, reason)

    async def waits(self, tx: Transaction, mail: UUID) -> bool:
        """Whether an earlier mail about the same thing to the same person has not gone out yet."""
        this, other = mails.alias("this"), mails.alias("other")
        earlier = (
            select(other.c.id)
            .join(this, (this.c.account_id == other.c.account_id) & (this.c.subject == other.c.subject))
            .where(this.c.id == mail, other.c.id != mail, other.c.state == MailState.PENDING)
        )
        return (await tx.execute(earlier.limit(1))).first() is not None

    async def find(self, tx: Transaction, mail_id: UUID) -> Mail | None:
        """One mail to an account; None when there is none."""
        sought = select(*_COLUMNS).where(mails.c.id == mail_id, mails.c.account_id.is_not(None))
        row = (await tx.execute(sought)).first()
        return Mail(*row[:7], MailState(row.state), *row[8:]) if row else None

    async def of_account(
        self, tx: Transaction, account_id: UUID, *, limit: int, before: tuple[datetime, UUID] | None = None
    ) -> list[Posted]:
        """The mails to one account, newest first, those before a place in the list."""
        sought = select(*_POSTED).where(mails.c.account_id == account_id)
        if before:
            sought = sought.where(tuple_(mails.c.create_time, mails.c.id) < before)
        rows = await tx.execute(sought.order_by(mails.c.create_time.desc(), mails.c.id.desc()).limit(limit))
        return [Posted(*row[:3], MailState(row.state), *row[4:]) for row in rows]

    async def close(self, tx: Transaction, mail_id: UUID, state: MailState, reason: str = "") -> bool:
        """Settles a pending mail; False when that was done before. A suppressed one was not attempted."""
        attempt = 0 if state is MailState.SUPPRESSED else 1
        changed = await tx.execute(
            update(mails)
            .where(mails.c.id == mail_id, mails.c.state == MailState.PENDING)
            .values(state=state, state_reason=reason, attempts=mails.c.attempts + attempt, update_time=self._clock())
            .returning(mails.c.id)
        )
        return changed.first() is not None

    async def postpone(self, tx: Transaction, mail_id: UUID, reason: str) -> None:
        """Keeps why the last attempt did not succeed."""
        await tx.execute(
            update(mails)
            .where(mails.c.id == mail_id, mails.c.state == MailState.PENDING)
            .values(state_reason=reason, attempts=mails.c.attempts + 1, update_time=self._clock())
        )

    async def _enter(
        self, tx: Transaction, told: Occurrence, account_id: UUID | None, letter: str, state: MailState, reason: str
    ) -> bool:
        now = self._clock()
        entered = await tx.execute(
            insert(mails)
            .values(
                id=mail_id(told.event_id, account_id),
                event_id=told.event_id,
                event_type=told.event_type,
                event_time=told.event_time,
                subject=told.subject,
                account_id=account_id,
                letter=letter,
                state=state,
                state_reason=reason,
                create_time=now,
                update_time=now,
            )
            .on_conflict_do_nothing()
            .returning(mails.c.id)
        )
        return entered.first() is not None


_COLUMNS: Final = (
    mails.c.id,
    mails.c.event_id,
    mails.c.event_type,
    mails.c.event_time,
    mails.c.subject,
    mails.c.account_id,
    mails.c.letter,
    mails.c.state,
    mails.c.state_reason,
    mails.c.attempts,
    mails.c.create_time,
)
_POSTED: Final = (
    mails.c.id,
    mails.c.event_type,
    mails.c.letter,
    mails.c.state,
    mails.c.state_reason,
    mails.c.attempts,
    mails.c.create_time,
    mails.c.update_time,
)
