"""Events of this service, as protobuf messages in the outbox."""

from uuid import UUID

from kundenportal.customer_link.events.v1 import events_pb2

from chassis.database import Transaction
from chassis.outbox import Outbox
from customer_link.domain.code_state import ActivationCode
from customer_link.domain.customer import Link


class OutboxAnnouncements:
    """Passes the contract of Announcements; bound to one transaction."""

    def __init__(self, tx: Transaction, outbox: Outbox) -> None:
        self._tx = tx
        self._outbox = outbox

    async def link_created(self, link: Link) -> None:
        message = events_pb2.LinkCreated(
            link_id=str(link.id), account_id=str(link.account_id), customer_id=str(link.customer_id)
        )
        await self._outbox.add(self._tx, link.customer_id, message)

    async def link_ended(self, link: Link) -> None:
        message = events_pb2.LinkEnded(
            link_id=str(link.id), account_id=str(link.account_id), customer_id=str(link.customer_id)
        )
        await self._outbox.add(self._tx, link.customer_id, message)

    async def membership_changed(self, account_id: UUID) -> None:
        message = events_pb2.MembershipChanged(account_id=str(account_id))
        await self._outbox.add(self._tx, account_id, message, urgent=True)

    async def contact_changed(self, contact_id: UUID, *, active: bool) -> None:
        message = events_pb2.ContactChanged(contact_id=str(contact_id), active=active)
        await self._outbox.add(self._tx, contact_id, message)

    async def code_used(self, code: ActivationCode) -> None:
        message = events_pb2.CodeUsed(code_id=str(code.id), customer_id=str(code.customer_id))
        await self._outbox.add(self._tx, code.customer_id, message)

    async def data_requested(self, customer_id: UUID) -> None:
        message = events_pb2.CustomerDataRequested(customer_id=str(customer_id))
        await self._outbox.add(self._tx, customer_id, message)

    async def customer_changed(self, customer_id: UUID) -> None:
        message = events_pb2.CustomerChanged(customer_id=str(customer_id))
        await self._outbox.add(self._tx, customer_id, message)
