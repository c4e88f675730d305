"""Asks the emitter of an event what it was about, over gRPC."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import grpc
from kundenportal.events.v1 import event_detail_service_pb2 as pb2
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceStub

from notification.happenings import Concerned, Happening

TIMEOUT_SECONDS: Final = 5.0
PART_SECONDS: Final = 0.3
"""How long a page waits for a part that another service has (DESIGN 14)."""


class EmitterClient:
    """The EventDetailService of one neighbour."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = EventDetailServiceStub(channel)

    async def describe(self, event_id: UUID) -> Happening:
        """See happenings.Emitter."""
        answer: pb2.DescribeEventsResponse = await self._stub.DescribeEvents(
            pb2.DescribeEventsRequest(event_ids=[str(event_id)]), timeout=TIMEOUT_SECONDS
        )
        return _happening_from_proto(answer.details[0])

    async def describe_all(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Happening]:
        """See notice_sentences.Describer."""
        answer: pb2.DescribeEventsResponse = await self._stub.DescribeEvents(
            pb2.DescribeEventsRequest(event_ids=[str(event_id) for event_id in event_ids]), timeout=PART_SECONDS
        )
        return {UUID(detail.event_id): _happening_from_proto(detail) for detail in answer.details}


def _happening_from_proto(detail: pb2.EventDetail) -> Happening:
    return Happening(
        event_type=detail.event_type,
        facts=dict(detail.facts),
        concerned=tuple(Concerned(UUID(who.account_id), who.reason) for who in detail.concerned),
        suppressed=detail.suppressed,
    )
