"""Schema migrations: one Alembic environment for all services, each with its own `migrations/versions`."""

import threading
from importlib import import_module
from pathlib import Path

from alembic import command, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from chassis.database import Database, driver_url
from chassis.tables import metadata

__all__ = ["SchemaTooNew", "create_chassis_tables", "is_current", "metadata", "migrate"]

_HERE = Path(__file__).parent
_LOCK = 0x504F5254  # one migration at a time per database, whoever starts it
_in_process = threading.Lock()  # Alembic keeps its context in module globals


class SchemaTooNew(Exception):  # noqa: N818 - says what is the matter
    """The database was migrated by a newer version of the service than this one."""


def migrate(service_package: str, url: str) -> None:
    """Brings the database to the service's newest revision; concurrent callers wait for one another.

    Blocks: call it from a command or a thread, not from the event loop.

    Raises:
        SchemaTooNew: the database has a revision that this version does not know.
    """
    engine = create_engine(driver_url(url, "psycopg"), poolclass=NullPool)
    with _in_process, engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.commit()
        config = _config(service_package)
        _refuse_newer(connection, config)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


async def is_current(database: Database, service_package: str) -> bool:
    """Whether the schema is the one this version was written for.

    Raises:
        DatabaseUnavailable: it cannot be asked now.
    """
    async with database.transaction() as tx:
        if await tx.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return False
        revision = await tx.scalar(text("SELECT version_num FROM alembic_version"))
    return revision is not None and revision in _known(_config(service_package))[-1:]


def create_chassis_tables() -> None:
    """Inside a service's first migration: outbox, inbox, lease, idempotency keys, jobs."""
    for name in ("procrastinate_1.sql", "chassis_1.sql"):
        statements = (_HERE / "sql" / name).read_text(encoding="utf-8")
        # No parameters: psycopg would read the percent signs of PL/pgSQL as placeholders.
        op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)


def _config(service_package: str) -> Config:
    folder = Path(next(iter(import_module(service_package).__path__)))
    config = Config()
    config.set_main_option("script_location", str(_HERE / "alembic_env"))
    config.set_main_option("version_locations", str(folder.parents[1] / "migrations" / "versions"))
    config.set_main_option("path_separator", "os")
    return config


def _known(config: Config) -> list[str]:
    """Revisions of this version, oldest first."""
    script = ScriptDirectory.from_config(config)
    return [revision.revision for revision in script.walk_revisions()][::-1]


def _refuse_newer(connection: Connection, config: Config) -> None:
    present = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    if present is not None and present not in _known(config):
        raise SchemaTooNew(
            f"The database has schema revision {present}, which this version does not know: it was used by a newer one."
        )
