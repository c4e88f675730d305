"""The bus where no RabbitMQ is: a log in PostgreSQL, with what RabbitMQ guarantees (ADR 0004)."""

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog

from chassis.background import end, forever, happens
from chassis.delivery import DEFAULT_PATIENCE, Patience
from chassis.local_bus_consumer import LocalBusConsumer
from chassis.local_bus_store import CHANNEL, CLAIM_SECONDS, LocalBusStore
from chassis.messaging import BusUnavailable, Event, Handle, MalformedEvent, OnConnected
from chassis.notifications import hear

log = structlog.get_logger(__name__)

_POLL = 1.0
_PRUNE_SECONDS = 3600.0


class LocalBus:
    """Its database is its own: services share nothing but the bus, as with a broker."""

    name = "bus"

    def __init__(
        self, url: str, *, patience: Patience = DEFAULT_PATIENCE, claim_seconds: float = CLAIM_SECONDS
    ) -> None:
        """Takes postgresql://user:password@host:port/bus; makes what it needs there.

        What a replica holds that died is another one's after `claim_seconds`.
        """
        self._store = LocalBusStore(url, claim_seconds=claim_seconds)
        self._patience = patience
        self._wakes: list[asyncio.Event] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Connects in the background."""
        self._tasks.append(asyncio.create_task(hear(self._store.url, CHANNEL, self._heard), name="bus_hear"))
        self._tasks.append(asyncio.create_task(forever(self._prune, expected=BusUnavailable), name="bus_prune"))

    async def stop(self) -> None:
        """Waits up to 5 s for the handlers under way; what they did not finish is given back."""
        await end(self._tasks)
        await self._store.close()

    async def publish(self, event: Event) -> None:
        """Returns when the log has it; see Bus.publish."""
        await self._store.publish(event.type, event.subject, event.to_cloudevent())

    async def subscribe(self, service: str, types: Sequence[str], handle: Handle) -> None:
        """See Bus.subscribe."""
        consumer = LocalBusConsumer(self._store, service, types, handle, patience=self._patience)
        self._wakes.append(consumer.wake)
        self._tasks.append(asyncio.create_task(consumer.run(), name=f"consume {service}"))

    async def listen(self, types: Sequence[str], handle: Handle, on_connected: OnConnected) -> None:
        """See Bus.listen."""
        wake = asyncio.Event()
        self._wakes.append(wake)
        follow = partial(self._listen, tuple(types), handle, on_connected, wake)
        self._tasks.append(asyncio.create_task(forever(follow, expected=BusUnavailable), name="listen"))

    def _heard(self, _payload: str) -> None:
        for wake in self._wakes:
            wake.set()

    async def _listen(
        self, types: Sequence[str], handle: Handle, on_connected: OnConnected, wake: asyncio.Event
    ) -> None:
        position = await self._store.newest()
        on_connected(True)
        try:
            await self._follow(position, types, handle, wake)
        finally:
            on_connected(False)

    async def _follow(self, position: int, types: Sequence[str], handle: Handle, wake: asyncio.Event) -> None:
        """Reads on from a position; a database that does not answer ends it."""
        while True:
            wake.clear()
            for reached, body in await self._store.after(position, types):
                await _hand_over(body, handle)
                position = reached
            await happens(wake, _POLL)

    async def _prune(self) -> None:
        await self._store.prune()
        await asyncio.sleep(_PRUNE_SECONDS)


async def _hand_over(body: bytes, handle: Handle) -> None:
    try:
        await handle(Event.from_cloudevent(body))
    except MalformedEvent:
        log.exception("event_malformed")
    except Exception:
        log.exception("listener_failed")
