"""Two replicas give the contacts of one import their accounts at the same time (M2)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from sqlalchemy import func, select

from chassis.database import Database
from chassis.outbox import Outbox
from chassis.tables import outbox
from chassis.testing import FakeClock
from customer_link.adapters.records import records_on
from customer_link.domain.contact import Contact
from customer_link.usecases.ports import Records
from customer_link.usecases.provide_account import Transactions, provide_account
from customer_link_builders import a_contact, stock
from customer_link_fakes import FakeIdentity

CLOCK = FakeClock()


class BothAsked(FakeIdentity):
    """Answers when both jobs have asked, so that they write at the same time."""

    def __init__(self) -> None:
        super().__init__()
        self._both = asyncio.Barrier(2)

    async def ensure_accounts(self, contacts: Sequence[Contact]) -> list[UUID | None]:
        found = await super().ensure_accounts(contacts)
        await self._both.wait()
        return found


def opener(database: Database) -> Transactions:
    @asynccontextmanager
    async def transactions() -> AsyncIterator[Records]:
        async with database.transaction() as tx:
            yield records_on(tx, outbox=Outbox("customer-link", CLOCK, uuid4))

    return transactions


async def test_m2_whoever_was_asked_for_first_nobody_waits_in_a_ring(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    first = await database_factory("customer_link")
    second = Database(first.url)
    replicas, identity = [opener(first), opener(second)], BothAsked()
    contacts = sorted((a_contact(f"p{number}@example.com") for number in range(40)), key=lambda one: one.id)
    async with replicas[0]() as records:
        await stock(records)
        for one in contacts:
            await records.contacts.add(one)
    jobs = zip([contacts[0], contacts[-1]], replicas, strict=True)
    await asyncio.gather(*(provide_account(one.id, transactions=each, identity=identity) for one, each in jobs))
    async with first.transaction() as tx:
        assert await tx.scalar(select(func.count(outbox.c.id))) == 2 * len(contacts)
    async with replicas[0]() as records:
        assert await records.contacts.without_account(1) == []
    await second.close()
