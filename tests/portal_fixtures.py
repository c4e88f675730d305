"""Server fixtures for the tests of every folder: PostgreSQL, a migrated database of a service, RabbitMQ."""

import asyncio
import itertools
import os
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from filelock import FileLock
from psycopg import sql

import server_providers
from local_run.rabbitmq import RabbitNode

if TYPE_CHECKING:
    from chassis.database import Database

_ROLE = "service"
_began_here = pytest.StashKey[bool]()
_provider = pytest.StashKey[server_providers.Provider]()

DatabaseFactory = Callable[[str], Awaitable["Database"]]


def pytest_configure(config: pytest.Config) -> None:
    """Opens the run in the process that began it, before any worker starts."""
    config.stash[_began_here] = not hasattr(config, "workerinput")
    if config.stash[_began_here]:
        server_providers.begin()
        os.environ["PORTAL_TEST_CONTROLLER"] = str(os.getpid())
    config.stash[_provider] = server_providers.provider()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the servers when the last worker is done."""
    if config.stash.get(_began_here, False):
        server_providers.end()


def pytest_report_header(config: pytest.Config) -> str:
    """Prints which servers the tests will run on."""
    return f"servers: {config.stash[_provider].name}"


class Postgres:
    """The run's PostgreSQL. Databases belong to an ordinary role, as they do in an installation."""

    def __init__(self, superuser_url: str, folder: Path) -> None:
        self._superuser_url = superuser_url
        self._folder = folder

    def url(self, database: str = "postgres", *, superuser: bool = False) -> str:
        """Where a database is reached, by the ordinary role unless told otherwise."""
        address = self._superuser_url.partition("@")[2].rpartition("/")[0]
        password = self._superuser_url.partition("@")[0].rpartition(":")[2]
        return f"postgresql://{'postgres' if superuser else _ROLE}:{password}@{address}/{database}"

    def create(self, prefix: str = "test", template: str = "template1") -> str:
        """A new database of the ordinary role; gives its name."""
        name = f"{prefix}_{uuid.uuid4().hex[:12]}"
        self._as_superuser(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template), sql.Identifier(_ROLE)
            )
        )
        return name

    def drop(self, name: str) -> None:
        """Removes a database, whoever is still connected to it."""
        self._as_superuser(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def migrated(self, package: str) -> str:
        """The name of the template that holds a service's whole schema, migrated once a run."""
        marker = self._folder / f"template-{package}"
        with FileLock(f"{marker}.lock"):
            if not marker.exists():
                from chassis.migration import migrate  # noqa: PLC0415 - not every test needs the chassis

                name = self.create(f"template_{package}")
                migrate(package, self.url(name))
                marker.write_text(name)
        return marker.read_text()

    def make_role(self) -> None:
        """Creates the ordinary role once a run."""
        with FileLock(self._folder / "role.lock"):
            marker = self._folder / "role"
            if not marker.exists():
                password = sql.Literal(self._superuser_url.partition("@")[0].rpartition(":")[2])
                self._as_superuser(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(_ROLE), password))
                marker.touch()

    def _as_superuser(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._superuser_url, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Postgres:
    """The run's PostgreSQL 18: `.url(database)`, `.create()`, `.drop(name)`."""
    server = server_providers.shared("postgres", pytestconfig.stash[_provider].postgres, _controller())
    assert server is not None
    running = Postgres(server.url, server_providers.folder())
    running.make_role()
    return running


@pytest.fixture
async def database_factory(postgres: Postgres) -> AsyncIterator[DatabaseFactory]:
    """`await database_factory("ticketing")`: a fresh database with that service's schema, gone after the test."""
    from chassis.database import Database  # noqa: PLC0415 - not every test needs the chassis

    opened: list[tuple[Database, str]] = []

    async def make(service: str) -> Database:
        template = await asyncio.to_thread(postgres.migrated, service.replace("-", "_"))
        name = await asyncio.to_thread(postgres.create, service.replace("-", "_"), template)
        opened.append((Database(postgres.url(name)), name))
        return opened[-1][0]

    yield make
    for database, name in opened:
        await database.close()
        await asyncio.to_thread(postgres.drop, name)


@pytest.fixture
def empty_database(postgres: Postgres) -> Iterator[str]:
    """The address of a database without a schema, gone after the test."""
    name = postgres.create("empty")
    yield postgres.url(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def _amqp_hosts(pytestconfig: pytest.Config) -> Iterator[str]:
    server = server_providers.shared("rabbitmq", pytestconfig.stash[_provider].rabbitmq, _controller())
    if server is None:
        pytest.skip("no RabbitMQ on this machine (./portal test --install)")
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    mine = range(worker, server_providers.VHOSTS, workers)
    return (f"{server.url}w{number}" for number in itertools.cycle(mine))


@pytest.fixture(scope="session")
def amqp_url(_amqp_hosts: Iterator[str]) -> str:
    """A virtual host of RabbitMQ that belongs to this worker."""
    return next(_amqp_hosts)


@pytest.fixture
def fresh_amqp_url(amqp_url: str, _amqp_hosts: Iterator[str]) -> str:
    """A virtual host that no other test of this worker used (until a worker has had all its share of them)."""
    return next(url for url in _amqp_hosts if url != amqp_url)


@pytest.fixture
def private_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RabbitNode]:
    """A broker of the test's own, started, to be killed, frozen and started again."""
    node = server_providers.private_broker(tmp_path_factory.mktemp("broker"))
    if node is None:
        pytest.skip("no rabbitmq-server on this machine (./portal test --install)")
    node.start(timeout=120)
    yield node
    node.thaw()
    node.stop()


def _controller() -> int:
    return int(os.environ["PORTAL_TEST_CONTROLLER"])
