"""Work after the commit: at least once, in order per lock, until it succeeds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bus_harness import until, until_true
from chassis import jobs
from chassis.database import Database
from chassis.jobs import GiveUp, JobHandler, Jobs, Periodic, enqueue, enqueue_all
from chassis.request_context import handling, request_id
from plumbing_samples import count, execute, now


@pytest.fixture
async def database(database_factory: Callable[[str], Awaitable[Database]]) -> Database:
    return await database_factory("sample_service")


@asynccontextmanager
async def working(database: Database, handlers: Mapping[str, JobHandler], **options: Any) -> AsyncIterator[None]:
    worker = Jobs(database.url, handlers, **options)
    await worker.start()
    try:
        yield
    finally:
        await worker.stop()


class Done:
    """Notes its payloads; raises what it is told to raise first."""

    def __init__(self, *failures: BaseException) -> None:
        self.payloads: list[Mapping[str, Any]] = []
        self.failures = list(failures)

    async def __call__(self, payload: Mapping[str, Any]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.payloads.append(payload)


async def put(database: Database, name: str, *payloads: Mapping[str, Any], **options: Any) -> None:
    async with database.transaction() as tx:
        for payload in payloads:
            await enqueue(tx, name, payload, **options)


async def test_a_job_runs_once_its_transaction_has_committed(database: Database) -> None:
    done = Done()
    async with working(database, {"mail": done}):
        with pytest.raises(RuntimeError):  # noqa: PT012 - the block is the transaction
            async with database.transaction() as tx:
                await enqueue(tx, "mail", {"to": "nobody"})
                raise RuntimeError
        await put(database, "mail", {"to": "somebody"})
        await until(lambda: bool(done.payloads))
        await until_true(lambda: empty(database))
    assert done.payloads == [{"to": "somebody"}]


async def test_many_jobs_are_enqueued_at_once_each_under_its_lock(database: Database) -> None:
    done = Done()
    async with database.transaction() as tx:
        await enqueue_all(tx, "mail", {f"to {number}": {"number": number} for number in range(3)})
        await enqueue_all(tx, "mail", {})
    assert await count(database, "procrastinate_jobs", "lock LIKE 'to %'") == 3
    async with working(database, {"mail": done}):
        await until(lambda: len(done.payloads) == 3)
    assert sorted(payload["number"] for payload in done.payloads) == [0, 1, 2]


async def empty(database: Database) -> bool:
    return await count(database, "procrastinate_jobs") == 0


async def test_a_job_is_logged_under_the_request_that_caused_it(database: Database) -> None:
    seen: list[tuple[str, Mapping[str, Any]]] = []

    async def note(payload: Mapping[str, Any]) -> None:
        seen.append((request_id.get(), payload))

    async with working(database, {"mail": note}):
        with handling("0123456789abcdef"):
            await put(database, "mail", {"to": "somebody"})
        await until(lambda: bool(seen))
    assert seen == [("0123456789abcdef", {"to": "somebody"})]


async def test_jobs_of_a_lock_run_in_order_and_wait_for_a_failing_one(database: Database) -> None:
    locked, free = Done(RuntimeError("first")), Done()
    async with working(database, {"locked": locked, "free": free}):
        await put(database, "locked", *({"number": number} for number in range(4)), lock="ticket 1")
        await put(database, "free", {})
        await until(lambda: bool(free.payloads))
        assert locked.payloads == []
        await until(lambda: len(locked.payloads) == 4)
    assert [payload["number"] for payload in locked.payloads] == [0, 1, 2, 3]


async def test_the_next_of_a_lock_does_not_wait_for_a_poll(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_POLL", 4.0)
    done = Done()
    async with working(database, {"mail": done}):
        await put(database, "mail", {"warm": True})
        await until(lambda: len(done.payloads) == 1)
        await put(database, "mail", *({"number": number} for number in range(10)), lock="ticket 1")
        await until(lambda: len(done.payloads) == 11, 3)


async def test_a_job_waits_for_its_time(database: Database) -> None:
    done = Done()
    due = now() + timedelta(seconds=1.5)
    ended = []
    async with working(database, {"mail": done}):
        await put(database, "mail", {}, at=due)
        await until(lambda: bool(done.payloads))
        ended.append(now())
    assert ended[0] >= due


async def test_giving_up_keeps_the_job_as_failed_and_frees_its_lock(database: Database) -> None:
    done = Done(GiveUp("never"))
    async with working(database, {"mail": done}):
        await put(database, "mail", {"number": 1}, {"number": 2}, lock="a")
        await until(lambda: bool(done.payloads))
    assert done.payloads == [{"number": 2}]
    assert await count(database, "procrastinate_jobs", "status = 'failed'") == 1


async def test_an_older_replica_leaves_alone_what_it_does_not_know(database: Database) -> None:
    old, new = Done(), Done()
    async with working(database, {"mail": old}):
        await put(database, "letter", {})
        await put(database, "mail", {})
        await until(lambda: bool(old.payloads))
        await asyncio.sleep(1.2)
    async with working(database, {"mail": old, "letter": new}):
        await until(lambda: bool(new.payloads))


async def test_a_stopped_worker_leaves_its_job_to_another_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_DRAIN", 0.1)
    begun = asyncio.Event()
    done = Done()

    async def endless(_payload: Mapping[str, Any]) -> None:
        begun.set()
        await asyncio.sleep(60)

    async with working(database, {"mail": endless}):
        await put(database, "mail", {})
        await begun.wait()
    async with working(database, {"mail": done}):
        await until(lambda: bool(done.payloads), 5)


async def test_a_job_whose_replica_died_is_taken_up_again(database: Database) -> None:
    await put(database, "mail", {})
    await execute(
        database,
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '1 hour') RETURNING id)"
        " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead",
    )
    first, second = Done(), Done()
    async with (
        working(database, {"mail": first}, stalled_seconds=1.0),
        working(database, {"mail": second}, stalled_seconds=1.0),
    ):
        await until(lambda: bool(first.payloads or second.payloads))
        await asyncio.sleep(1)
    assert len(first.payloads + second.payloads) == 1


async def test_a_replica_that_was_given_up_registers_again(database: Database) -> None:
    done = Done()
    async with working(database, {"mail": done}):
        await put(database, "mail", {"number": 1})
        await until(lambda: len(done.payloads) == 1)
        await execute(database, "DELETE FROM procrastinate_workers")
        await put(database, "mail", {"number": 2})
        await until(lambda: len(done.payloads) == 2)


async def test_periodic_jobs_run_once_for_all_replicas(database: Database) -> None:
    done = Done()
    every_second = [Periodic("tick", "* * * * * *")]
    async with (
        working(database, {"tick": done}, periodic=every_second),
        working(database, {"tick": done}, periodic=every_second),
    ):
        await until(lambda: len(done.payloads) >= 3)
    times = [payload["timestamp"] for payload in done.payloads]
    assert len(times) == len(set(times))


async def test_a_database_that_is_away_at_the_start_is_waited_for(database: Database) -> None:
    done = Done()
    await execute(database, "ALTER TABLE procrastinate_workers RENAME TO hidden")
    async with working(database, {"mail": done}):
        await put(database, "mail", {})
        await asyncio.sleep(0.5)
        await execute(database, "ALTER TABLE hidden RENAME TO procrastinate_workers")
        await until(lambda: bool(done.payloads))


def test_pauses_double_to_ten_minutes() -> None:
    strategy = jobs._Backoff()
    pauses = [strategy.pause(attempts) for attempts in range(15)]
    assert 0.8 <= pauses[0] <= 1.2
    assert 12.8 <= pauses[4] <= 19.2
    assert all(480 <= pause <= 720 for pause in pauses[10:])


async def test_a_name_too_long_for_a_channel_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="40"):
        await put(database, "x" * 41, {})
