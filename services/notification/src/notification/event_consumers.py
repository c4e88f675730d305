"""Events come in: each becomes a job in the transaction of its inbox row, and nothing else happens here."""

from collections.abc import Mapping

from chassis.database import Transaction
from chassis.inbox import Handler, Inbox
from chassis.jobs import enqueue
from chassis.messaging import Bus, Event
from notification.tell_event import TELL_EVENT
from notification.told_events import TOLD_EVENTS


def handlers() -> Mapping[str, Handler]:
    """What is done with each event type that people are told of."""
    return dict.fromkeys(TOLD_EVENTS, _tell_later)


async def _tell_later(tx: Transaction, event: Event) -> None:
    payload = {
        "event_id": str(event.id),
        "event_type": event.type,
        "event_time": event.time.isoformat(),
        "subject": event.subject,
        "thing_id": event.data.get(TOLD_EVENTS[event.type].thing),
    }
    await enqueue(tx, TELL_EVENT, payload, lock=f"{TELL_EVENT}:{event.subject}")


class EventConsumer:
    """A part of the process: takes the events of this service's queue into its inbox."""

    name = "consumer"

    def __init__(self, bus: Bus, inbox: Inbox, service: str) -> None:
        self._bus = bus
        self._inbox = inbox
        self._service = service

    async def start(self) -> None:
        await self._bus.subscribe(self._service, self._inbox.types, self._inbox.receive)

    async def stop(self) -> None:
        """Nothing: the bus ends what it carries."""
