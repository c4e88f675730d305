"""The same state machine of codes and links on PostgreSQL, a few walks."""

from collections.abc import Awaitable, Callable
from random import Random
from uuid import uuid4

import pytest

from chassis.database import Database
from chassis.outbox import Outbox
from chassis.testing import FakeClock
from code_life import CodeLife
from customer_link.adapters.records import records_on
from customer_link_builders import stock


@pytest.mark.parametrize("seed", range(3))
async def test_codes_and_links_go_the_way_of_the_model(
    database_factory: Callable[[str], Awaitable[Database]], seed: int
) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        records = records_on(tx, outbox=Outbox("customer-link", FakeClock(), uuid4))
        await stock(records)
        await CodeLife(records, Random(seed)).walk(40)
