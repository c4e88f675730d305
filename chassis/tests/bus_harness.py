"""The buses behind one handle, so that one contract suite holds all of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4

import aio_pika
import asyncpg

from chassis.amqp_bus import AmqpBus
from chassis.amqp_topology import EXCHANGE, dead_queue_of, exists, queue_of
from chassis.delivery import Patience
from chassis.local_bus import LocalBus
from chassis.messaging import Bus, BusUnavailable, Event
from chassis.testing import FakeBroker, FakeBus

QUICK = Patience(attempts=3, first_pause=0.02, longest_pause=0.1)


class Harness(Protocol):
    """One broker; every call of `bus` is another replica's connection to it."""

    def bus(self) -> Bus: ...

    async def dead(self, service: str) -> list[UUID]:
        """Ids of the events set aside for a service."""
        ...

    async def known(self, service: str) -> bool:
        """Whether the bus has made the service's queue; from then on nothing comes from the log."""
        ...

    async def publish_bytes(self, event_type: str, body: bytes) -> None:
        """What a stranger may publish."""
        ...


class FakeHarness:
    def __init__(self) -> None:
        self._broker = FakeBroker()

    def bus(self) -> Bus:
        return FakeBus(self._broker)

    async def dead(self, service: str) -> list[UUID]:
        return [event.id for event in self._broker.dead[service]]

    async def known(self, service: str) -> bool:
        return True

    async def publish_bytes(self, event_type: str, body: bytes) -> None:
        raise NotImplementedError


class LocalHarness:
    def __init__(self, url: str) -> None:
        self._url = url

    def bus(self) -> Bus:
        return LocalBus(self._url, patience=QUICK)

    async def dead(self, service: str) -> list[UUID]:
        connection = await asyncpg.connect(self._url)
        try:
            rows = await connection.fetch(
                "SELECT body FROM bus_deliveries JOIN bus_events USING (position) WHERE subscriber = $1 AND dead",
                service,
            )
        finally:
            await connection.close()
        return [_id_in(row["body"]) for row in rows]

    async def known(self, service: str) -> bool:
        connection = await asyncpg.connect(self._url)
        try:
            return bool(await connection.fetchval("SELECT count(*) FROM bus_subscribers WHERE name = $1", service))
        except asyncpg.UndefinedTableError:
            return False
        finally:
            await connection.close()

    async def publish_bytes(self, event_type: str, body: bytes) -> None:
        connection = await asyncpg.connect(self._url)
        try:
            await connection.execute("SELECT bus_publish($1, 'stranger', $2)", event_type, body)
        finally:
            await connection.close()


class AmqpHarness:
    def __init__(self, url: str) -> None:
        self._url = url

    def bus(self) -> Bus:
        return AmqpBus(self._url, patience=QUICK)

    async def dead(self, service: str) -> list[UUID]:
        """Looks without taking: what was got goes back when the connection closes."""
        async with await aio_pika.connect(self._url) as connection:
            queue = await (await connection.channel()).get_queue(dead_queue_of(service))
            found = []
            while (message := await queue.get(fail=False)) is not None:
                found.append(_id_in(message.body))
            return found

    async def known(self, service: str) -> bool:
        async with await aio_pika.connect(self._url) as connection:
            return await exists(connection, f"{queue_of(service)}.filled")

    async def publish_bytes(self, event_type: str, body: bytes) -> None:
        async with await aio_pika.connect(self._url) as connection:
            exchange = await (await connection.channel()).get_exchange(EXCHANGE)
            await exchange.publish(aio_pika.Message(body, type=event_type), event_type)


def _id_in(body: bytes) -> UUID:
    try:
        return Event.from_cloudevent(body).id
    except ValueError:
        return UUID(int=0)


def an_event(event_type: str, *, subject: str = "", sequence: int = 1) -> Event:
    return Event(
        id=uuid4(),
        type=event_type,
        source="urn:kundenportal:sample",
        subject=subject or str(uuid4()),
        sequence=sequence,
        time=datetime.now(UTC),
        data={"number": sequence},
    )


@dataclass
class Recorder:
    """A handler that notes what it was given, once as the inbox does, and fails as often as it is told."""

    events: list[Event] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    calls: int = 0

    async def __call__(self, event: Event) -> None:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        if event not in self.events:
            self.events.append(event)

    @property
    def sequences(self) -> list[int]:
        return [event.sequence for event in self.events]


async def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Waits for a condition; fails the test when it does not come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.01)


async def until_true(condition: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.05)


@asynccontextmanager
async def running(bus: Bus) -> AsyncIterator[Bus]:
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()


async def publish(bus: Bus, *events: Event) -> None:
    """Publishes as the relay does: again until the bus has it."""
    for event in events:
        async with asyncio.timeout(20):
            while True:
                with suppress(BusUnavailable):
                    await bus.publish(event)
                    break
                await asyncio.sleep(0.05)
