"""customer-link and notification as the pages of staff ask them: with a deadline, and no answer is an answer."""

from datetime import UTC
from uuid import UUID

from kundenportal.customer_link.v1 import membership_service_pb2 as links_pb2
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceStub
from kundenportal.notification.v1 import delivery_service_pb2 as mails_pb2
from kundenportal.notification.v1.delivery_service_pb2_grpc import DeliveryServiceStub

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from identity.usecases.account_surroundings import AccountLinks, HeldNumber, MailPage, MailSent

DEADLINE_SECONDS = 0.3
_PAGE_SIZE = 10
_STATES = {
    mails_pb2.DELIVERY_STATE_PENDING: "pending",
    mails_pb2.DELIVERY_STATE_SENT: "sent",
    mails_pb2.DELIVERY_STATE_FAILED: "failed",
    mails_pb2.DELIVERY_STATE_SUPPRESSED: "suppressed",
}


class LinkClient:
    """Asks customer-link. Nothing is kept: staff look at what is now."""

    def __init__(self, channel: GrpcChannel) -> None:
        self._stub = MembershipServiceStub(channel.channel)

    async def links(self, account_id: UUID) -> AccountLinks | None:
        """What the account holds and held; None when it cannot be had within 300 ms."""
        request = links_pb2.ListLinksRequest(account_id=str(account_id))
        try:
            told = await self._stub.ListLinks(request, timeout=DEADLINE_SECONDS)
        except DomainError:
            return None
        return AccountLinks(tuple(_number(link) for link in told.links), tuple(each.name for each in told.contact_of))

    async def holders(self, number: str) -> frozenset[UUID] | None:
        """Who holds the number; None when it cannot be had within 300 ms."""
        try:
            told = await self._stub.FindHolders(links_pb2.FindHoldersRequest(number=number), timeout=DEADLINE_SECONDS)
        except DomainError:
            return None
        return frozenset(UUID(account_id) for account_id in told.account_ids)


class MailClient:
    """Asks notification."""

    def __init__(self, channel: GrpcChannel) -> None:
        self._stub = DeliveryServiceStub(channel.channel)

    async def mails(self, account_id: UUID, page: str = "") -> MailPage | None:
        """What was mailed; None when it cannot be had within 300 ms.

        Raises:
            DomainError: INVALID for a page that was never given.
        """
        request = mails_pb2.ListDeliveriesRequest(account_id=str(account_id), page_size=_PAGE_SIZE, page_token=page)
        try:
            told = await self._stub.ListDeliveries(request, timeout=DEADLINE_SECONDS)
        except DomainError as error:
            if error.kind is ErrorKind.INVALID:
                raise
            return None
        return MailPage(tuple(_mail(each) for each in told.deliveries), told.next_page_token)


def _number(link: links_pb2.Link) -> HeldNumber:
    return HeldNumber(
        customer_id=UUID(link.customer.customer_id),
        number=link.customer.number,
        organisation=link.organisation_name,
        since=link.start_time.ToDatetime(UTC),
        ended_at=link.end_time.ToDatetime(UTC) if link.HasField("end_time") else None,
    )


def _mail(each: mails_pb2.Delivery) -> MailSent:
    return MailSent(
        letter=each.template,
        about=each.subject_kind,
        state=_STATES.get(each.state, "pending"),
        reason=each.state_reason,
        at=each.create_time.ToDatetime(UTC),
    )
