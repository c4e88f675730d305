"""Importing organisations, customer numbers and contact persons (S6)."""

from uuid import uuid4

import pytest

from chassis.errors import DomainError
from customer_link.adapters.mail_address import read_mail_address
from customer_link.domain.customer_number import number_key
from customer_link.entrypoints.customer_file import MOST_LINES, customer_lines, template
from customer_link.usecases.import_contacts import ImportRules
from customer_link.usecases.import_customers import CustomerImport, CustomerImportRules, ImportReport
from customer_link_builders import INN, stock
from customer_link_fakes import FakeStores, fake_stores

RULES = CustomerImportRules(ImportRules(read_mail_address, uuid4, ("de", "en")), {"gastronomie", "handel"})
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


async def imported(stores: FakeStores, lines: list[str], *, dry_run: bool = False) -> ImportReport:
    """Line by line, as if each were a batch of its own."""
    run = CustomerImport(RULES, dry_run)
    for line in customer_lines([f"{text}\r\n" for text in lines]):
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
    lines = list(customer_lines(["customer_number,organisation\n", '9001,"Haus\n', 'und Hof"\n', "\n", "9002,Neu\n"]))
    assert [line.values.get("organisation") for line in lines] == ["Haus\nund Hof", "Neu"]
    assert list(customer_lines([template()])) == []


@pytest.mark.parametrize("head", ["organisation;falsch", "customer_number;type", "organisation;organisation", ""])
def test_a_file_without_its_columns_is_none(head: str) -> None:
    with pytest.raises(DomainError):
        list(customer_lines([head]))


def test_a_file_has_an_end() -> None:
    texts = ("organisation\n" if number == 0 else "Neu\n" for number in range(MOST_LINES + 2))
    with pytest.raises(DomainError, match="100000"):
        list(customer_lines(texts))
