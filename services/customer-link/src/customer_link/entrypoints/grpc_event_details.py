"""EventDetailService: what an event of customer-link was about."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from kundenportal.customer_link.events.v1.events_pb2 import (
    AccessEnded,
    AccessGranted,
    InvitationIssued,
    LinkCreated,
    RequestDecided,
    RequestOpened,
)
from kundenportal.events.v1 import event_detail_service_pb2 as messages
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceServicer

from chassis.messaging import Event
from chassis.outbox import Outbox, event_type
from customer_link.entrypoints.ids import read_ids
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.describe_invitation import (
    InvitationDetail,
    describe_ended,
    describe_granted,
    describe_issued,
)
from customer_link.usecases.describe_link import LinkDetail, describe_link
from customer_link.usecases.describe_request import RequestDetail, describe_decided, describe_opened
from customer_link.usecases.ports import Records


class EventDetailServicer(EventDetailServiceServicer):
    """Rights are evaluated at the time of the call."""

    def __init__(self, workplace: Workplace, outbox: Outbox) -> None:
        self._workplace = workplace
        self._outbox = outbox

    async def DescribeEvents(  # noqa: N802 - the name of the RPC
        self, request: messages.DescribeEventsRequest, _context: Any
    ) -> messages.DescribeEventsResponse:
        """One detail for each id, in the order asked; an unknown event has no type."""
        ids = read_ids(request.event_ids)
        async with self._workplace.database.transaction() as tx:
            emitted = {event.id: event for event in await self._outbox.find(tx, ids)}
            records = self._workplace.records(tx)
            details = [await _detail(event_id, emitted.get(event_id), records) for event_id in ids]
        return messages.DescribeEventsResponse(details=details)


async def _detail(event_id: UUID, event: Event | None, records: Records) -> messages.EventDetail:
    if event is None:
        return messages.EventDetail(event_id=str(event_id))
    describe = _DESCRIBED.get(event.type)
    if describe is None:
        return messages.EventDetail(event_id=str(event_id), event_type=event.type)
    return await describe(event, records)


async def _link_created(event: Event, records: Records) -> messages.EventDetail:
    told = event.payload(LinkCreated)
    link = await describe_link(UUID(told.link_id), UUID(told.account_id), records=records)
    return _message(event, link, [(link.holder, "holder")] if link.holder else [])


async def _opened(event: Event, records: Records) -> messages.EventDetail:
    detail = await describe_opened(UUID(event.payload(RequestOpened).request_id), records=records)
    return _message(event, detail, detail.concerned)


async def _decided(event: Event, records: Records) -> messages.EventDetail:
    detail = await describe_decided(UUID(event.payload(RequestDecided).request_id), records=records)
    return _message(event, detail, detail.concerned)


async def _issued(event: Event, records: Records) -> messages.EventDetail:
    detail = await describe_issued(UUID(event.payload(InvitationIssued).invitation_id), records=records)
    return _message(event, detail, detail.concerned)


async def _granted(event: Event, records: Records) -> messages.EventDetail:
    detail = await describe_granted(UUID(event.payload(AccessGranted).invitation_id), records=records)
    return _message(event, detail, detail.concerned)


async def _ended(event: Event, records: Records) -> messages.EventDetail:
    told = event.payload(AccessEnded)
    detail = await describe_ended(UUID(told.invitation_id), UUID(told.account_id), records=records)
    return _message(event, detail, detail.concerned)


_DESCRIBED: Mapping[str, Callable[[Event, Records], Awaitable[messages.EventDetail]]] = {
    event_type(LinkCreated()): _link_created,
    event_type(RequestOpened()): _opened,
    event_type(RequestDecided()): _decided,
    event_type(InvitationIssued()): _issued,
    event_type(AccessGranted()): _granted,
    event_type(AccessEnded()): _ended,
}


def _message(
    event: Event, detail: LinkDetail | RequestDetail | InvitationDetail, concerned: Sequence[tuple[UUID, str]]
) -> messages.EventDetail:
    return messages.EventDetail(
        event_id=str(event.id),
        event_type=event.type,
        facts=dict(detail.facts),
        concerned=[messages.Concerned(account_id=str(account), reason=reason) for account, reason in concerned],
        suppressed=detail.suppressed,
    )
