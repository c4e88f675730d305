"""What notification holds about a person: which mails were sent when. It keeps neither addresses nor texts."""

from uuid import UUID

from sqlalchemy import delete, select

from chassis.database import Transaction
from chassis.personal_data import Holdings
from notification.tables import mails

_MOST = 2000


class HeldByNotification:
    """A PersonalData of the chassis."""

    async def export(self, tx: Transaction, account_id: UUID) -> Holdings:
        """The ledger's lines of this account."""
        query = (
            select(mails.c.letter, mails.c.state, mails.c.state_reason, mails.c.create_time, mails.c.update_time)
            .where(mails.c.account_id == account_id)
            .order_by(mails.c.create_time.desc())
            .limit(_MOST)
        )
        return {"mails": [dict(row) for row in (await tx.execute(query)).mappings()]}

    async def erase(self, tx: Transaction, account_id: UUID) -> int:
        """The lines go; the events that they tell of stay, for these name nobody."""
        return (await tx.execute(delete(mails).where(mails.c.account_id == account_id))).rowcount
