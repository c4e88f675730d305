"""Worlds of component tests."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from chassis.database import Database
from customer_link_world import MakeWorld, World


@pytest.fixture
async def make_world(database_factory: Callable[[str], Awaitable[Database]]) -> AsyncIterator[MakeWorld]:
    """A service on a fresh database: `await make_world("software")`."""
    made: list[World] = []

    async def make(brand: str = "musik", **settings: object) -> World:
        made.append(World(await database_factory("customer_link"), brand, **settings))
        return made[-1]

    yield make
    for world in made:
        await world.database.close()


@pytest.fixture
async def world(make_world: MakeWorld) -> World:
    """The licensing society with its numbers."""
    made = await make_world()
    await made.stock()
    return made
