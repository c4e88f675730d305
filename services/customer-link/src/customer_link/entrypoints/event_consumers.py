"""What others' events mean here; a consumer makes no network call."""

from uuid import UUID

from kundenportal.identity.events.v1.events_pb2 import AccountClosed

from chassis.database import Transaction
from chassis.inbox import Handler, Inbox
from chassis.messaging import Bus, Event
from chassis.outbox import event_type
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.end_memberships import end_memberships


def event_handlers(workplace: Workplace) -> dict[str, Handler]:
    """The handlers by type of event."""

    async def account_closed(tx: Transaction, event: Event) -> None:
        account_id = UUID(event.payload(AccountClosed).account_id)
        await end_memberships(account_id, records=workplace.records(tx), clock=workplace.rules.clock)

    return {event_type(AccountClosed): account_closed}


class EventConsumer:
    """A part of the process: takes the events that concern this service."""

    name = "consumer"

    def __init__(self, bus: Bus, service: str, inbox: Inbox) -> None:
        self._bus = bus
        self._service = service
        self._inbox = inbox

    async def start(self) -> None:
        """Subscribes; the bus may be away."""
        await self._bus.subscribe(self._service, self._inbox.types, self._inbox.receive)

    async def stop(self) -> None:
        """Nothing: the bus ends what it carries."""
