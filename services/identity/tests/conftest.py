"""Databases that all tests of identity share, emptied after each: making one takes longer than most tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import text

from chassis.database import Database
from identity_harness import BRANDS, Portal, open_portal
from portal_fixtures import Postgres

_TABLES = text(
    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
    "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
)


@pytest.fixture(scope="session")
def identity_urls(postgres: Postgres) -> Iterator[tuple[str, str]]:
    """Two migrated databases, for tests that look at both brands."""
    names = [postgres.create("identity", postgres.migrated("identity")) for _ in range(2)]
    yield postgres.url(names[0]), postgres.url(names[1])
    for name in names:
        postgres.drop(name)


@pytest.fixture
async def database(identity_urls: tuple[str, str]) -> AsyncIterator[Database]:
    """An empty database with identity's schema."""
    opened = Database(identity_urls[0])
    yield opened
    await _empty(opened)


@pytest.fixture
async def second_database(identity_urls: tuple[str, str]) -> AsyncIterator[Database]:
    """Another one."""
    opened = Database(identity_urls[1])
    yield opened
    await _empty(opened)


@pytest.fixture
async def portal(database: Database) -> AsyncIterator[Portal]:
    """Open registration, login by user name."""
    async with open_portal(database) as opened:
        yield opened


@pytest.fixture
async def software(second_database: Database) -> AsyncIterator[Portal]:
    """Closed registration, login by mail address."""
    async with open_portal(second_database, brand="software") as opened:
        yield opened


@pytest.fixture
async def mailing(second_database: Database, tmp_path: Path) -> AsyncIterator[Portal]:
    """The same with `password_reset = "mailed"`."""
    pack = copytree(BRANDS / "software", tmp_path / "software")
    brand = pack / "brand.toml"
    brand.write_text(brand.read_text("utf-8").replace('"chosen"', '"mailed"'), "utf-8")
    async with open_portal(second_database, brand="software", brand_dir=pack) as opened:
        yield opened


async def _empty(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(text(f"TRUNCATE {await tx.scalar(_TABLES)} RESTART IDENTITY CASCADE"))
    await database.close()
