"""What others are told of many at once: a round trip for each kind of event, and for jobs."""

from collections.abc import Sequence
from uuid import UUID

from kundenportal.customer_link.events.v1 import events_pb2 as events

from chassis.database import Transaction
from chassis.jobs import enqueue, enqueue_all
from chassis.outbox import Outbox
from customer_link.domain.contact import Contact

PROVIDE_ACCOUNT = "provide_account"
IMPORT_CUSTOMERS = "import_customers"


class OutboxImportAnnouncements:
    """See import_announcements.ImportAnnouncements."""

    def __init__(self, tx: Transaction, outbox: Outbox) -> None:
        self._tx = tx
        self._outbox = outbox

    async def contacts_named(self, contacts: Sequence[Contact]) -> None:
        await self._tell(contacts, active=True)
        jobs = {f"contact {one.id}": {"contact_id": str(one.id)} for one in contacts}
        await enqueue_all(self._tx, PROVIDE_ACCOUNT, jobs)

    async def contacts_removed(self, contacts: Sequence[Contact]) -> None:
        accounts = {one.account_id for one in contacts if one.account_id}
        changed = {one: events.MembershipChanged(account_id=str(one)) for one in accounts}
        await self._outbox.add_all(self._tx, changed, urgent=True)
        await self._tell(contacts, active=False)

    async def import_wanted(self, import_id: UUID) -> None:
        await enqueue(self._tx, IMPORT_CUSTOMERS, {"import_id": str(import_id)}, lock=IMPORT_CUSTOMERS)

    async def _tell(self, contacts: Sequence[Contact], *, active: bool) -> None:
        changed = {one.id: events.ContactChanged(contact_id=str(one.id), active=active) for one in contacts}
        await self._outbox.add_all(self._tx, changed)
