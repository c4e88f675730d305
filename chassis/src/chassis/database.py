"""PostgreSQL: one pool per process, transactions that commit at the end of their block."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from chassis.errors import DomainError, ErrorKind

Transaction: TypeAlias = AsyncConnection
"""A connection inside an open transaction; whoever opened it commits it."""

_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 30
# Connection exceptions, resources exhausted, shut down or cancelled by the server, read-only after a
# failover, lock timeout, serialisation failure, deadlock: the same work may succeed a moment later.
_PASSING_STATES = ("08", "53", "57", "25006", "55P03", "40001", "40P01")
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises when a server goes away; the last one when it goes in the middle of another operation."""
_PASSING = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    ConnectionError,
    TimeoutError,
)
_CONNECT_FAILURES = (*LOST, DBAPIError, PoolTimeoutError)


class DatabaseUnavailable(DomainError):  # noqa: N818 - the name is the vocabulary's, not an error in the code
    """The database cannot do it now: unreachable, shutting down, out of connections, or a deadlock."""

    def __init__(self, detail: str = "the database does not answer") -> None:
        super().__init__(ErrorKind.UNAVAILABLE, "database_unavailable", detail)


class Database:
    """The database of one service."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        """Takes `postgresql://user:password@host:port/name`; connects when first used."""
        self.url = url
        self._engine = create_async_engine(
            driver_url(url, "asyncpg"),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=_CONNECT_SECONDS,
            pool_use_lifo=True,
            connect_args={
                "timeout": _CONNECT_SECONDS,
                "command_timeout": _STATEMENT_SECONDS + 5,
                "server_settings": {
                    "timezone": "UTC",
                    "jit": "off",
                    "statement_timeout": f"{_STATEMENT_SECONDS}s",
                    "idle_in_transaction_session_timeout": f"{_STATEMENT_SECONDS}s",
                },
            },
        )
        event.listen(self._engine.sync_engine, "checkout", _replace_closed)
        event.listen(self._engine.sync_engine, "handle_error", _drop_confused)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Commits at the end of the block, rolls back when it raises.

        Raises:
            DatabaseUnavailable: no connection, or it was lost on the way.
        """
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._engine.connect())
            except _CONNECT_FAILURES as error:
                raise DatabaseUnavailable from error
            try:
                async with connection.begin():
                    yield connection
            except Exception as error:
                if is_passing(error):
                    raise DatabaseUnavailable from error
                raise

    async def ping(self) -> None:
        """Raises DatabaseUnavailable when the database does not answer."""
        async with self.transaction() as tx:
            await tx.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._engine.dispose()


def driver_url(url: str, driver: str) -> str:
    """The same address for a named SQLAlchemy driver."""
    return f"postgresql+{driver}://{url.partition('://')[2]}"


def violated(error: IntegrityError) -> str:
    """Name of the constraint that an insert or update violated; empty if the server did not say."""
    cause = error.orig.__cause__ if error.orig is not None else None
    return getattr(cause, "constraint_name", None) or ""


def is_passing(error: BaseException) -> bool:
    """Whether the database itself was in the way, so that the same work may succeed later."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or state.startswith(_PASSING_STATES)
    return isinstance(error, _PASSING)


def _replace_closed(_connection: Any, record: Any, _proxy: Any) -> None:
    # Costs no round trip, unlike pool_pre_ping: the driver sees at once when the server hangs up.
    if record.driver_connection.is_closed():
        raise DisconnectionError


def _drop_confused(context: Any) -> None:
    # A server that dies in the middle can leave the driver thinking that an operation is under way, for ever.
    if isinstance(context.original_exception, context.dialect.dbapi.InternalClientError):
        context.is_disconnect = True
