"""The service of each brand on a database of the test's own."""

from collections.abc import AsyncIterator

import pytest

from identity_harness import Portal, open_portal
from portal_fixtures import DatabaseFactory


@pytest.fixture
async def portal(database_factory: DatabaseFactory) -> AsyncIterator[Portal]:
    """Open registration, login by user name."""
    async with open_portal(await database_factory("identity")) as opened:
        yield opened


@pytest.fixture
async def software(database_factory: DatabaseFactory) -> AsyncIterator[Portal]:
    """Closed registration, login by mail address."""
    async with open_portal(await database_factory("identity"), brand="software") as opened:
        yield opened
