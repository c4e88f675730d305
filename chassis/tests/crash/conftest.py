"""Scenes on the run's servers, and on a broker that a test may harm."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from crash_scene import EFFECTS, Scene

from chassis.database import Database
from local_run.rabbitmq import RabbitNode
from plumbing_samples import execute

DatabaseFactory = Callable[[str], Awaitable[Database]]


@asynccontextmanager
async def a_scene(database_factory: DatabaseFactory, bus_url: str) -> AsyncIterator[Scene]:
    emitter, consumer = await database_factory("sample_service"), await database_factory("sample_service")
    await execute(consumer, EFFECTS)
    async with AsyncExitStack() as stack:
        yield Scene(emitter, consumer, bus_url, stack)


@pytest.fixture(params=["local", "amqp"])
async def scene(request: pytest.FixtureRequest, database_factory: DatabaseFactory) -> AsyncIterator[Scene]:
    """On either bus."""
    url = request.getfixturevalue("empty_database" if request.param == "local" else "fresh_amqp_url")
    async with a_scene(database_factory, url) as scene:
        yield scene


@pytest.fixture
async def local_scene(empty_database: str, database_factory: DatabaseFactory) -> AsyncIterator[Scene]:
    """On the local bus."""
    async with a_scene(database_factory, empty_database) as scene:
        yield scene


@pytest.fixture
async def amqp_scene(fresh_amqp_url: str, database_factory: DatabaseFactory) -> AsyncIterator[Scene]:
    """On the run's RabbitMQ."""
    async with a_scene(database_factory, fresh_amqp_url) as scene:
        yield scene


@pytest.fixture
async def broken_scene(private_broker: RabbitNode, database_factory: DatabaseFactory) -> AsyncIterator[Scene]:
    """On a RabbitMQ of the test's own."""
    async with a_scene(database_factory, private_broker.url()) as scene:
        yield scene
