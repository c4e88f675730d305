"""Fake stores and real ones, for one suite."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import pytest

from chassis.database import Database
from chassis.outbox import Outbox
from chassis.testing import FakeClock
from customer_link.adapters.records import records_on
from customer_link.usecases.ports import Records
from customer_link_builders import stock
from customer_link_fakes import fake_stores


@pytest.fixture(params=["fake", "postgres"])
async def records(
    request: pytest.FixtureRequest, database_factory: Callable[[str], Awaitable[Database]]
) -> AsyncIterator[Records]:
    if request.param == "fake":
        stores = fake_stores().records
        await stock(stores)
        yield stores
        return
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        real = records_on(tx, outbox=Outbox("customer-link", FakeClock(), uuid4))
        await stock(real)
        yield real
