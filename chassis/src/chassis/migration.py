"""Schema migrations: one Alembic environment for all services, each with its own `migrations/versions`."""

import ast
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, NullPool, create_engine, text

from chassis.database import Database, driver_url
from chassis.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

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
    # A service that only asks whether its schema is current does not carry Alembic in its memory.
    from alembic import command  # noqa: PLC0415

    engine = create_engine(driver_url(url, "psycopg"), poolclass=NullPool)
    with _in_process, engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.commit()
        _refuse_newer(connection, service_package)
        command.upgrade(_config(service_package, connection), "head")


async def is_current(database: Database, service_package: str) -> bool:
    """Whether the schema is the one this version was written for.

    Raises:
        DatabaseUnavailable: it cannot be asked now.
    """
    async with database.transaction() as tx:
        if await tx.scalar(text("SELECT to_regclass('alembic_version')")) is None:
            return False
        revision = await tx.scalar(text("SELECT version_num FROM alembic_version"))
    known = _known(service_package)
    return revision in known.keys() - known.values()


def create_chassis_tables() -> None:
    """Inside a service's first migration: outbox, inbox, lease, idempotency keys, jobs."""
    from alembic import op  # noqa: PLC0415 - as in migrate

    for name in ("procrastinate_1.sql", "chassis_1.sql"):
        statements = (_HERE / "sql" / name).read_text(encoding="utf-8")
        # No parameters: psycopg would read the percent signs of PL/pgSQL as placeholders.
        op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)


def _config(service_package: str, connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as in migrate

    config = Config()
    config.set_main_option("script_location", str(_HERE / "alembic_env"))
    config.set_main_option("version_locations", str(_versions(service_package)))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _versions(service_package: str) -> Path:
    folder = Path(next(iter(import_module(service_package).__path__)))
    return folder.parents[1] / "migrations" / "versions"


def _known(service_package: str) -> dict[str, str | None]:
    """Each revision of this version with the one before it, read from the files without running them."""
    known: dict[str, str | None] = {}
    for file in _versions(service_package).glob("*.py"):
        said = dict(_assigned(ast.parse(file.read_text(encoding="utf-8"))))
        known[said["revision"]] = said["down_revision"]
    return known


def _assigned(module: ast.Module) -> Iterator[tuple[str, Any]]:
    for line in module.body:
        match line:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                yield name, value


def _refuse_newer(connection: Connection, service_package: str) -> None:
    asked = text("SELECT to_regclass('alembic_version') IS NOT NULL")
    present = connection.scalar(text("SELECT version_num FROM alembic_version")) if connection.scalar(asked) else None
    connection.commit()
    if present is not None and present not in _known(service_package):
        raise SchemaTooNew(
            f"The database has schema revision {present}, which this version does not know: it was used by a newer one."
        )
