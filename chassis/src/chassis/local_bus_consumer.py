"""Consuming on the local bus: claims that are renewed while their handlers work."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID, uuid4

import structlog

from chassis.background import end, forever, happens
from chassis.delivery import CRASH_LIMIT, Patience, deliver
from chassis.local_bus_store import Claimed, LocalBusStore
from chassis.messaging import BusUnavailable, Event, Handle, MalformedEvent

log = structlog.get_logger(__name__)

_PREFETCH = 32
_POLL = 1.0
_DRAIN_SECONDS = 5.0


class LocalBusConsumer:
    """One subscription of one replica."""

    def __init__(
        self, store: LocalBusStore, service: str, types: Sequence[str], handle: Handle, *, patience: Patience
    ) -> None:
        self.wake = asyncio.Event()
        self._store = store
        self._service = service
        self._types = tuple(types)
        self._handle = handle
        self._patience = patience
        self._claim: UUID = uuid4()
        self._registered = False
        self._active: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Consumes until cancelled and waits for a bus that is away; in the end gives 5 s to what is under way."""
        renewing = asyncio.create_task(forever(self._renew, expected=BusUnavailable))
        try:
            await forever(self._consume, expected=BusUnavailable)
        finally:
            await self._finish(renewing)

    async def _consume(self) -> None:
        """Claims and starts what there is, or waits for more; the notice is a hint, looking is the truth."""
        self.wake.clear()
        if not self._registered:
            await self._store.subscribe(self._service, self._types)
            self._registered = True
        free = _PREFETCH - len(self._active)
        claimed = await self._store.claim(self._service, self._claim, free) if free > 0 else []
        for item in claimed:
            # After an outage a claim may have run out whose handler is still at work here.
            if item.position not in self._active:
                self._begin(item)
        if not claimed:
            await happens(self.wake, _POLL)

    def _begin(self, item: Claimed) -> None:
        task = asyncio.create_task(self._receive(item))
        self._active[item.position] = task
        task.add_done_callback(lambda _task: self._ended(item.position))

    def _ended(self, position: int) -> None:
        del self._active[position]
        self.wake.set()

    async def _receive(self, item: Claimed) -> None:
        answer = self._store.done if await self._handled(item) else self._store.dead
        # Unanswered, the claim runs out and the event comes again; the inbox knows it.
        with suppress(BusUnavailable):
            await answer(self._service, self._claim, item.position)

    async def _handled(self, item: Claimed) -> bool:
        try:
            event = Event.from_cloudevent(item.body)
        except MalformedEvent:
            log.exception("event_malformed", position=item.position)
            return False
        if item.deliveries > CRASH_LIMIT:
            log.error("event_kills_its_consumer", event_id=str(event.id), event_type=event.type)
            return False
        return await deliver(self._handle, event, self._patience)

    async def _renew(self) -> None:
        if self._active:
            await self._store.renew(self._service, self._claim, list(self._active))
        await asyncio.sleep(self._store.claim_seconds / 3)

    async def _finish(self, renewing: asyncio.Task[None]) -> None:
        tasks = list(self._active.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_DRAIN_SECONDS)
        await end((*tasks, renewing))
        with suppress(BusUnavailable):
            await self._store.release(self._service, self._claim)
