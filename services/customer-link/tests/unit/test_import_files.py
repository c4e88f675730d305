"""Files that staff hand in: looked through, imported, gone on with after a crash, whatever is in them (S6)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import DomainError
from chassis.testing import FakeClock
from chassis.testing_edges import START
from customer_link.domain.customer_import import CustomerImportFile, ImportKind, ImportPhase
from customer_link.entrypoints.customer_file import CustomerFile
from customer_link.usecases.import_lines import BATCH, ImportReport
from customer_link.usecases.ports import Records
from customer_link.usecases.run_import import begin_import, erase_old_imports, hand_in, work_on_import
from customer_link_builders import ANNA, GASTHAUS, INN, a_contact, import_rules, some_data, stock
from customer_link_fakes import FakeStores, fake_stores

FILES = {
    ImportKind.CUSTOMERS: [
        "organisation;customer_number;type;name;street;postal_code;city;country;as_of;email;display_name;contact",
        "Gasthaus Zum Goldenen Ton;4711 0702;gastronomie;Zum Ton;Weg 2;1030;Wien;;2026-11-01;;;",
        "Gasthaus Zum Goldenen Ton;;;;;;;;;martha@example.com;;remove",
        "Neu;9001;handel;;;;;;;anna@example.com;Anna;",
        "Neu;9002;handel;Laden;Gasse 1;;Graz;;;;;",
    ],
    ImportKind.CONTRACTS: [
        "customer_number;reference;title;starts;ends",
        "4711 0702;L-1;Musik im Saal;2024-01-01;",
        "4802 0110;L-2;Fest;1.7.2025;3.7.2025",
    ],
    ImportKind.INVOICES: [
        "customer_number;number;issued;due;amount;currency;state",
        "4711 0702;R-3;2026-11-01;2026-11-30;128,40;EUR;paid",
        "4802 0110;R-9;1.11.2026;30.11.2026;1.000,00;;open",
    ],
}
SIGNS = st.sampled_from(
    [*list(';,"\n\r\t\0=-@'), "\ufeff", "\ufffd", "\ud800", "ß", "İ", "€", "remove", "9001", "Neu", "2026-02-30"]
)


async def stocked() -> FakeStores:
    stores = fake_stores()
    await stock(stores.records)
    await stores.contacts.add(a_contact(account_id=ANNA))
    stores.customers.data[INN.id] = some_data(START - timedelta(days=60))
    return stores


@pytest.fixture
async def stores() -> FakeStores:
    return await stocked()


class Desk:
    """What the page and the job do, on the fakes."""

    def __init__(self, stores: FakeStores) -> None:
        self.stores = stores
        self.clock = FakeClock()
        self.dies_at: int | None = None

    @asynccontextmanager
    async def transactions(self) -> AsyncIterator[Records]:
        if self.dies_at is not None:
            self.dies_at -= 1
            if self.dies_at < 0:
                raise RuntimeError("the replica dies")
        yield self.stores.records

    async def hand_in(self, lines: list[str], kind: ImportKind = ImportKind.CUSTOMERS) -> UUID:
        read = CustomerFile((f"{text}\r\n" for text in lines), kind)
        file = CustomerImportFile(
            id=uuid4(), kind=kind, name="x.csv", columns=read.columns, created_by=ANNA, created_at=self.clock()
        )
        await hand_in(file, read.lines(), records=self.stores.records)
        return file.id

    async def work(self, import_id: UUID) -> CustomerImportFile:
        await work_on_import(import_id, transactions=self.transactions, rules=import_rules(self.clock))
        file = await self.stores.import_files.get(import_id)
        assert file is not None
        return file

    async def through(self, lines: list[str], kind: ImportKind) -> tuple[CustomerImportFile, CustomerImportFile]:
        """A file after it was looked through, and after its import."""
        import_id = await self.hand_in(lines, kind)
        checked = await self.work(import_id)
        await begin_import(import_id, ANNA, records=self.stores.records)
        return checked, await self.work(import_id)


@pytest.mark.parametrize("kind", ImportKind)
async def test_s6_the_import_does_what_the_dry_run_said_and_a_second_one_nothing(
    stores: FakeStores, kind: ImportKind
) -> None:
    desk = Desk(stores)
    checked, done = await desk.through(FILES[kind], kind)
    assert (checked.phase, done.phase) == (ImportPhase.CHECKED, ImportPhase.DONE)
    assert ImportReport.of(done.counts) == ImportReport.of(checked.counts)
    assert ImportReport.of(done.counts).changes
    assert (done.done, done.has_lines) == (done.lines, False)
    again, _ = await desk.through(FILES[kind], kind)
    assert (ImportReport.of(again.counts).changes, again.counts["known"]) == (0, len(FILES[kind]) - 1)


async def test_bad_lines_stay_to_be_mended_and_good_ones_go_as_they_are_imported(stores: FakeStores) -> None:
    desk = Desk(stores)
    lines = [*FILES[ImportKind.CUSTOMERS], "Neu;9003;falsch;;;;;;;;;", "Neu;9001;handel;;;;;;;;;", "zu;kurz"]
    checked, done = await desk.through(lines, ImportKind.CUSTOMERS)
    assert (checked.counts, checked.counts["refused"]) == (done.counts, 3)
    found = await stores.import_files.bad_lines(done.id, -1)
    assert found is not None
    _, left, bad = found
    assert [one.cells[:2] for one in left] == [("Neu", "9003"), ("Neu", "9001"), ("zu", "kurz")]
    assert [(one.line, one.column, one.problem) for one in bad] == [
        (6, "type", "type_unknown"),
        (7, "customer_number", "customer_number_twice"),
        (8, "", "columns_differ"),
    ]
    assert await stores.import_files.bad_lines(done.id, found[0]) is None


async def test_what_went_wrong_since_the_dry_run_is_named_too(stores: FakeStores) -> None:
    desk = Desk(stores)
    import_id = await desk.hand_in([FILES[ImportKind.CUSTOMERS][0], "Neu;9001;handel;;;;;;;;;"])
    await desk.work(import_id)
    await desk.through(["organisation;customer_number;type", "Anders;9001;handel"], ImportKind.CUSTOMERS)
    await begin_import(import_id, ANNA, records=stores.records)
    done = await desk.work(import_id)
    assert (done.counts["customers"], done.counts["refused"]) == (0, 1)


@pytest.mark.parametrize("dies_at", range(1, 4))
async def test_s6_a_job_that_died_is_gone_on_with(stores: FakeStores, dies_at: int) -> None:
    desk = Desk(stores)
    numbers = [f"Betrieb {number};70{number:05};handel" for number in range(BATCH + 1)]
    import_id = await desk.hand_in(["organisation;customer_number;type", *numbers, numbers[0]])
    desk.dies_at = dies_at
    with pytest.raises(RuntimeError):
        await desk.work(import_id)
    desk.dies_at = None
    checked = await desk.work(import_id)
    assert (checked.counts["customers"], checked.counts["refused"]) == (len(numbers), 1)
    await begin_import(import_id, ANNA, records=stores.records)
    desk.dies_at = dies_at
    with pytest.raises(RuntimeError):
        await desk.work(import_id)
    desk.dies_at = None
    assert (await desk.work(import_id)).counts == checked.counts
    assert len(stores.customers.known) == 4 + len(numbers)


async def test_a_file_that_is_put_aside_or_old_is_erased(stores: FakeStores) -> None:
    desk = Desk(stores)
    old, mended = await desk.hand_in(FILES[ImportKind.CUSTOMERS]), await desk.hand_in(FILES[ImportKind.CUSTOMERS])
    assert await stores.import_files.finish(mended, ImportPhase.DROPPED, desk.clock())
    dropped = await desk.work(mended)
    assert (dropped.phase, dropped.has_lines) == (ImportPhase.DROPPED, False)
    desk.clock.advance(timedelta(days=7, seconds=1))
    assert await erase_old_imports(records=stores.records, clock=desk.clock) == 1
    assert (await desk.work(old)).phase is ImportPhase.DROPPED
    desk.clock.advance(timedelta(days=730))
    assert await erase_old_imports(records=stores.records, clock=desk.clock) == 2


@st.composite
def mutated(draw: st.DrawFn) -> tuple[ImportKind, list[str]]:
    """A good file with some of its signs replaced, lines doubled, swapped and cut."""
    kind = draw(st.sampled_from(ImportKind))
    lines = draw(st.lists(st.sampled_from(FILES[kind][1:]), max_size=6))
    content = "\n".join([FILES[kind][0], *lines])
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(SIGNS) + content[place + draw(st.integers(0, 3)) :]
    return kind, content.split("\n")


@settings(max_examples=300)
@given(mutated())
async def test_whatever_is_in_a_file_the_import_does_what_the_dry_run_said(file: tuple[ImportKind, list[str]]) -> None:
    kind, lines = file
    stores = await stocked()
    desk = Desk(stores)
    try:
        checked, done = await desk.through(lines, kind)
    except DomainError:
        return  # the file as a whole is none
    assert ImportReport.of(done.counts) == ImportReport.of(checked.counts)
    again, _ = await desk.through(lines, kind)
    assert ImportReport.of(again.counts).changes == 0
    assert again.counts["refused"] == done.counts["refused"]
    assert GASTHAUS.id in stores.customers.owners
