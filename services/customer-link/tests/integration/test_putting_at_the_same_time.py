"""Other systems put the same numbers at the same time, from two replicas."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import func, select

from chassis.database import Database
from chassis.outbox import Outbox
from chassis.tables import outbox
from chassis.testing import FakeClock
from customer_link.adapters.records import records_on
from customer_link.adapters.tables import customer, organisation
from customer_link.domain.customer import Customer
from customer_link.domain.customer_entry import CustomerEntry, NamedOrganisation, Outcome
from customer_link.usecases.ports import Records
from customer_link.usecases.put_customer_data import put_customer_data
from customer_link.usecases.put_customers import PutRules, put_customers
from customer_link_builders import GASTHAUS, INN, SECOND_INN, some_data, stock

CLOCK = FakeClock()
RULES = PutRules({"gastronomie"}, CLOCK, uuid4, timedelta(hours=24))
OWNERS = [NamedOrganisation(reference=f"CRM-{one}", name=f"Verein {one}") for one in range(3)]
ENTRIES = [CustomerEntry(f"900{one}", "gastronomie", OWNERS[one % 3], some_data()) for one in range(9)]


def on(tx: object) -> Records:
    return records_on(tx, outbox=Outbox("customer-link", CLOCK, uuid4))  # type: ignore[arg-type]


async def put(database: Database, entries: Sequence[CustomerEntry]) -> list[Outcome]:
    async with database.transaction() as tx:
        return [one.outcome for one in await put_customers(entries, records=on(tx), rules=RULES)]


async def counted(database: Database, column: object) -> int:
    async with database.transaction() as tx:
        return int(await tx.scalar(select(func.count(column)))) or 0  # type: ignore[call-overload]


async def test_the_same_batch_from_everywhere_makes_everything_once(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    first = await database_factory("customer_link")
    second = Database(first.url)
    # In any order: who locks the same numbers another way around must not wait for ever.
    batches = [ENTRIES, ENTRIES[::-1], ENTRIES[4:] + ENTRIES[:4], [ENTRIES[8]]] * 3
    done = await asyncio.gather(*(put((first, second)[i % 2], batch) for i, batch in enumerate(batches)))
    outcomes = [outcome for batch in done for outcome in batch]
    assert outcomes.count(Outcome.CREATED) == len(ENTRIES)
    assert set(outcomes) == {Outcome.CREATED, Outcome.UNCHANGED}
    assert [await counted(first, one) for one in (customer.c.id, organisation.c.id, outbox.c.id)] == [9, 3, 9]
    await second.close()


async def test_two_ways_of_bringing_data_never_wait_for_each_other_for_ever(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        await stock(on(tx))

    async def over_grpc(minutes: int) -> None:
        data = replace(some_data(), as_of=CLOCK() - timedelta(minutes=minutes))
        async with database.transaction() as tx:
            await put_customer_data(INN.id, data, records=on(tx), clock=CLOCK, refresh_after=timedelta(hours=1))

    async def over_json(minutes: int) -> None:
        data = replace(some_data(), as_of=CLOCK() - timedelta(minutes=minutes))
        await put(database, [CustomerEntry(INN.number, data=data)])

    for wave in range(12):  # as many at once as the pool has connections
        ages = [60 - wave * 5 - one for one in range(5)]
        await asyncio.gather(*(way(age) for age in ages for way in (over_grpc, over_json)))
    async with database.transaction() as tx:
        held = await on(tx).book.record("47110702")
    assert held is not None
    assert held.as_of == CLOCK() - timedelta(minutes=1)


async def test_an_organisation_adopts_one_reference(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        await stock(on(tx))

    async def adopt(customer: Customer, reference: str) -> Outcome:
        entry = CustomerEntry(customer.number, organisation=NamedOrganisation(reference=reference))
        return (await put(database, [entry]))[0]

    # By two of its numbers, so that the lock of a number is not what holds the second one up.
    told = [(number, f"CRM-{one}") for one, number in enumerate((INN, SECOND_INN))] * 4
    done = await asyncio.gather(*(adopt(*one) for one in told))
    assert done.count(Outcome.CHANGED) == 1
    async with database.transaction() as tx:
        [found] = await on(tx).book.organisations([], [GASTHAUS.id])
    kept = [outcome for (_, reference), outcome in zip(told, done, strict=True) if reference == found.reference]
    assert sorted(kept) == ["changed", "unchanged", "unchanged", "unchanged"]
