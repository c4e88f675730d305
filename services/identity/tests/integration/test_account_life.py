"""The life of accounts on PostgreSQL: fewer lives than on the fakes, with its constraints and transactions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text

from account_life import AccountLife
from chassis.database import Database
from chassis.outbox import Outbox
from identity.adapters.records import records_on
from identity.usecases.ports import Records
from identity_builders import Clock
from portal_fixtures import Postgres


class InPostgres:
    """On a database of identity, emptied at the first step of each life."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._database: Database | None = None

    @asynccontextmanager
    async def step(self) -> AsyncIterator[Records]:
        if self._database is None:
            self._database = Database(self._url)
            async with self._database.transaction() as tx:
                await tx.execute(text("TRUNCATE account, throttle, outbox CASCADE"))
        async with self._database.transaction() as tx:
            yield records_on(tx, Outbox("identity", Clock(), uuid4))

    async def close(self) -> None:
        """Gives the connections back."""
        if self._database is not None:
            await self._database.close()


def test_whatever_happens_to_accounts_postgres_keeps_it_as_the_model_says(postgres: Postgres) -> None:
    name = postgres.create("account_life", postgres.migrated("identity"))
    run_state_machine_as_test(
        lambda: AccountLife(InPostgres(postgres.url(name))),
        settings=settings(max_examples=8, stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
    postgres.drop(name)
