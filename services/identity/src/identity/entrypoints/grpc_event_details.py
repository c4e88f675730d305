"""EventDetailService: what an event of identity was about."""

from typing import Any

from kundenportal.events.v1 import event_detail_service_pb2, event_detail_service_pb2_grpc

from chassis.database import Database
from chassis.outbox import Outbox
from identity.entrypoints.ids import read_ids
from identity.usecases.describe_events import EventDetail, describe_event
from identity.usecases.ports import Clock, EmittedEvent, RecordsOn


class EventDetailServicer(event_detail_service_pb2_grpc.EventDetailServiceServicer):
    """Rights are evaluated at the time of the call."""

    def __init__(self, database: Database, records: RecordsOn, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._records = records
        self._outbox = outbox
        self._clock = clock

    async def DescribeEvents(  # noqa: N802 - the name of the RPC
        self, request: event_detail_service_pb2.DescribeEventsRequest, _context: Any
    ) -> event_detail_service_pb2.DescribeEventsResponse:
        """One detail for each id, in the order asked; an unknown event has no type."""
        ids = read_ids(request.event_ids, of="event")
        async with self._database.transaction() as tx:
            emitted = {event.id: event for event in await self._outbox.find(tx, ids)}
            records = self._records(tx)
            details = [
                await describe_event(
                    EmittedEvent(event_id, emitted[event_id].type, emitted[event_id].data),
                    records=records,
                    clock=self._clock,
                )
                if event_id in emitted
                else EventDetail(event_id)
                for event_id in ids
            ]
        return event_detail_service_pb2.DescribeEventsResponse(details=[_message(detail) for detail in details])


def _message(detail: EventDetail) -> event_detail_service_pb2.EventDetail:
    concerned = [event_detail_service_pb2.Concerned(account_id=str(detail.concerned), reason="self")]
    return event_detail_service_pb2.EventDetail(
        event_id=str(detail.event_id),
        event_type=detail.event_type,
        facts=dict(detail.facts),
        concerned=concerned if detail.concerned else [],
        suppressed=detail.suppressed,
    )
