"""What every bus does, held against RabbitMQ, the local bus and the fake."""

import asyncio
from uuid import uuid4

import pytest

from bus_harness import (
    AmqpHarness,
    FakeHarness,
    Harness,
    LocalHarness,
    Recorder,
    an_event,
    publish,
    running,
    until,
    until_true,
)
from chassis.database import DatabaseUnavailable
from chassis.messaging import Event


@pytest.fixture(params=["fake", "local", "amqp"])
def harness(request: pytest.FixtureRequest) -> Harness:
    if request.param == "fake":
        return FakeHarness()
    if request.param == "local":
        return LocalHarness(request.getfixturevalue("empty_database"))
    return AmqpHarness(request.getfixturevalue("fresh_amqp_url"))


@pytest.fixture
def kind() -> str:
    return f"kundenportal.sample.thing.t{uuid4().hex}.v1"


@pytest.fixture
def service() -> str:
    return f"s{uuid4().hex[:8]}"


async def test_a_subscriber_gets_its_types_as_they_were_published(harness: Harness, kind: str, service: str) -> None:
    seen = Recorder()
    async with running(harness.bus()) as bus:
        await bus.subscribe(service, [kind], seen)
        event = an_event(kind)
        await publish(bus, an_event(kind + ".other"), event)
        await until(lambda: len(seen.events) == 1)
        await asyncio.sleep(0.1)
    assert seen.events == [event]


async def test_every_service_gets_an_event_and_one_replica_of_each(harness: Harness, kind: str, service: str) -> None:
    mine, twin, other = Recorder(), Recorder(), Recorder()
    async with running(harness.bus()) as bus, running(harness.bus()) as second, running(harness.bus()) as third:
        await bus.subscribe(service, [kind], mine)
        await second.subscribe(service, [kind], twin)
        await third.subscribe(service + "-other", [kind], other)
        await until_true(lambda: harness.known(service))
        await until_true(lambda: harness.known(service + "-other"))
        await publish(bus, *(an_event(kind) for _ in range(20)))
        await until(lambda: len(mine.events) + len(twin.events) >= 20 and len(other.events) >= 20)
    assert {event.id for event in mine.events + twin.events} == {event.id for event in other.events}
    assert not {event.id for event in mine.events} & {event.id for event in twin.events}


async def test_events_of_a_subject_come_in_order_and_one_at_a_time(harness: Harness, kind: str, service: str) -> None:
    subjects = [str(uuid4()) for _ in range(5)]
    at_work: set[str] = set()
    seen: dict[str, list[int]] = {subject: [] for subject in subjects}

    async def handle(event: Event) -> None:
        assert event.subject not in at_work
        at_work.add(event.subject)
        await asyncio.sleep(0.002)
        if event.sequence not in seen[event.subject]:
            seen[event.subject].append(event.sequence)
        at_work.remove(event.subject)

    async with running(harness.bus()) as bus, running(harness.bus()) as twin:
        await bus.subscribe(service, [kind], handle)
        await twin.subscribe(service, [kind], handle)
        for sequence in range(1, 11):
            await publish(bus, *(an_event(kind, subject=subject, sequence=sequence) for subject in subjects))
        await until(lambda: all(len(numbers) >= 10 for numbers in seen.values()))
    assert all(numbers == list(range(1, 11)) for numbers in seen.values())


async def test_a_subscriber_that_comes_later_gets_what_was_before(harness: Harness, kind: str, service: str) -> None:
    seen = Recorder()
    subject = str(uuid4())
    async with running(harness.bus()) as bus:
        await publish(bus, *(an_event(kind, subject=subject, sequence=number) for number in (1, 2, 3)))
        await bus.subscribe(service, [kind], seen)
        await until(lambda: len(seen.events) >= 3)
        await publish(bus, an_event(kind, subject=subject, sequence=4))
        await until(lambda: 4 in seen.sequences)
    assert list(dict.fromkeys(seen.sequences)) == [1, 2, 3, 4]


async def test_events_wait_for_a_service_that_is_down(harness: Harness, kind: str, service: str) -> None:
    first, later = Recorder(), Recorder()
    async with running(harness.bus()) as publisher:
        async with running(harness.bus()) as bus:
            await bus.subscribe(service, [kind], first)
            await until_true(lambda: harness.known(service))
            await publish(publisher, an_event(kind))
            await until(lambda: len(first.events) == 1)
        missed = an_event(kind)
        await publish(publisher, missed)
        async with running(harness.bus()) as bus:
            await bus.subscribe(service, [kind], later)
            await until(lambda: len(later.events) == 1)
    assert later.events == [missed]


async def test_a_handler_that_raises_is_tried_again_in_order(harness: Harness, kind: str, service: str) -> None:
    seen = Recorder(failures=[RuntimeError("first"), RuntimeError("second")])
    subject = str(uuid4())
    async with running(harness.bus()) as bus:
        await bus.subscribe(service, [kind], seen)
        await until_true(lambda: harness.known(service))
        await publish(bus, an_event(kind, subject=subject), an_event(kind, subject=subject, sequence=2))
        await until(lambda: len(seen.events) == 2)
    assert seen.sequences == [1, 2]
    assert seen.calls == 4
    assert await harness.dead(service) == []


async def test_what_always_fails_is_set_aside_and_holds_nothing_up(harness: Harness, kind: str, service: str) -> None:
    seen = Recorder()
    subject = str(uuid4())
    bad, good = an_event(kind, subject=subject), an_event(kind, subject=subject, sequence=2)
    seen_bad = Recorder()

    async def handle(event: Event) -> None:
        if event == bad:
            await seen_bad(bad)
            raise RuntimeError("always")
        await seen(good)

    async with running(harness.bus()) as bus:
        await bus.subscribe(service, [kind], handle)
        await until_true(lambda: harness.known(service))
        await publish(bus, bad, good)
        await until(lambda: len(seen.events) == 1)
        await until_true(lambda: _is_dead(harness, service, bad.id))
    assert 3 <= seen_bad.calls <= 5  # the attempts of each bus's patience


async def _is_dead(harness: Harness, service: str, event_id: object) -> bool:
    return await harness.dead(service) == [event_id]


async def test_a_passing_error_is_waited_out_and_never_kills(harness: Harness, kind: str, service: str) -> None:
    seen = Recorder(failures=[DatabaseUnavailable() for _ in range(12)])
    subject = str(uuid4())
    async with running(harness.bus()) as bus:
        await bus.subscribe(service, [kind], seen)
        await publish(bus, an_event(kind, subject=subject), an_event(kind, subject=subject, sequence=2))
        await until(lambda: len(seen.events) == 2)
    assert seen.sequences == [1, 2]
    assert await harness.dead(service) == []


async def test_what_a_stopped_replica_held_is_taken_up_by_another(harness: Harness, kind: str, service: str) -> None:
    held, seen = Recorder(failures=[DatabaseUnavailable() for _ in range(1000)]), Recorder()
    async with running(harness.bus()) as publisher:
        async with running(harness.bus()) as bus:
            await bus.subscribe(service, [kind], held)
            await publish(publisher, an_event(kind))
            await until(lambda: held.calls > 0)
        async with running(harness.bus()) as bus:
            await bus.subscribe(service, [kind], seen)
            await until(lambda: len(seen.events) == 1)
    assert held.events == []


async def test_strange_bytes_are_set_aside_at_once(harness: Harness, kind: str, service: str) -> None:
    if isinstance(harness, FakeHarness):
        pytest.skip("the fake takes events only")
    seen = Recorder()
    async with running(harness.bus()) as bus:
        await bus.subscribe(service, [kind], seen)
        await until_true(lambda: harness.known(service))
        first, last = an_event(kind), an_event(kind)
        await publish(bus, first)
        await until(lambda: len(seen.events) == 1)
        await harness.publish_bytes(kind, b"\xff not an event")
        await harness.publish_bytes(kind, b'{"specversion": "1.0", "id": "1"}')
        await publish(bus, last)
        await until(lambda: len(seen.events) == 2)
        await until_true(lambda: _count_dead(harness, service, 2))
    assert seen.calls == 2


async def _count_dead(harness: Harness, service: str, count: int) -> bool:
    return len(await harness.dead(service)) == count


async def test_every_replica_that_listens_hears_every_event(harness: Harness, kind: str, service: str) -> None:
    first, second, links = Recorder(), Recorder(), list[bool]()
    async with running(harness.bus()) as bus, running(harness.bus()) as twin:
        await publish(bus, an_event(kind))
        await bus.listen([kind], first, links.append)
        await twin.listen([kind], second, links.append)
        await until(lambda: links == [True, True])
        event = an_event(kind)
        await publish(bus, an_event(kind + ".other"), event)
        await until(lambda: bool(first.events and second.events))
    assert first.events == second.events == [event]


async def test_a_listener_that_raises_goes_on_listening(harness: Harness, kind: str) -> None:
    seen, links = Recorder(failures=[RuntimeError("once")]), list[bool]()
    async with running(harness.bus()) as bus:
        await bus.listen([kind], seen, links.append)
        await until(lambda: links == [True])
        await publish(bus, an_event(kind), an_event(kind, sequence=2))
        await until(lambda: seen.sequences == [2])
