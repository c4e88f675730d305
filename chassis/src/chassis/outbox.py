"""Events leave a service only through here: a row in the transaction of the effect, published later by the relay."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from kundenportal.events.v1 import event_type_pb2
from sqlalchemy import Row, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB

from chassis import telemetry
from chassis.database import Transaction
from chassis.messaging import Event
from chassis.tables import outbox

CHANNEL = "outbox"
"""NOTIFY channel that wakes the relay; urgent events say so in the payload."""

# One round trip. The row lock on the sequence is held until commit, so that sequences of a subject
# are contiguous and committed in their order.
_ADD = text(
    """
    WITH given AS (
        INSERT INTO outbox_sequences AS held (subject, last) VALUES (:subject, 1)
        ON CONFLICT (subject) DO UPDATE SET last = held.last + 1
        RETURNING last
    ), added AS (
        INSERT INTO outbox (id, subject, sequence, type, time, data, traceparent, urgent)
        SELECT :id, :subject, given.last, :type, :time, :data, :traceparent, :urgent FROM given
        RETURNING 1
    )
    SELECT pg_notify(:channel, '') FROM added
    """
).bindparams(bindparam("data", type_=JSONB))


def event_type(message: Message | type[Message]) -> str:
    """The CloudEvents type of a payload message.

    Raises:
        TypeError: the message declares none, so it is no event.
    """
    name = message.DESCRIPTOR.GetOptions().Extensions[event_type_pb2.event_type]
    if not name:
        raise TypeError(f"{message.DESCRIPTOR.full_name} has no event_type option")
    return str(name)


def source_of(service: str) -> str:
    """The CloudEvents source of a service."""
    return f"urn:kundenportal:{service}"


class Outbox:
    """The outgoing events of one service."""

    def __init__(self, service: str, clock: Callable[[], datetime], new_id: Callable[[], UUID]) -> None:
        self._source = source_of(service)
        self._clock = clock
        self._new_id = new_id

    async def add(self, tx: Transaction, subject: UUID, message: Message, *, urgent: bool = False) -> UUID:
        """Emits the message when the transaction commits; returns the event's id.

        Subject is the aggregate; its events keep their order. Urgent ones (invalidations) go before others.
        """
        values = self._row(subject, message, urgent=urgent)
        await tx.execute(_ADD, values)
        event_id: UUID = values["id"]
        return event_id

    async def add_all(self, tx: Transaction, messages: Mapping[UUID, Message], *, urgent: bool = False) -> None:
        """Emits a message for each subject, in one round trip. Sorted, so that two who do so never wait in a ring."""
        if messages:
            rows = [self._row(subject, messages[subject], urgent=urgent) for subject in sorted(messages)]
            await tx.execute(_ADD, rows)

    def _row(self, subject: UUID, message: Message, *, urgent: bool) -> dict[str, Any]:
        return {
            "id": self._new_id(),
            "subject": subject,
            "type": event_type(message),
            "time": self._clock(),
            "data": MessageToDict(message, always_print_fields_with_no_presence=True),
            "traceparent": telemetry.inject(),
            "urgent": urgent,
            "channel": CHANNEL,
        }

    async def find(self, tx: Transaction, event_ids: Sequence[UUID]) -> list[Event]:
        """Those of the events that were emitted here, in the order asked."""
        rows = await tx.execute(select(outbox).where(outbox.c.id.in_(event_ids)))
        found = {row.id: to_event(row, self._source) for row in rows}
        return [found[event_id] for event_id in event_ids if event_id in found]


def to_event(row: Row[Any], source: str) -> Event:
    """An outbox row as the event that it becomes."""
    return Event(
        id=row.id,
        type=row.type,
        source=source,
        subject=str(row.subject),
        sequence=row.sequence,
        time=row.time,
        data=row.data,
        traceparent=row.traceparent,
    )
