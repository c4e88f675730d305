"""The notices of each account: one row per event and account, by kinds and ids."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from notification.mail_ledger import Occurrence
from notification.tables import notices

KEPT: Final = timedelta(days=90)
"""How long a notice is kept; what it tells of stays where it happened."""
MOST_COUNTED: Final = 100
"""Unread notices are counted up to this many: nobody needs to know whether it is 100 or 200."""
_NAMESPACE: Final = UUID("0b1d5f3e-3c52-4c5e-9a0b-6f6a5b1f4b52")
_BATCH: Final = 1000


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, by names and ids."""

    id: UUID
    kind: str
    event_id: UUID
    thing_id: UUID | None
    event_time: datetime
    read_time: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of the list ends."""

    at: datetime
    id: UUID


class NoticeStore:
    """The rows of table notices; the transaction is the caller's, and every question is limited to one account."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def add(
        self, tx: Transaction, told: Occurrence, account_id: UUID, kind: str, thing_id: UUID | None = None
    ) -> bool:
        """Enters a notice; False when this account was told of the event before."""
        values = {
            "id": uuid5(_NAMESPACE, f"{told.event_id}/{account_id}"),
            "account_id": account_id,
            "kind": kind,
            "event_id": told.event_id,
            "thing_id": thing_id,
            "event_time": told.event_time,
            "create_time": self._clock(),
        }
        entered = insert(notices).values(values).on_conflict_do_nothing().returning(notices.c.id)
        return (await tx.execute(entered)).first() is not None

    async def page(
        self, tx: Transaction, account_id: UUID, *, limit: int, before: Place | None = None, unread: bool = False
    ) -> list[Notice]:
        """The notices of one account, newest first, those before a place in the list."""
        sought = select(*_COLUMNS).where(notices.c.account_id == account_id)
        if before:
            sought = sought.where(tuple_(notices.c.event_time, notices.c.id) < (before.at, before.id))
        if unread:
            sought = sought.where(notices.c.read_time.is_(None))
        newest = notices.c.event_time.desc(), notices.c.id.desc()
        return [Notice(*row) for row in await tx.execute(sought.order_by(*newest).limit(limit))]

    async def unread(self, tx: Transaction, account_id: UUID) -> int:
        """How many are unread, at most MOST_COUNTED."""
        some = select(notices.c.id).where(notices.c.account_id == account_id, notices.c.read_time.is_(None))
        counted = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
        return (await tx.execute(counted)).scalar_one()

    async def read(self, tx: Transaction, account_id: UUID, notice_id: UUID) -> Notice | None:
        """Marks one as read, and gives it; the first time counts. None when this account has no such notice."""
        changed = await tx.execute(
            update(notices)
            .where(notices.c.account_id == account_id, notices.c.id == notice_id)
            .values(read_time=func.coalesce(notices.c.read_time, self._clock()))
            .returning(*_COLUMNS)
        )
        row = changed.first()
        return Notice(*row) if row else None

    async def read_all(self, tx: Transaction, account_id: UUID, until: datetime) -> int:
        """Marks as read what was there at a moment: what came later has not been seen. How many."""
        unread = notices.c.account_id == account_id, notices.c.read_time.is_(None)
        changed = update(notices).where(*unread, notices.c.create_time <= until).values(read_time=self._clock())
        return (await tx.execute(changed)).rowcount

    async def forget(self, tx: Transaction) -> int:
        """Deletes up to a thousand that are older than KEPT; how many."""
        old = select(notices.c.id).where(notices.c.event_time < self._clock() - KEPT).limit(_BATCH)
        return (await tx.execute(delete(notices).where(notices.c.id.in_(old)))).rowcount


_COLUMNS: Final = (
    notices.c.id,
    notices.c.kind,
    notices.c.event_id,
    notices.c.thing_id,
    notices.c.event_time,
    notices.c.read_time,
)
