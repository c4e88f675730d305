"""One suite for the fake directory of customers and the real one."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.testing_edges import START
from customer_link.domain.customer import Customer
from customer_link.domain.customer_search import CustomerQuery, Holding, search_terms
from customer_link.usecases.ports import Records
from customer_link_builders import (
    ANNA,
    BERND,
    CLARA,
    CLUB,
    CONCERT,
    GASTHAUS,
    INN,
    SECOND_INN,
    VEREIN,
    a_contact,
    a_link,
    some_data,
)

HOUR = timedelta(hours=1)


async def found(records: Records, typed: str = "", **query: object) -> list[Customer]:
    page = await records.directory.page(replace(CustomerQuery(search_terms(typed)), **query))  # type: ignore[arg-type]
    return [row.customer for row in page.rows]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", [INN, SECOND_INN, CONCERT, CLUB]),
        ("0702", [INN]),
        ("4711-0702", [INN]),
        ("47110702", [INN]),
        ("10702", [INN]),
        ("donau", [CLUB]),
        ("ödenwäldchen", [INN]),
        ("Oedenwaeldchen", [INN]),
        ("goldenen TON", [INN, SECOND_INN, CONCERT]),
        ("1030 wien", [INN]),
        ("wien donau", []),
        ("Hauptplatz", [INN]),
        ("%", []),
    ],
)
async def test_any_part_of_number_name_and_place_finds_a_customer(
    records: Records, typed: str, expected: list[Customer]
) -> None:
    await records.customers.put_data(INN.id, some_data(name="Wirtshaus Ödenwäldchen"), START)
    assert await found(records, typed) == expected


async def test_newer_data_are_found_and_older_ones_no_more(records: Records) -> None:
    await records.customers.put_data(INN.id, some_data(name="Erster Name"), START)
    await records.customers.put_data(INN.id, some_data(START + HOUR, name="Zweiter Name"), START)
    assert (await found(records, "erster"), await found(records, "zweiter")) == ([], [INN])


async def test_rows_say_who_where_and_whether_somebody_holds_it(records: Records) -> None:
    await records.customers.put_data(INN.id, some_data(), START)
    await records.links.add(a_link(ANNA, INN))
    await records.links.add(a_link(BERND, CLUB))
    await records.links.end(BERND, CLUB.id, START)
    rows = {row.customer: row for row in (await records.directory.page(CustomerQuery())).rows}
    assert (rows[INN].organisation, rows[INN].place, rows[INN].held) == (GASTHAUS.name, "1030 Wien", True)
    assert (rows[CLUB].organisation, rows[CLUB].place, rows[CLUB].held) == (VEREIN.name, "", False)
    assert await found(records, holding=Holding.HELD) == [INN]
    assert await found(records, holding=Holding.FREE, type="veranstaltung") == [CONCERT, CLUB]


async def test_pages_follow_one_another_without_gap(records: Records) -> None:
    first = await records.directory.page(CustomerQuery(size=3))
    assert [row.customer for row in first.rows] == [INN, SECOND_INN, CONCERT]
    rest = await records.directory.page(CustomerQuery(size=3, after=first.next))
    assert ([row.customer for row in rest.rows], rest.next) == ([CLUB], "")


async def test_the_view_has_holders_contacts_and_sibling_numbers(records: Records) -> None:
    await records.links.add(a_link(BERND, INN, START - HOUR))
    await records.links.end(BERND, INN.id, START)
    await records.links.add(a_link(ANNA, INN, START))
    zoe, martha, gone = a_contact("zoe@example.com"), a_contact(), a_contact("gone@example.com")
    for contact in (zoe, martha, gone, a_contact("other@example.com", VEREIN)):
        await records.contacts.add(contact)
    await records.contacts.remove(gone.id, START)
    view = await records.directory.view(INN.id)
    assert view is not None
    assert (view.customer, view.organisation, view.data) == (INN, GASTHAUS, None)
    assert [(one.account_id, one.ended_at) for one in view.holders] == [(ANNA, None), (BERND, START)]
    assert list(view.contacts) == [martha, zoe]
    assert list(view.siblings) == [SECOND_INN, CONCERT]
    assert await records.directory.view(uuid4()) is None
    assert await records.directory.contact(INN.id, martha.id) == martha
    assert await records.directory.contact(CLUB.id, martha.id) is None
    assert await records.directory.contact(INN.id, gone.id) is None


async def test_looks_of_half_a_day_are_one_and_are_forgotten(records: Records) -> None:
    for hours, who in ((0, CLARA), (11, CLARA), (12, CLARA), (12.5, ANNA)):
        await records.directory.note_look(INN.id, who, START + hours * HOUR)
    view = await records.directory.view(INN.id)
    assert view is not None
    assert [(look.staff_id, look.at) for look in view.looks] == [
        (ANNA, START + 12.5 * HOUR),
        (CLARA, START + 12 * HOUR),
        (CLARA, START),
    ]
    assert await records.directory.forget_looks(START + HOUR) == 1
