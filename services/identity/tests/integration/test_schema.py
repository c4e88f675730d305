"""The migrated schema is the one that the code reads and writes."""

from sqlalchemy import create_engine, inspect

from chassis.database import driver_url
from chassis.migration import migrate
from identity.adapters.tables import metadata
from portal_fixtures import Postgres


def test_tables_and_columns_are_those_of_the_code(postgres: Postgres, empty_database: str) -> None:
    migrate("identity", empty_database)
    engine = create_engine(driver_url(empty_database, "psycopg"))
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= indexes
    engine.dispose()
