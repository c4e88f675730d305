"""Importing organisations, customer numbers and contact persons (S6)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import pytest

from chassis.errors import DomainError
from chassis.testing_edges import START
from customer_link.domain.contact import email_key
from customer_link.domain.customer_import import ImportKind
from customer_link.domain.customer_number import number_key
from customer_link.entrypoints.customer_file import MOST_LINES, CustomerFile, template
from customer_link.usecases.import_lines import FileLine, ImportReport
from customer_link.usecases.run_import import begin_run
from customer_link_builders import ANNA, GASTHAUS, INN, a_contact, import_rules, some_data, stock
from customer_link_fakes import FakeStores, fake_stores

DAY = timedelta(days=1)
HEAD = "organisation;customer_number;type;email;display_name"
GOOD = [
    HEAD,
    "Café Süd;9001;gastronomie;anna@example.com;Anna Süd",
    "CAFÉ SÜD ;9002;handel;;",
    "Gasthaus Zum Goldenen Ton;;;zita@example.com;Zita",
    "Gasthaus Zum Goldenen Ton;4711-0702;gastronomie;;",
]


@pytest.fixture
async def stores() -> FakeStores:
    made = fake_stores()
    await stock(made.records)
    return made


def customer_lines(texts: Iterable[str], kind: ImportKind = ImportKind.CUSTOMERS) -> list[FileLine]:
    return list(CustomerFile(texts, kind).lines())


async def imported(
    stores: FakeStores,
    lines: list[str],
    kind: ImportKind = ImportKind.CUSTOMERS,
    *,
    dry_run: bool = False,
    at: datetime = START,
) -> ImportReport:
    """Line by line, as if each were a batch of its own."""
    run = begin_run(kind, import_rules(), at, dry_run=dry_run)
    for line in customer_lines((f"{text}\r\n" for text in lines), kind):
        await run.take([line], stores.records)
    return run.report


def counts(report: ImportReport) -> tuple[int, ...]:
    return report.organisations, report.customers, report.contacts, report.known, report.refused


async def test_s6_new_ones_are_added_once_and_known_ones_are_left(stores: FakeStores) -> None:
    assert counts(await imported(stores, GOOD, dry_run=True)) == (1, 2, 2, 1, 0)
    assert not await stores.customers.organisations_named("Café Süd")
    assert counts(await imported(stores, GOOD)) == (1, 2, 2, 1, 0)
    [south] = await stores.customers.organisations_named("café süd")
    numbers = [one for one in stores.customers.known.values() if one.organisation_id == south.id]
    assert sorted(number_key(one.number) for one in numbers) == ["9001", "9002"]
    assert [what for what, _ in stores.announcements.said] == ["contact_named", "account_wanted"] * 2
    assert counts(await imported(stores, GOOD)) == (0, 0, 0, 4, 0)


@pytest.mark.parametrize(
    ("line", "column", "problem"),
    [
        (";9001;handel;;", "organisation", "organisation_missing"),
        (f"{'x' * 201};9001;handel;;", "organisation", "organisation_invalid"),
        ("Neu;;;;", "customer_number", "nothing_to_import"),
        ("Neu;--;handel;;", "customer_number", "number_invalid"),
        ("Neu;9001;sendung;;", "type", "type_unknown"),
        ("Neu;;;anna;Anna", "email", "email_invalid"),
        ("Neu;;;anna@example.com;", "display_name", "name_missing"),
        ("Neu;47110702;gastronomie;;", "customer_number", "number_of_another"),
        ("Gasthaus Zum Goldenen Ton;47110702;handel;;", "type", "type_differs"),
        ("Neu;9001;handel", "", "columns_differ"),
        ("Neu\ufffd;9001;handel;;", "", "encoding_invalid"),
    ],
)
async def test_s6_each_bad_line_is_named_with_its_column(
    stores: FakeStores, line: str, column: str, problem: str
) -> None:
    before = dict(stores.customers.known)
    report = await imported(stores, [HEAD, line])
    assert [(bad.line, bad.column, bad.problem) for bad in report.bad] == [(2, column, problem)]
    assert (stores.customers.known, counts(report)) == (before, (0, 0, 0, 0, 1))


async def test_a_file_does_not_contradict_itself(stores: FakeStores) -> None:
    report = await imported(stores, [HEAD, "Neu;9001;handel;a@example.com;A", "Neu;90-01;handel;A@example.com;B"])
    assert [(bad.line, bad.problem) for bad in report.bad] == [(3, "customer_number_twice"), (3, "email_twice")]


async def test_good_lines_are_imported_although_others_are_bad(stores: FakeStores) -> None:
    report = await imported(stores, [*GOOD, "Neu;9009;falsch;;"])
    assert counts(report) == (1, 2, 2, 1, 1)
    assert INN in stores.customers.known.values()


def test_a_file_is_read_with_either_separator_and_line_breaks_in_cells() -> None:
    lines = customer_lines(["customer_number,organisation\n", '9001,"Haus\n', 'und Hof"\n', "\n", "9002,Neu\n"])
    assert [line.values.get("organisation") for line in lines] == ["Haus\nund Hof", "Neu"]
    assert customer_lines([template(ImportKind.CUSTOMERS)]) == []


@pytest.mark.parametrize(
    "head", ["organisation;falsch", "customer_number;type", "organisation;organisation", "", "organisation\r;type"]
)
def test_a_file_without_its_columns_is_none(head: str) -> None:
    with pytest.raises(DomainError):
        customer_lines([head])


def test_a_file_has_an_end() -> None:
    texts = ("organisation\n" if number == 0 else "Neu\n" for number in range(MOST_LINES + 2))
    with pytest.raises(DomainError, match="100000"):
        customer_lines(texts)


DATA = "organisation;customer_number;type;name;street;postal_code;city;country;as_of"
ADDRESSED = f"{GASTHAUS.name};4711-0702;gastronomie;Zum Ton;Weg 2;1030;Wien;Österreich;"


async def test_s6_data_of_a_number_are_taken_over_and_its_contracts_stay(stores: FakeStores) -> None:
    stores.customers.data[INN.id] = some_data(START - DAY)
    before = stores.customers.data[INN.id]
    assert (await imported(stores, [DATA, ADDRESSED], dry_run=True)).changed == 1
    assert stores.customers.data[INN.id] == before
    report = await imported(stores, [DATA, ADDRESSED])
    assert (report.changed, report.customers, report.known) == (1, 0, 0)
    data = stores.customers.data[INN.id]
    assert (data.name, data.address_lines, data.as_of) == ("Zum Ton", ("Weg 2", "1030 Wien, Österreich"), START)
    assert (data.contracts, data.invoices) == (before.contracts, before.invoices)
    assert stores.announcements.said == [("customer_changed", INN.id)]
    assert counts(await imported(stores, [DATA, ADDRESSED], at=START + DAY)) == (0, 0, 0, 1, 0)
    assert stores.customers.data[INN.id].as_of == START


async def test_data_with_a_time_are_newer_even_if_nothing_else_changed(stores: FakeStores) -> None:
    dated = f"{ADDRESSED}21.11.2026"
    for changed, known in ((1, 0), (0, 1)):
        report = await imported(stores, [DATA, dated])
        assert (report.changed, report.known) == (changed, known)
    assert stores.customers.data[INN.id].as_of == datetime.fromisoformat("2026-11-20T23:00:00+00:00")
    older = await imported(stores, [DATA, f"{ADDRESSED}2026-11-20"])
    assert [(bad.column, bad.problem) for bad in older.bad] == [("as_of", "data_newer")]


@pytest.mark.parametrize(
    ("line", "column", "problem"),
    [
        (f"{GASTHAUS.name};;;Zum Ton;;;;;", "customer_number", "number_missing"),
        ("Neu;9001;handel;;;;;;gestern", "as_of", "as_of_invalid"),
        ("Neu;9001;handel;;;;;;2027-01-01", "as_of", "as_of_future"),
        ("Neu;9001;handel;;;123456789012345678901;;;", "postal_code", "too_long"),
    ],
)
async def test_data_that_cannot_be_are_named(stores: FakeStores, line: str, column: str, problem: str) -> None:
    report = await imported(stores, [DATA, line])
    assert (column, problem) in [(bad.column, bad.problem) for bad in report.bad]


LEAVING = "organisation;email;contact"


async def test_m2b_a_person_is_no_longer_named_by_a_file(stores: FakeStores) -> None:
    martha = a_contact(account_id=ANNA)
    await stores.contacts.add(martha)
    await stores.members.name(GASTHAUS.id, ANNA, ANNA, START)
    lines = [LEAVING, f"{GASTHAUS.name};{martha.email.upper()};Remove"]
    assert (await imported(stores, lines, dry_run=True)).removed == 1
    assert stores.contacts.named[martha.id].active
    assert (await imported(stores, lines)).removed == 1
    assert not stores.contacts.named[martha.id].active
    assert stores.members.administrators == set()
    assert stores.announcements.said == [("membership_changed", ANNA), ("contact_removed", martha.id)]
    assert counts(await imported(stores, lines)) == (0, 0, 0, 1, 0)


@pytest.mark.parametrize(
    ("line", "column", "problem"),
    [
        ("Neu;a@example.com;remove", "organisation", "organisation_unknown"),
        (f"{GASTHAUS.name};a@example.com;weg", "contact", "contact_invalid"),
        (f"{GASTHAUS.name};;remove", "email", "email_missing"),
        (f"{GASTHAUS.name};anna;remove", "email", "email_invalid"),
    ],
)
async def test_a_removal_that_cannot_be_is_named(stores: FakeStores, line: str, column: str, problem: str) -> None:
    report = await imported(stores, [LEAVING, line])
    assert (column, problem) in [(bad.column, bad.problem) for bad in report.bad]
    assert [one.name for one in stores.customers.owners.values() if one.name == "Neu"] == []


async def test_who_is_named_by_a_file_is_a_contact(stores: FakeStores) -> None:
    await imported(stores, GOOD)
    assert "zita@example.com" in {email_key(one.email) for one in stores.contacts.named.values()}


CONTRACTS = [
    "customer_number;reference;title;starts;ends",
    "47110702;L-1;Musik im Saal;1.1.2024;",
    "48020110;L-9;Fest;2025-07-01;2025-07-03",
]
INVOICES = [
    "customer_number;number;issued;due;amount;currency;state",
    "4711 0702;R-3;1.11.2026;30.11.2026;1.128,40;;Paid",
]


async def test_s6_contracts_come_and_change_and_none_goes(stores: FakeStores) -> None:
    stores.customers.data[INN.id] = some_data(START - DAY)
    expected = (1, 1, 0, 0)
    for dry_run in (True, False):
        report = await imported(stores, CONTRACTS, ImportKind.CONTRACTS, dry_run=dry_run)
        assert (report.added, report.changed, report.known, report.refused) == expected
    titles = [one.title for one in stores.customers.data[INN.id].contracts]
    assert titles == ["Musik im Saal", "Sommerfest"]
    again = await imported(stores, CONTRACTS, ImportKind.CONTRACTS, at=START + DAY)
    assert (again.added, again.changed, again.known) == (0, 0, 2)
    club = next(data for data in stores.customers.data.values() if data.name == "Kulturverein Donaukanal")
    assert [(one.reference, one.ends) for one in club.contracts] == [("L-9", date(2025, 7, 3))]


async def test_s6_invoices_are_paid_by_a_file(stores: FakeStores) -> None:
    stores.customers.data[INN.id] = some_data(START - DAY)
    assert (await imported(stores, INVOICES, ImportKind.INVOICES)).changed == 1
    first = stores.customers.data[INN.id].invoices[0]
    assert (first.number, first.amount_cents, first.currency, first.unpaid) == ("R-3", 112_840, "EUR", False)
    assert len(stores.customers.data[INN.id].invoices) == 3
    late = await imported(stores, INVOICES, ImportKind.INVOICES, at=START - DAY)
    assert [(bad.column, bad.problem) for bad in late.bad] == [("", "data_newer")]


@pytest.mark.parametrize(
    ("kind", "line", "column", "problem"),
    [
        (ImportKind.CONTRACTS, "9999;L-1;Musik;2024-01-01;", "customer_number", "number_unknown"),
        (ImportKind.CONTRACTS, "--;L-1;Musik;2024-01-01;", "customer_number", "number_invalid"),
        (ImportKind.CONTRACTS, "47110702;;Musik;2024-01-01;", "reference", "missing"),
        (ImportKind.CONTRACTS, "47110702;L-1;;2024-01-01;", "title", "missing"),
        (ImportKind.CONTRACTS, "47110702;L-1;Musik;31.2.2024;", "starts", "day_invalid"),
        (ImportKind.CONTRACTS, "47110702;L-1;Musik;2024-01-02;2024-01-01", "ends", "ends_before_start"),
        (ImportKind.INVOICES, "47110702;R-1;2024-01-01;2024-01-31;1.2345;;open", "amount", "amount_invalid"),
        (ImportKind.INVOICES, "47110702;R-1;2024-01-01;2024-01-31;12;EURO;open", "currency", "currency_invalid"),
        (ImportKind.INVOICES, "47110702;R-1;2024-01-01;2024-01-31;12;;offen", "state", "state_unknown"),
        (ImportKind.INVOICES, "47110702;R-1;2024-01-01;;12;;open", "due", "day_invalid"),
    ],
)
async def test_a_bad_contract_or_invoice_is_named(
    stores: FakeStores, kind: ImportKind, line: str, column: str, problem: str
) -> None:
    head = {ImportKind.CONTRACTS: CONTRACTS, ImportKind.INVOICES: INVOICES}[kind][0]
    report = await imported(stores, [head, line], kind)
    assert [(bad.line, bad.column, bad.problem) for bad in report.bad] == [(2, column, problem)]


async def test_a_number_has_its_most_contracts_in_a_dry_run_too(stores: FakeStores) -> None:
    lines = [CONTRACTS[0], *(f"47110702;L-{number};Musik;2024-01-01;" for number in range(1002))]
    for dry_run in (True, False):
        report = await imported(stores, lines, ImportKind.CONTRACTS, dry_run=dry_run)
        assert (report.added, report.refused, report.bad[0].problem) == (1000, 2, "too_many_of_number")


def test_a_file_of_bad_lines_can_come_back() -> None:
    [line] = customer_lines(["line;reason;organisation;customer_number\r\n", "7;type: falsch;Neu;9001\r\n"])
    assert (line.values, line.cells) == ({"organisation": "Neu", "customer_number": "9001"}, ("Neu", "9001"))
