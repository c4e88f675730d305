"""What notification holds about a person: which mails and notices there were. It keeps neither addresses nor texts."""

from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import Transaction
from chassis.personal_data import Holdings
from notification.tables import mails, notices

_MOST = 2000


class HeldByNotification:
    """A PersonalData of the chassis."""

    async def export(self, tx: Transaction, account_id: UUID) -> Holdings:
        """The ledger's lines and the notices of this account."""
        mailed = (
            select(mails.c.letter, mails.c.state, mails.c.state_reason, mails.c.create_time, mails.c.update_time)
            .where(mails.c.account_id == account_id)
            .order_by(mails.c.create_time.desc())
            .limit(_MOST)
        )
        noted = (
            select(notices.c.kind, notices.c.thing_id, notices.c.event_time, notices.c.read_time)
            .where(notices.c.account_id == account_id)
            .order_by(notices.c.event_time.desc())
            .limit(_MOST)
        )
        return {
            "mails": [dict(row) for row in (await tx.execute(mailed)).mappings()],
            "notices": [dict(row) for row in (await tx.execute(noted)).mappings()],
        }

    async def erase(self, tx: Transaction, account_id: UUID) -> int:
        """The lines go; the events that they tell of stay, for these name nobody."""
        gone = [delete(table).where(table.c.account_id == account_id) for table in (mails, notices)]
        return sum([(await tx.execute(each)).rowcount for each in gone])
