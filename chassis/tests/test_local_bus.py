"""What only the local bus can show: its log, and a database that goes away under a listener."""

import asyncio
from uuid import uuid4

import asyncpg

from bus_harness import QUICK, Recorder, an_event, publish, running, until
from chassis.local_bus import LocalBus
from chassis.local_bus_store import LocalBusStore


async def test_replicas_that_start_together_make_the_schema_once(empty_database: str) -> None:
    stores = [LocalBusStore(empty_database) for _ in range(5)]
    assert await asyncio.gather(*(store.newest() for store in stores)) == [0] * 5
    for store in stores:
        await store.close()


async def test_a_reader_of_the_log_meets_no_gap_however_many_write(empty_database: str) -> None:
    """Identity values are given before the commit; only the lock makes `position > last` safe."""
    kind = f"kundenportal.t{uuid4().hex}.v1"
    writers = [LocalBusStore(empty_database) for _ in range(4)]
    reader = LocalBusStore(empty_database)
    read: list[int] = []

    async def write(store: LocalBusStore) -> None:
        for _ in range(50):
            await store.publish(kind, "subject", b"{}")

    async def follow() -> None:
        while len(read) < 200:
            read.extend(position for position, _ in await reader.after(read[-1] if read else 0, [kind]))

    async with asyncio.timeout(30):
        await asyncio.gather(follow(), *(write(store) for store in writers))
    assert read == sorted(set(read))
    for store in (*writers, reader):
        await store.close()


async def test_a_listener_is_told_of_a_lost_connection_and_hears_again(empty_database: str) -> None:
    kind = f"kundenportal.t{uuid4().hex}.v1"
    seen, links = Recorder(), list[bool]()
    async with running(LocalBus(empty_database, patience=QUICK)) as bus:
        await bus.listen([kind], seen, links.append)
        await until(lambda: links == [True])
        connection = await asyncpg.connect(empty_database)
        await connection.execute("ALTER TABLE bus_events RENAME TO hidden")
        await until(lambda: links == [True, False])
        await connection.execute("ALTER TABLE hidden RENAME TO bus_events")
        await connection.close()
        await until(lambda: links == [True, False, True])
        await publish(bus, an_event(kind))
        await until(lambda: len(seen.events) == 1)


async def test_what_is_old_and_done_is_pruned(empty_database: str) -> None:
    store = LocalBusStore(empty_database)
    await store.subscribe("waiting", ["kept"])
    for kind in ("kept", "gone"):
        await store.publish(kind, "subject", b"{}")
    connection = await asyncpg.connect(empty_database)
    await connection.execute("UPDATE bus_events SET publish_time = now() - interval '31 days'")
    await store.publish("young", "subject", b"{}")
    await store.prune()
    assert [row["type"] for row in await connection.fetch("SELECT type FROM bus_events ORDER BY 1")] == [
        "kept",
        "young",
    ]
    await connection.close()
    await store.close()
