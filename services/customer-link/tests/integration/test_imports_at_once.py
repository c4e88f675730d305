"""One import is begun once and imports each line once, however many click and however many replicas work on it (S6)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from chassis.database import Database
from chassis.outbox import Outbox
from chassis.testing import FakeClock
from customer_link.adapters.records import records_on
from customer_link.domain.customer_entry import CustomerEntry, NamedOrganisation
from customer_link.domain.customer_import import CustomerImportFile, ImportKind, ImportPhase
from customer_link.entrypoints.customer_file import CustomerFile
from customer_link.usecases.import_lines import BATCH, FileLine
from customer_link.usecases.ports import Records
from customer_link.usecases.put_customers import PutRules, put_customers
from customer_link.usecases.run_import import begin_import, begin_run, hand_in, work_on_import
from customer_link_builders import ANNA, BERND, KINDS, import_rules, some_data

CLOCK = FakeClock()
LINES = BATCH * 2 + 10
Open = Callable[[], AbstractAsyncContextManager[Records]]


def opener(database: Database) -> Open:
    @asynccontextmanager
    async def transactions() -> AsyncIterator[Records]:
        async with database.transaction() as tx:
            yield records_on(tx, outbox=Outbox("customer-link", CLOCK, uuid4))

    return transactions


async def handed_in(transactions: Open, name: str = "Betrieb") -> UUID:
    texts = ["organisation;customer_number;type;email;display_name\n"]
    texts += [f"{name} {number // 3};70 {number:05};handel;p{number}@example.com;P\n" for number in range(LINES)]
    read = CustomerFile(texts, ImportKind.CUSTOMERS)
    file = CustomerImportFile(
        id=uuid4(), kind=ImportKind.CUSTOMERS, name="", columns=read.columns, created_by=ANNA, created_at=CLOCK()
    )
    async with transactions() as records:
        await hand_in(file, read.lines(), records=records)
    return file.id


async def count(database: Database, what: str) -> int:
    async with database.transaction() as tx:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {what}")) or 0)


async def test_s6_two_clicks_and_two_replicas_import_once(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    first = await database_factory("customer_link")
    second = Database(first.url)
    replicas = [opener(first), opener(second)]
    import_id = await handed_in(replicas[0])

    async def work() -> None:
        rules = import_rules(CLOCK)
        await asyncio.gather(*(work_on_import(import_id, transactions=each, rules=rules) for each in replicas))

    async def click(transactions: Open, who: UUID) -> None:
        async with transactions() as records:
            await begin_import(import_id, who, records=records)

    await work()
    await asyncio.gather(*(click(each, who) for each, who in zip(replicas * 5, [ANNA, BERND] * 5, strict=True)))
    assert await count(first, "procrastinate_jobs WHERE task_name = 'import_customers'") == 2
    await work()
    async with replicas[0]() as records:
        file = await records.import_files.get(import_id)
    assert file is not None
    assert (file.phase, file.counts["customers"], file.counts["refused"]) == (ImportPhase.DONE, LINES, 0)
    assert (await count(first, "customer"), await count(first, "contact")) == (LINES, LINES)
    assert await count(first, "outbox WHERE type LIKE '%contact.changed.v1'") == LINES
    await second.close()


async def test_two_files_at_once_make_each_organisation_once(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    first = await database_factory("customer_link")
    second = Database(first.url)
    replicas = [opener(first), opener(second)]
    imports = [await handed_in(replicas[0]), await handed_in(replicas[1])]
    for import_id in imports:
        await work_on_import(import_id, transactions=replicas[0], rules=import_rules(CLOCK))
        async with replicas[0]() as records:
            await begin_import(import_id, ANNA, records=records)
    rules = import_rules(CLOCK)
    pairs = zip(imports, replicas, strict=True)
    await asyncio.gather(*(work_on_import(one, transactions=each, rules=rules) for one, each in pairs))
    assert await count(first, "organisation") == (LINES + 2) // 3
    assert (await count(first, "customer"), await count(first, "contact")) == (LINES, LINES)
    await second.close()


async def test_a_file_and_another_system_that_puts_the_same_numbers_do_not_wait_in_a_circle(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    first = await database_factory("customer_link")
    second = Database(first.url)
    replicas, file_rules = [opener(first), opener(second)], import_rules(CLOCK)
    put_rules = PutRules(KINDS, CLOCK, uuid4, timedelta(hours=24))
    data = some_data(CLOCK() - timedelta(days=1))

    async def put(numbers: Sequence[int]) -> None:
        entries = [CustomerEntry(f"{one}", "handel", NamedOrganisation(name="Neu"), data) for one in numbers]
        async with replicas[0]() as records:
            await put_customers(entries, records=records, rules=put_rules)

    async def take(numbers: Sequence[int]) -> None:
        values = {"organisation": "Neu", "type": "handel", "name": "Neu", "city": "Graz"}
        lines = [FileLine(one, {**values, "customer_number": f"{one}"}) for one in numbers]
        async with replicas[1]() as records:
            await begin_run(ImportKind.CUSTOMERS, file_rules, CLOCK(), dry_run=False).take(lines, records)

    for round_ in range(6):
        numbers = range(900, 1000 + round_ * 20)
        await asyncio.gather(put(numbers[::-1]), take(numbers), put(numbers[50:]), take(numbers[::-1]))
    assert await count(first, "organisation") == 1
    assert await count(first, "customer") == len(numbers)
    assert await count(first, "customer_data WHERE document ->> 'name' = 'Neu'") == len(numbers)
    await second.close()
