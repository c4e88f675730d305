"""What becomes of what other systems say of customer numbers, entry by entry (M2, S6, A11)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.testing import FakeClock
from chassis.testing_edges import START
from customer_link.domain.customer import Organisation
from customer_link.domain.customer_entry import CustomerEntry, NamedOrganisation, Outcome, PutAnswer
from customer_link.usecases.put_customers import PutRules, put_customers
from customer_link_builders import CLUB, GASTHAUS, INN, VEREIN, some_data, stock
from customer_link_fakes import FakeStores, fake_stores

RULES = PutRules({"gastronomie", "handel"}, FakeClock(), uuid4, timedelta(hours=24))
NEW = CustomerEntry("9000 1", "handel", NamedOrganisation(reference="CRM-9", name="Kino am Eck"))


@pytest.fixture
async def stores() -> FakeStores:
    made = fake_stores()
    await stock(made.records)
    return made


async def put(stores: FakeStores, *entries: CustomerEntry, dry_run: bool = False) -> list[PutAnswer]:
    return await put_customers(entries, records=stores.records, rules=RULES, dry_run=dry_run)


async def outcomes(stores: FakeStores, *entries: CustomerEntry) -> list[str]:
    return [answer.outcome.value for answer in await put(stores, *entries)]


async def problem(stores: FakeStores, entry: CustomerEntry) -> Any:
    before = (dict(stores.customers.known), dict(stores.customers.owners), dict(stores.book.references))
    [answer] = await put(stores, entry)
    assert (stores.customers.known, stores.customers.owners, stores.book.references) == before
    assert (answer.outcome is Outcome.REFUSED) is bool(answer.problems)
    return dict(answer.problems)


def of(customer: Any, **said: Any) -> CustomerEntry:
    return CustomerEntry(customer.number, **said)


async def test_a_new_number_comes_with_its_organisation_once(stores: FakeStores) -> None:
    assert await outcomes(stores, replace(NEW, data=some_data())) == ["created"]
    made = await stores.customers.numbered("90001")
    assert made is not None
    assert (made.number, made.type) == ("9000 1", "handel")
    assert stores.customers.owners[made.organisation_id].name == "Kino am Eck"
    assert stores.book.references[made.organisation_id] == "CRM-9"
    assert stores.customers.data[made.id] == some_data()
    assert await outcomes(stores, replace(NEW, data=some_data())) == ["unchanged"]
    assert stores.announcements.said == [("customer_changed", made.id)]


async def test_entries_share_the_organisation_that_the_first_one_made(stores: FakeStores) -> None:
    by_name = NamedOrganisation(name="kino am eck")
    entries = [NEW, replace(NEW, number="9000 2"), replace(NEW, number="9000 3", organisation=by_name)]
    assert await outcomes(stores, *entries) == ["created"] * 3
    owners = {one.organisation_id for one in stores.customers.known.values()} - {GASTHAUS.id, VEREIN.id}
    assert len(owners) == 1


async def test_an_unknown_reference_never_takes_an_organisation_that_has_only_the_name(stores: FakeStores) -> None:
    named = NamedOrganisation(reference="CRM-1", name=GASTHAUS.name)
    assert await outcomes(stores, replace(NEW, organisation=named)) == ["created"]
    made = await stores.customers.numbered("90001")
    assert made is not None
    assert made.organisation_id != GASTHAUS.id


async def test_a_known_number_gives_its_organisation_the_reference_it_lacked(stores: FakeStores) -> None:
    named = NamedOrganisation(reference="CRM-1", name="Zum Silbernen Ton")
    assert await outcomes(stores, of(INN, organisation=named)) == ["changed"]
    assert stores.customers.owners[GASTHAUS.id].name == "Zum Silbernen Ton"
    assert stores.book.references == {GASTHAUS.id: "CRM-1"}
    assert await outcomes(stores, of(INN, organisation=named)) == ["unchanged"]
    assert stores.announcements.said == []


async def test_the_newest_data_win_in_whatever_order_they_come(stores: FakeStores) -> None:
    new, old = some_data(START, "Neu"), some_data(START - timedelta(hours=1), "Alt")
    assert await outcomes(stores, of(INN, data=new)) == ["changed"]
    assert await outcomes(stores, of(INN, data=old)) == ["unchanged"]
    assert stores.customers.data[INN.id] == new
    assert stores.announcements.said == [("customer_changed", INN.id)]
    assert stores.customers.asking[INN.id].next_ask_at == START + timedelta(hours=24)


async def test_nothing_said_is_nothing_new(stores: FakeStores) -> None:
    same = of(INN, type=INN.type, organisation=NamedOrganisation(name=GASTHAUS.name.upper()))
    by_id = of(CLUB, organisation=NamedOrganisation(id=VEREIN.id))
    assert await outcomes(stores, CustomerEntry("4711-0702"), by_id) == ["unchanged"] * 2
    assert await outcomes(stores, same) == ["unchanged"]
    assert stores.customers.owners[GASTHAUS.id].name == GASTHAUS.name


@pytest.mark.parametrize(
    ("entry", "problems"),
    [
        (replace(NEW, number=" - "), {"number": "number_invalid"}),
        (replace(NEW, number="9" * 41), {"number": "number_invalid"}),
        (replace(NEW, number="9\n1"), {"number": "number_invalid"}),
        (replace(NEW, type=""), {"type": "type_missing"}),
        (replace(NEW, type="x", organisation=None), {"type": "type_unknown", "organisation": "organisation_missing"}),
        (replace(NEW, organisation=NamedOrganisation(id=UUID(int=99))), {"organisation": "organisation_unknown"}),
        (replace(NEW, organisation=NamedOrganisation(reference="CRM-8")), {"organisation/name": "name_missing"}),
        (of(INN, type="handel"), {"type": "type_differs"}),
        (of(INN, organisation=NamedOrganisation(id=VEREIN.id)), {"organisation": "number_of_another"}),
        (of(INN, organisation=NamedOrganisation(id=UUID(int=99))), {"organisation": "organisation_unknown"}),
        (of(INN, organisation=NamedOrganisation(name=VEREIN.name)), {"organisation": "number_of_another"}),
        (of(INN, organisation=NamedOrganisation(name="Neu")), {"organisation": "number_of_another"}),
        (of(INN, data=some_data(START + timedelta(minutes=6))), {"data/as_of_time": "data_from_the_future"}),
    ],
)
async def test_what_is_wrong_is_named_by_field_and_changes_nothing(
    stores: FakeStores, entry: CustomerEntry, problems: dict[str, str]
) -> None:
    assert await problem(stores, entry) == problems


async def test_a_reference_is_one_organisations_alone(stores: FakeStores) -> None:
    await put(stores, of(INN, organisation=NamedOrganisation(reference="CRM-1")))
    for organisation, problems in (
        (NamedOrganisation(reference="CRM-1"), {"organisation": "number_of_another"}),
        (NamedOrganisation(id=VEREIN.id, reference="CRM-1"), {"organisation/reference": "reference_of_another"}),
    ):
        assert await problem(stores, of(CLUB, organisation=organisation)) == problems
    other = of(INN, organisation=NamedOrganisation(reference="CRM-2", name="Gasthaus"))
    assert await problem(stores, other) == {"organisation": "number_of_another"}
    moved = NamedOrganisation(id=GASTHAUS.id, reference="CRM-2")
    assert await outcomes(stores, of(INN, organisation=moved)) == ["changed"]
    assert stores.book.references[GASTHAUS.id] == "CRM-2"


async def test_a_name_of_two_finds_neither_for_a_new_number(stores: FakeStores) -> None:
    await stores.customers.add_organisation(Organisation(UUID(int=9), VEREIN.name.upper()))
    by_name = NamedOrganisation(name=VEREIN.name)
    assert await problem(stores, replace(NEW, organisation=by_name)) == {"organisation": "organisation_ambiguous"}
    # The number says which of the two it is.
    assert await outcomes(stores, of(CLUB, organisation=by_name)) == ["unchanged"]


async def test_good_entries_are_done_although_others_are_bad(stores: FakeStores) -> None:
    entries: Sequence[CustomerEntry] = [
        replace(NEW, number="9000 5", type="x"),
        NEW,
        replace(NEW, number="90-001"),
        of(INN),
    ]
    assert await outcomes(stores, *entries) == ["refused", "created", "refused", "unchanged"]
    [twice] = await put(stores, of(INN, type="x"))
    assert twice.problems == {"type": "type_differs"}


async def test_a_dry_run_tells_the_same_and_does_nothing(stores: FakeStores) -> None:
    renamed = of(INN, organisation=NamedOrganisation(reference="CRM-1", name="Neu"), data=some_data())
    before = (dict(stores.customers.known), dict(stores.customers.owners))
    answers = await put(stores, NEW, renamed, replace(NEW, number=""), dry_run=True)
    assert [one.outcome.value for one in answers] == ["created", "changed", "refused"]
    assert (stores.customers.known, stores.customers.owners) == before
    assert (stores.customers.data, stores.announcements.said) == ({}, [])
    assert [one.outcome for one in await put(stores, NEW, renamed)] == [one.outcome for one in answers[:2]]
