"""Hand-written fakes; each is held to the contract suite of what it stands for."""

import asyncio
from collections import defaultdict
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from chassis.background import end
from chassis.delivery import Lanes, Patience, deliver
from chassis.messaging import BusUnavailable, Event, Handle, OnConnected
from chassis.testing_edges import (
    FakeClients,
    FakeClock,
    FakeSessions,
    certificates,
    make_caller,
    page_client,
    sequence_of_ids,
    settings_for,
)

__all__ = [
    "FakeBroker",
    "FakeBus",
    "FakeClients",
    "FakeClock",
    "FakeSessions",
    "certificates",
    "make_caller",
    "page_client",
    "sequence_of_ids",
    "settings_for",
]

_QUICK = Patience(attempts=5, first_pause=0.005, longest_pause=0.02)


@dataclass
class FakeBroker:
    """What several FakeBus replicas share, as processes share a broker."""

    log: list[Event] = field(default_factory=list)
    dead: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    available: bool = True
    _queues: dict[str, "_Queue"] = field(default_factory=dict)
    _listeners: list["_Listener"] = field(default_factory=list)

    def drop(self) -> None:
        """The broker goes away; what it has stays."""
        self._switch(up=False)

    def restore(self) -> None:
        """The broker is back."""
        self._switch(up=True)

    def _switch(self, *, up: bool) -> None:
        self.available = up
        for listener in list(self._listeners):
            listener.on_connected(up)
        for queue in self._queues.values():
            queue.changed.set()


@dataclass
class _Queue:
    types: frozenset[str]
    waiting: list[Event]
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    lanes: Lanes = field(default_factory=Lanes)
    under_way: int = 0


@dataclass
class _Listener:
    types: frozenset[str]
    handle: Handle
    on_connected: OnConnected


class FakeBus:
    """The bus in memory. `published` is what was sent; `settled()` waits until all of it was handled."""

    name = "bus"

    def __init__(self, broker: FakeBroker | None = None) -> None:
        self.broker = broker or FakeBroker()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[_Listener] = []

    @property
    def published(self) -> list[Event]:
        return self.broker.log

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        for listener in self._listeners:
            self.broker._listeners.remove(listener)  # noqa: SLF001 - the broker is this module's
        self._listeners.clear()
        await end(self._tasks)

    async def publish(self, event: Event) -> None:
        await asyncio.sleep(0)
        if not self.broker.available:
            raise BusUnavailable
        copy = Event.from_cloudevent(event.to_cloudevent())
        self.broker.log.append(copy)
        for queue in self.broker._queues.values():  # noqa: SLF001
            if copy.type in queue.types:
                queue.waiting.append(copy)
                queue.changed.set()
        for listener in list(self.broker._listeners):  # noqa: SLF001
            if copy.type in listener.types:
                with suppress(Exception):  # a listener's failure is its own
                    await listener.handle(copy)

    async def subscribe(self, service: str, types: Sequence[str], handle: Handle) -> None:
        wanted = frozenset(types)
        queues = self.broker._queues  # noqa: SLF001
        if service not in queues:
            queues[service] = _Queue(wanted, [event for event in self.broker.log if event.type in wanted])
        queues[service].types = wanted
        self._run(self._consume(service, queues[service], handle))

    async def listen(self, types: Sequence[str], handle: Handle, on_connected: OnConnected) -> None:
        listener = _Listener(frozenset(types), handle, on_connected)
        self._listeners.append(listener)
        self.broker._listeners.append(listener)  # noqa: SLF001
        on_connected(self.broker.available)

    async def settled(self) -> None:
        """Waits until every subscriber has handled, or set aside, all that was published."""
        while any(queue.waiting or queue.under_way for queue in self.broker._queues.values()):  # noqa: ASYNC110, SLF001
            await asyncio.sleep(0.001)

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _consume(self, service: str, queue: _Queue, handle: Handle) -> None:
        while True:
            while queue.waiting and self.broker.available:
                event = queue.waiting.pop(0)
                queue.under_way += 1
                self._run(self._handle(service, queue, event, handle))
            queue.changed.clear()
            await queue.changed.wait()

    async def _handle(self, service: str, queue: _Queue, event: Event, handle: Handle) -> None:
        try:
            async with queue.lanes.turn(event.subject):
                if not await deliver(handle, event, _QUICK):
                    self.broker.dead[service].append(event)
        except asyncio.CancelledError:
            queue.waiting.insert(0, event)  # this replica stops; another one takes it up
            queue.changed.set()
            raise
        finally:
            queue.under_way -= 1
