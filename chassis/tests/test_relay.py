"""The outbox reaches the bus: everything, in order per aggregate, by one replica at a time."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import UUID, uuid4

import pytest
from prometheus_client import CollectorRegistry

from bus_harness import until, until_true
from chassis import relay
from chassis.database import Database
from chassis.housekeeping import prune
from chassis.lease import Lease
from chassis.messaging import Event, EventRefused
from chassis.relay import Relay
from chassis.testing import FakeBus
from plumbing_samples import REVOKED, count, emit, emit_and_commit, execute


@pytest.fixture
async def database(database_factory: Callable[[str], Awaitable[Database]]) -> Database:
    return await database_factory("sample_service")


@asynccontextmanager
async def relaying(database: Database, bus: FakeBus, *replicas: str) -> AsyncIterator[list[Relay]]:
    async with AsyncExitStack() as stack:
        relays = [Relay(database, bus, "identity", replica=replica) for replica in replicas or ("one",)]
        for each in relays:
            await each.start()
            stack.push_async_callback(each.stop)
        yield relays


def by_subject(events: list[Event]) -> dict[str, list[int]]:
    sequences: dict[str, list[int]] = defaultdict(list)
    for event in events:
        sequences[event.subject].append(event.sequence)
    return sequences


async def pending(database: Database) -> int:
    return await count(database, "outbox", "publish_time IS NULL")


async def drained(database: Database) -> bool:
    return await pending(database) == 0


async def test_every_event_is_published_once_in_the_order_of_its_aggregate(database: Database) -> None:
    bus = FakeBus()
    subjects = [uuid4() for _ in range(20)]
    async with relaying(database, bus, "one", "two", "three"):
        await asyncio.gather(*(emit_and_commit(database, *subjects) for _ in range(15)))
        await until(lambda: len(bus.published) >= 300)
        await until_true(lambda: drained(database))
    assert by_subject(bus.published) == {str(subject): list(range(1, 16)) for subject in subjects}


async def test_an_event_leaves_within_milliseconds_of_its_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "_POLL", 60.0)
    bus = FakeBus()
    async with relaying(database, bus):
        await emit_and_commit(database, uuid4())
        await until(lambda: len(bus.published) == 1)
        loop = asyncio.get_running_loop()
        began = loop.time()
        await emit_and_commit(database, uuid4())
        await until(lambda: len(bus.published) == 2)
        assert loop.time() - began < 1


async def test_polling_finds_what_no_notice_told_of(database: Database) -> None:
    bus = FakeBus()
    async with relaying(database, bus):
        await until_true(lambda: held(database))
        await execute(
            database,
            "INSERT INTO outbox (id, subject, sequence, type, time, data)"
            " VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'kundenportal.x.v1', now(), '{}')",
        )
        await until(lambda: len(bus.published) == 1, 5)


async def held(database: Database) -> bool:
    return await count(database, "relay_lease", "expire_time > now()") == 1


async def test_invalidations_go_before_what_waited_longer(database: Database) -> None:
    bus = FakeBus()
    bus.broker.drop()
    urgent, plain = uuid4(), uuid4()
    for _ in range(3):
        await emit_and_commit(database, *(uuid4() for _ in range(100)))
    await emit_and_commit(database, plain, urgent)
    async with database.transaction() as tx:
        await emit(tx, urgent, urgent=True)
    bus.broker.restore()
    async with relaying(database, bus):
        await until(lambda: len(bus.published) == 303)
    position = [event.type for event in bus.published].index(REVOKED)
    assert position < 40
    assert by_subject(bus.published)[str(urgent)] == [1, 2]


class PickyBus(FakeBus):
    """Refuses one subject."""

    refused: UUID | None = None

    async def publish(self, event: Event) -> None:
        if event.subject == str(self.refused):
            raise EventRefused
        await super().publish(event)


async def test_a_refused_event_keeps_back_its_own_aggregate_only(database: Database) -> None:
    bus = PickyBus()
    bus.refused = uuid4()
    others = [uuid4() for _ in range(5)]
    async with relaying(database, bus):
        await emit_and_commit(database, bus.refused, *others)
        await emit_and_commit(database, bus.refused, *others)
        await until(lambda: len(bus.published) == 10)
        held_back, bus.refused = str(bus.refused), None
        await until(lambda: len(bus.published) == 12)
    assert by_subject(bus.published)[held_back] == [1, 2]


async def test_a_bus_that_is_away_is_waited_for(database: Database) -> None:
    bus = FakeBus()
    registry = CollectorRegistry()
    bus.broker.drop()
    await emit_and_commit(database, *(uuid4() for _ in range(3)))
    await execute(database, "UPDATE outbox SET time = now() - interval '90 seconds'")
    one = Relay(database, bus, "identity", replica="one", registry=registry)
    await one.start()
    await until(lambda: registry.get_sample_value("kundenportal_outbox_pending") == 3)
    assert 90 <= (registry.get_sample_value("kundenportal_outbox_oldest_age_seconds") or 0) < 100
    bus.broker.restore()
    await until(lambda: len(bus.published) == 3)
    await one.stop()


async def test_a_replica_that_stops_hands_over_at_once(database: Database) -> None:
    bus = FakeBus()
    async with relaying(database, bus, "two"):
        await until_true(lambda: held(database))
        async with relaying(database, bus, "one"):
            await asyncio.sleep(0.2)
    async with relaying(database, bus, "three"):
        await emit_and_commit(database, uuid4())
        await until(lambda: len(bus.published) == 1, 2)


async def test_a_lease_is_one_replicas_until_it_runs_out(database: Database) -> None:
    first, second = (Lease(database, "relay", "a", take_over_seconds=0.5) for _ in range(2))
    assert await first.acquire()
    assert not await second.acquire()
    assert await first.acquire()
    await asyncio.sleep(0.6)
    assert not first.held
    assert await second.acquire()
    assert not await first.acquire()
    assert second.parameters["term"] == 2


async def test_who_lost_the_lease_marks_nothing(database: Database) -> None:
    frozen, bus = Lease(database, "relay", "frozen"), FakeBus()
    await emit_and_commit(database, uuid4())
    assert await frozen.acquire()
    await execute(database, "UPDATE relay_lease SET holder = 'other', term = term + 1")
    from chassis.outbox_sender import OutboxSender  # noqa: PLC0415 - the one test that looks inside

    await OutboxSender(database, bus, "urn:kundenportal:identity", frozen).send()
    assert await pending(database) == 1


async def test_old_rows_are_pruned_and_young_and_pending_ones_kept(database: Database) -> None:
    await emit_and_commit(database, *(uuid4() for _ in range(4)))
    await execute(database, "UPDATE outbox SET time = now() - interval '99 days'")
    await execute(database, "UPDATE outbox SET publish_time = now() - interval '31 days' WHERE position <= 2")
    await execute(database, "UPDATE outbox SET publish_time = now() - interval '29 days' WHERE position = 3")
    await execute(database, "INSERT INTO inbox VALUES ('x', gen_random_uuid(), now() - interval '61 days')")
    await execute(database, "INSERT INTO inbox VALUES ('x', gen_random_uuid(), now() - interval '31 days')")
    assert await prune(database) == 3
    assert (await count(database, "outbox"), await count(database, "inbox")) == (2, 1)
