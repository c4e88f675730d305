"""Events as they travel, and the port to the bus that carries them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from google.protobuf.json_format import ParseDict
from google.protobuf.message import Message

from chassis.database import is_passing
from chassis.errors import DomainError, ErrorKind

CONTENT_TYPE = "application/cloudevents+json"
MessageT = TypeVar("MessageT", bound=Message)


class BusUnavailable(DomainError):  # noqa: N818 - the vocabulary's name
    """The bus did not confirm that it has the event; it may have it nevertheless."""

    def __init__(self, detail: str = "the bus does not answer") -> None:
        super().__init__(ErrorKind.UNAVAILABLE, "bus_unavailable", detail)


class EventRefused(BusUnavailable):
    """The bus is there and refuses this event (too large, a full queue); others may pass."""


class MalformedEvent(ValueError):  # noqa: N818 - says what is the matter
    """Bytes that are no event of ours: they can never be processed."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that has happened: CloudEvents 1.0 with the extensions sequence, partitionkey, traceparent.

    `subject` is the aggregate's id, `sequence` counts its events from 1 without gaps.
    """

    id: UUID
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    data: Mapping[str, Any]
    traceparent: str | None = None

    def to_cloudevent(self) -> bytes:
        """Structured JSON (application/cloudevents+json)."""
        attributes: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(self.id),
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "time": self.time.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            # The extension's rule: a string whose lexical order is the order of the events.
            "sequence": f"{self.sequence:012d}",
            "partitionkey": self.subject,
        }
        if self.traceparent is not None:
            attributes["traceparent"] = self.traceparent
        return json.dumps({**attributes, "data": dict(self.data)}, separators=(",", ":")).encode()

    @classmethod
    def from_cloudevent(cls, body: bytes) -> "Event":
        """Reads structured JSON. Strict, where the SDK would make up a missing id or time.

        Raises:
            MalformedEvent: not a CloudEvent, or without what every event of the portal has.
        """
        try:
            read = json.loads(body)
            if read["specversion"] != "1.0" or not isinstance(read["data"], dict):
                raise MalformedEvent("not a CloudEvent 1.0 with a JSON object as its data")
            time = datetime.fromisoformat(read["time"])
            if time.tzinfo is None:
                raise MalformedEvent("the time has no zone")
            return cls(
                id=UUID(read["id"]),
                type=_text(read["type"]),
                source=_text(read["source"]),
                subject=_text(read["subject"]),
                sequence=int(read["sequence"]),
                time=time,
                data=read["data"],
                traceparent=read.get("traceparent"),
            )
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise MalformedEvent(repr(error)) from error

    def payload(self, message_class: Callable[[], MessageT]) -> MessageT:
        """The data as its protobuf message; fields of a newer version are ignored."""
        message = message_class()
        ParseDict(dict(self.data), message, ignore_unknown_fields=True)
        return message


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise MalformedEvent("an attribute is missing or no text")
    return value


Handle = Callable[[Event], Awaitable[None]]
OnConnected = Callable[[bool], None]


class Bus(Protocol):
    """Carries events between services: at least once, in order per subject, never lost once published."""

    @property
    def name(self) -> str:
        """What the process calls this part."""

    async def start(self) -> None:
        """Connects in the background: a bus that is away does not keep a service from starting."""

    async def stop(self) -> None:
        """Ends consuming after the handlers under way, then disconnects."""

    async def publish(self, event: Event) -> None:
        """Returns only when the bus has the event durably.

        Raises:
            BusUnavailable: it may or may not have it; publish again.
            EventRefused: it does not take this one.
        """

    async def subscribe(self, service: str, types: Sequence[str], handle: Handle) -> None:
        """Durable, shared by the replicas of a service; a new subscriber starts with the last day's events.

        A handler that raises is tried again a few times, then the event is set aside as dead. One that
        raises a passing error (see is_passing_error) keeps its event, and its subject, waiting as long as it takes.
        """

    async def listen(self, types: Sequence[str], handle: Handle, on_connected: OnConnected) -> None:
        """Every event from now on to this replica, while it is connected; nothing is kept or retried."""


def is_passing_error(error: BaseException) -> bool:
    """Whether a handler failed for a reason outside of its event, so that waiting is right."""
    if isinstance(error, DomainError):
        return error.kind in {ErrorKind.UNAVAILABLE, ErrorKind.RATE_LIMITED}
    return is_passing(error)
