"""The tables as statements name them are the tables of the migrations."""

from collections.abc import Awaitable, Callable

from sqlalchemy import text

from chassis.database import Database
from chassis.migration import is_current, migrate
from customer_link.adapters.tables import metadata


async def test_the_migrations_make_the_tables(database_factory: Callable[[str], Awaitable[Database]]) -> None:
    database = await database_factory("customer_link")
    columns = text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    async with database.transaction() as tx:
        present = {tuple(row) for row in await tx.execute(columns)}
    assert {(table.name, column.name) for table in metadata.tables.values() for column in table.columns} <= present
    assert await is_current(database, "customer_link")


def test_migrating_again_changes_nothing(empty_database: str) -> None:
    migrate("customer_link", empty_database)
    migrate("customer_link", empty_database)
