"""The one way a schema comes about."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine

import chassis.migration
from chassis.database import Database, driver_url
from chassis.migration import SchemaTooNew, is_current, metadata, migrate


async def test_side_by_side_migrations_wait_for_one_another(empty_database: str) -> None:
    await asyncio.gather(*(asyncio.to_thread(migrate, "sample_service", empty_database) for _ in range(3)))
    database = Database(empty_database)
    assert await is_current(database, "sample_service")
    await database.close()


async def test_an_empty_database_is_not_current(empty_database: str) -> None:
    database = Database(empty_database)
    assert not await is_current(database, "sample_service")
    await database.close()


def test_a_newer_schema_is_refused(empty_database: str) -> None:
    migrate("sample_service", empty_database)
    with psycopg.connect(empty_database, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew, match="9999"):
        migrate("sample_service", empty_database)


def test_the_tables_in_code_are_the_tables_in_the_database(empty_database: str) -> None:
    migrate("sample_service", empty_database)
    engine = create_engine(driver_url(empty_database, "psycopg"))
    ours = set(metadata.tables)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _parents: kind != "table" or name in ours}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_the_job_library_still_has_the_schema_that_we_froze() -> None:
    frozen = Path(chassis.migration.__file__).parent / "sql" / "procrastinate_1.sql"
    assert SchemaManager.get_schema().strip() == frozen.read_text().strip(), (
        "procrastinate was upgraded: add its new migrations as a second file and a migration in every service"
    )
