"""Work for after the commit, as jobs of the database."""

from datetime import datetime
from uuid import UUID

from chassis.database import Transaction
from chassis.jobs import enqueue

PROVIDE_ACCOUNT = "provide_account"
ASK_AGAIN = "ask_again"


class JobsLater:
    """Passes the contract of Later; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def provide_account(self, contact_id: UUID) -> None:
        payload = {"contact_id": str(contact_id)}
        await enqueue(self._tx, PROVIDE_ACCOUNT, payload, lock=f"contact {contact_id}")

    async def ask_again(self, customer_id: UUID, asked: int, at: datetime) -> None:
        await enqueue(self._tx, ASK_AGAIN, {"customer_id": str(customer_id), "asked": asked}, at=at)
