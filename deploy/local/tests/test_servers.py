"""The server fixtures, and what crash tests ask of a private broker."""

import asyncio
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import aio_pika
import asyncpg
import psutil
import pytest

from local_run.postgres import PostgresServer
from local_run.rabbitmq import RabbitNode
from portal_fixtures import Postgres


@pytest.mark.parametrize("attempt", [1, 2])
async def test_postgres_serves_a_database_that_an_ordinary_role_owns(empty_database: str, attempt: int) -> None:
    connection = await asyncpg.connect(empty_database)
    await connection.execute("CREATE TABLE seen (attempt int)")
    assert await connection.fetchval("SHOW server_version_num") >= "180000"
    assert not await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    await connection.close()


def test_a_dropped_database_is_gone_even_while_somebody_is_connected(postgres: Postgres) -> None:
    name = postgres.create()
    postgres.drop(name)
    with pytest.raises(Exception, match="does not exist"):
        postgres.drop(name)


async def test_every_test_gets_a_virtual_host_of_its_own(amqp_url: str, fresh_amqp_url: str) -> None:
    assert amqp_url != fresh_amqp_url
    for url in (amqp_url, fresh_amqp_url):
        connection = await aio_pika.connect(url)
        await connection.close()


async def test_a_killed_broker_comes_back_with_what_it_had_confirmed(private_broker: RabbitNode) -> None:
    connection = await aio_pika.connect(private_broker.url())
    channel = await connection.channel()
    queue = await channel.declare_queue("kept", durable=True, arguments={"x-queue-type": "quorum"})
    await channel.default_exchange.publish(aio_pika.Message(b"one", delivery_mode=2), routing_key="kept")
    # RabbitMQ 3.10 writes the name of a new quorum queue after up to 5 s; killed before, it comes back without it.
    await asyncio.sleep(6)
    private_broker.kill()
    with suppress(Exception):
        await connection.close()
    private_broker.start()
    connection = await aio_pika.connect(private_broker.url())
    channel = await connection.channel()
    queue = await channel.declare_queue("kept", passive=True)
    message = await queue.get(timeout=10)
    assert message is not None
    assert message.body == b"one"
    await connection.close()


def test_a_frozen_broker_does_not_answer_and_a_thawed_one_does(private_broker: RabbitNode) -> None:
    private_broker.freeze()
    assert not private_broker.answers()
    private_broker.thaw()
    deadline = time.monotonic() + 10
    while not private_broker.answers():
        assert time.monotonic() < deadline


def test_what_a_killed_postgresql_leaves_behind_does_not_keep_the_next_one_from_starting() -> None:
    folder = Path(tempfile.mkdtemp(prefix="portal-left-"))
    folder.chmod(0o755)
    server = PostgresServer(folder / "postgres", "left")
    try:
        server.prepare()
        server.start(folder / "log")
        assert server.pid is not None
        postmaster = psutil.Process(server.pid)
        stuck = postmaster.children(recursive=True)[-1]
        stuck.suspend()
        postmaster.kill()
        server.stop()
        assert stuck.is_running()
        server.end_left_behind()
        server.start(folder / "log")
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
