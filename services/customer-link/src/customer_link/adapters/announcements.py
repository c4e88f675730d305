"""What leaves a transaction: events through the outbox, and jobs."""

from collections.abc import Collection
from uuid import UUID

from kundenportal.customer_link.events.v1 import events_pb2 as events

from chassis.jobs import enqueue
from customer_link.adapters.import_announcements import PROVIDE_ACCOUNT, OutboxImportAnnouncements
from customer_link.domain.code_state import ActivationCode
from customer_link.domain.customer import Link
from customer_link.domain.invitation import Invitation
from customer_link.domain.link_request import LinkRequest

REACH_INVITEE = "reach_invitee"
ISSUE_BATCH = "issue_batch"
DELETE_FILES = "delete_files"


class OutboxAnnouncements(OutboxImportAnnouncements):
    """See ports.Announcements."""

    async def link_created(self, link: Link) -> None:
        event = events.LinkCreated(
            link_id=str(link.id), account_id=str(link.account_id), customer_id=str(link.customer_id)
        )
        await self._outbox.add(self._tx, link.id, event)

    async def link_ended(self, link: Link) -> None:
        event = events.LinkEnded(
            link_id=str(link.id), account_id=str(link.account_id), customer_id=str(link.customer_id)
        )
        await self._outbox.add(self._tx, link.id, event)

    async def membership_changed(self, account_id: UUID) -> None:
        event = events.MembershipChanged(account_id=str(account_id))
        await self._outbox.add(self._tx, account_id, event, urgent=True)

    async def code_issued(self, code: ActivationCode) -> None:
        event = events.CodeIssued(code_id=str(code.id), customer_id=str(code.customer_id))
        await self._outbox.add(self._tx, code.id, event)

    async def code_withdrawn(self, code: ActivationCode) -> None:
        event = events.CodeWithdrawn(code_id=str(code.id), customer_id=str(code.customer_id))
        await self._outbox.add(self._tx, code.id, event)

    async def code_used(self, code: ActivationCode) -> None:
        event = events.CodeUsed(code_id=str(code.id), customer_id=str(code.customer_id))
        await self._outbox.add(self._tx, code.id, event)

    async def data_requested(self, customer_id: UUID) -> None:
        event = events.CustomerDataRequested(customer_id=str(customer_id))
        await self._outbox.add(self._tx, customer_id, event)

    async def customer_changed(self, customer_id: UUID) -> None:
        event = events.CustomerChanged(customer_id=str(customer_id))
        await self._outbox.add(self._tx, customer_id, event)

    async def customers_changed(self, customer_ids: Collection[UUID]) -> None:
        told = {one: events.CustomerChanged(customer_id=str(one)) for one in customer_ids}
        await self._outbox.add_all(self._tx, told)

    async def contact_changed(self, contact_id: UUID, *, active: bool) -> None:
        event = events.ContactChanged(contact_id=str(contact_id), active=active)
        await self._outbox.add(self._tx, contact_id, event)

    async def request_opened(self, request: LinkRequest) -> None:
        event = events.RequestOpened(
            request_id=str(request.id), account_id=str(request.account_id), customer_id=str(request.customer_id)
        )
        await self._outbox.add(self._tx, request.id, event)

    async def request_decided(self, request: LinkRequest) -> None:
        event = events.RequestDecided(
            request_id=str(request.id),
            account_id=str(request.account_id),
            customer_id=str(request.customer_id),
            state=request.state.value,
        )
        await self._outbox.add(self._tx, request.id, event)

    async def batch_wanted(self, batch_id: UUID) -> None:
        await enqueue(self._tx, ISSUE_BATCH, {"batch_id": str(batch_id)}, lock=f"batch {batch_id}")

    async def files_unwanted(self, keys: Collection[UUID]) -> None:
        await enqueue(self._tx, DELETE_FILES, {"keys": [str(key) for key in keys]})

    async def account_wanted(self, contact_id: UUID) -> None:
        await enqueue(self._tx, PROVIDE_ACCOUNT, {"contact_id": str(contact_id)}, lock=f"contact {contact_id}")

    async def invitee_wanted(self, invitation_id: UUID) -> None:
        payload = {"invitation_id": str(invitation_id)}
        await enqueue(self._tx, REACH_INVITEE, payload, lock=f"invitation {invitation_id}")

    async def invitation_issued(self, invitation: Invitation) -> None:
        event = events.InvitationIssued(**_of(invitation))
        await self._outbox.add(self._tx, invitation.id, event)

    async def invitation_closed(self, invitation: Invitation) -> None:
        event = events.InvitationClosed(**_of(invitation))
        await self._outbox.add(self._tx, invitation.id, event)

    async def access_granted(self, invitation: Invitation) -> None:
        event = events.AccessGranted(**_of(invitation), account_id=str(invitation.account_id))
        await self._outbox.add(self._tx, invitation.id, event)

    async def access_ended(self, invitation: Invitation) -> None:
        event = events.AccessEnded(**_of(invitation), account_id=str(invitation.account_id))
        await self._outbox.add(self._tx, invitation.id, event)


def _of(invitation: Invitation) -> dict[str, str]:
    return {"invitation_id": str(invitation.id), "organisation_id": str(invitation.organisation_id)}
