"""Databases and neighbours that are away for longer than every retry: work waits, none of it is dead-lettered."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import aio_pika
import psycopg
import pytest
from crash_child import CHANGED, CONSUMER, EFFECT
from crash_scene import Scene
from psycopg import sql

from bus_harness import until, until_true
from chassis import jobs
from chassis.amqp_topology import dead_queue_of
from chassis.database import Database, Transaction
from chassis.delivery import Patience
from chassis.errors import DomainError, ErrorKind
from chassis.inbox import Inbox
from chassis.jobs import Jobs, enqueue
from chassis.messaging import Event
from plumbing_samples import count
from portal_fixtures import Postgres


async def effect(tx: Transaction, event: Event) -> None:
    await tx.execute(EFFECT, {"event": event.id, "subject": event.subject, "sequence": event.sequence, "replica": "x"})


async def dead(scene: Scene) -> int:
    """Events set aside for the consumer, on either bus."""
    if scene.bus_url.startswith("postgres"):
        database = Database(scene.bus_url)
        number = await count(database, "bus_deliveries", "dead")
        await database.close()
        return number
    async with await aio_pika.connect(scene.bus_url) as connection:
        queue = await (await connection.channel()).declare_queue(dead_queue_of(CONSUMER), passive=True)
        return queue.declaration_result.message_count or 0


@asynccontextmanager
async def away(postgres: Postgres, database: Database) -> AsyncIterator[None]:
    """The database takes no connections and loses those it has."""
    name = database.url.rpartition("/")[2]
    with psycopg.connect(postgres.url(superuser=True), autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


async def test_the_consumers_database_is_away(scene: Scene, postgres: Postgres) -> None:
    bus = await scene.bus()
    bus._patience = Patience(attempts=5, first_pause=0.1)  # type: ignore[attr-defined]
    inbox = Inbox(scene.consumer, CONSUMER, {CHANGED: effect})
    await bus.subscribe(CONSUMER, inbox.types, inbox.receive)
    await scene.relay()
    await scene.emit(2)
    await until_true(scene.complete)
    async with away(postgres, scene.consumer):
        await scene.emit(3)
        await asyncio.sleep(5)  # these attempts would take two
    await scene.check()
    assert await dead(scene) == 0


async def test_the_emitters_database_is_away(scene: Scene, postgres: Postgres) -> None:
    await scene.child("consumer")
    await scene.child("relay")
    await scene.emit(2)
    async with away(postgres, scene.emitter):
        await asyncio.sleep(2)
    await scene.emit(2)
    await scene.check()


async def test_the_jobs_own_database_is_away(local_scene: Scene, postgres: Postgres) -> None:
    done: list[int] = []

    async def note(payload: Mapping[str, Any]) -> None:
        done.append(payload["number"])

    worker = Jobs(local_scene.consumer.url, {"work": note})
    local_scene.stack.push_async_callback(worker.stop)
    async with away(postgres, local_scene.consumer):
        await worker.start()
        await asyncio.sleep(1)
    for number in range(3):
        async with local_scene.consumer.transaction() as tx:
            await enqueue(tx, "work", {"number": number}, lock="one at a time")
        await until(lambda expected=number: expected in done, 30)
        async with away(postgres, local_scene.consumer):
            await asyncio.sleep(1)
    assert done == [0, 1, 2]


async def test_the_owner_is_away_for_longer_than_every_retry(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The event's effect is a job; the job asks a neighbour that does not answer, again and again."""
    monkeypatch.setattr(jobs, "_LONGEST_PAUSE", 0.1)
    monkeypatch.setattr(jobs, "_POLL", 0.1)
    attempts, up = 0, False

    async def enqueue_mail(tx: Transaction, event: Event) -> None:
        payload = {"event": str(event.id), "subject": event.subject, "sequence": event.sequence}
        await enqueue(tx, "mail", payload, lock=event.subject)

    async def mail(payload: Mapping[str, Any]) -> None:
        nonlocal attempts
        attempts += 1
        if not up:
            raise DomainError(ErrorKind.UNAVAILABLE, "identity_unavailable")
        values = {**payload, "event": UUID(payload["event"]), "replica": "x"}
        async with scene.consumer.transaction() as tx:
            await tx.execute(EFFECT, values)

    bus = await scene.bus()
    inbox = Inbox(scene.consumer, CONSUMER, {CHANGED: enqueue_mail})
    await bus.subscribe(CONSUMER, inbox.types, inbox.receive)
    worker = Jobs(scene.consumer.url, {"mail": mail})
    await worker.start()
    scene.stack.push_async_callback(worker.stop)
    await scene.relay()
    await scene.emit(3)
    await until(lambda: attempts > 60, 60)
    assert await count(scene.consumer, "procrastinate_jobs", "status IN ('todo', 'doing')") == 15
    up = True
    await scene.check()
    assert await dead(scene) == 0
    assert await count(scene.consumer, "procrastinate_jobs") == 0


async def test_a_handler_that_raises_has_its_effect_once_in_the_end(scene: Scene) -> None:
    failing = {uuid4() for _ in range(4)}

    async def raise_first(tx: Transaction, event: Event) -> None:
        await effect(tx, event)
        if failing:
            failing.pop()
            raise RuntimeError("a bug that goes away")

    bus = await scene.bus()
    inbox = Inbox(scene.consumer, CONSUMER, {CHANGED: raise_first})
    await bus.subscribe(CONSUMER, inbox.types, inbox.receive)
    await scene.relay()
    await scene.emit(3)
    await scene.check()
    assert await dead(scene) == 0
