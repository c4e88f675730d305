"""Transactions and what becomes of a database that goes away."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from chassis.database import Database, DatabaseUnavailable, violated
from chassis.errors import ErrorKind

INSERT = text("INSERT INTO things (id) VALUES (:id)")


@pytest.fixture
async def database(empty_database: str) -> AsyncIterator[Database]:
    database = Database(empty_database, pool_size=2)
    async with database.transaction() as tx:
        await tx.execute(text("CREATE TABLE things (id uuid CONSTRAINT things_are_one PRIMARY KEY)"))
    yield database
    await database.close()


async def kill_connections(database: Database) -> None:
    connection = await asyncpg.connect(database.url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def count_things(database: Database) -> int:
    async with database.transaction() as tx:
        return int(await tx.scalar(text("SELECT count(*) FROM things")))


async def test_the_end_of_the_block_commits_and_an_error_rolls_back(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(INSERT, {"id": uuid4()})
    with pytest.raises(RuntimeError):  # noqa: PT012 - the block is the transaction
        async with database.transaction() as tx:
            await tx.execute(INSERT, {"id": uuid4()})
            raise RuntimeError
    assert await count_things(database) == 1


async def test_a_violated_constraint_is_named(database: Database) -> None:
    same = uuid4()
    with pytest.raises(IntegrityError) as caught:  # noqa: PT012 - the block is the transaction
        async with database.transaction() as tx:
            await tx.execute(INSERT, {"id": same})
            await tx.execute(INSERT, {"id": same})
    assert violated(caught.value) == "things_are_one"


async def test_a_wrong_statement_is_not_taken_for_an_outage(database: Database) -> None:
    with pytest.raises(ProgrammingError):
        async with database.transaction() as tx:
            await tx.execute(text("SELECT nothing FROM nowhere"))


async def test_no_server_is_unavailable() -> None:
    database = Database("postgresql://nobody:x@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable) as caught:
        await database.ping()
    assert caught.value.kind is ErrorKind.UNAVAILABLE


async def test_a_connection_lost_inside_a_transaction_is_unavailable(database: Database) -> None:
    with pytest.raises(DatabaseUnavailable):  # noqa: PT012 - the block is the transaction
        async with database.transaction() as tx:
            await tx.execute(INSERT, {"id": uuid4()})
            await kill_connections(database)
            await tx.execute(INSERT, {"id": uuid4()})
    assert await count_things(database) == 0


async def test_a_connection_whose_driver_is_confused_is_dropped(database: Database) -> None:
    """As happens when the server dies while a connection is given back: seen with a killed PostgreSQL."""
    engine = database._engine.sync_engine

    def confused(*_arguments: object) -> None:
        raise engine.dialect.dbapi.InternalClientError("cannot switch to state 12")  # type: ignore[union-attr]

    async with database.transaction() as tx:
        first = await tx.scalar(text("SELECT pg_backend_pid()"))
    event.listen(engine, "do_execute", confused)
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    event.remove(engine, "do_execute", confused)
    async with database.transaction() as tx:
        assert await tx.scalar(text("SELECT pg_backend_pid()")) != first


async def test_pooled_connections_that_the_server_closed_are_replaced(database: Database) -> None:
    await database.ping()
    await kill_connections(database)
    await asyncio.sleep(0.05)
    await database.ping()


async def test_a_deadlock_is_a_passing_thing(database: Database) -> None:
    first, second = uuid4(), uuid4()
    async with database.transaction() as tx:
        await tx.execute(INSERT, [{"id": first}, {"id": second}])
    lock = text("SELECT 1 FROM things WHERE id = :id FOR UPDATE")
    both_began = asyncio.Barrier(2)

    async def take(*ids: object) -> None:
        async with database.transaction() as tx:
            await tx.execute(lock, {"id": ids[0]})
            await both_began.wait()
            await tx.execute(lock, {"id": ids[1]})

    results = await asyncio.gather(take(first, second), take(second, first), return_exceptions=True)
    assert [type(result) for result in results if result is not None] == [DatabaseUnavailable]


async def test_a_cancelled_request_leaves_the_pool_clean(database: Database) -> None:
    async def slow() -> None:
        async with database.transaction() as tx:
            await tx.execute(INSERT, {"id": uuid4()})
            await tx.execute(text("SELECT pg_sleep(10)"))

    tasks = [asyncio.create_task(slow()) for _ in range(4)]
    await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await count_things(database) == 0
