"""One suite for other systems' view of customers, over the fake book and the real one."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.testing_edges import START
from customer_link.domain.customer_entry import KnownNumber, KnownOrganisation, NamedOrganisation, RecordQuery
from customer_link.usecases.ports import Records
from customer_link_builders import CLUB, CONCERT, GASTHAUS, INN, SECOND_INN, VEREIN, a_contact, some_data

INN_OWNER, CLUB_OWNER = KnownOrganisation(GASTHAUS.id, GASTHAUS.name), KnownOrganisation(VEREIN.id, VEREIN.name)
NEW = KnownOrganisation(UUID(int=9), "Kino am Eck", "CRM-9")


async def test_numbers_are_known_with_the_time_of_their_data(records: Records) -> None:
    await records.customers.put_data(INN.id, some_data(), START)
    assert await records.book.numbers({"47110702", "48020110", "1"}) == {
        "47110702": KnownNumber(INN, START),
        "48020110": KnownNumber(CLUB, None),
    }


async def test_organisations_are_meant_by_id_reference_or_name(records: Records) -> None:
    twin = replace(NEW, id=UUID(int=10), name=VEREIN.name.upper(), reference="")
    await records.book.add_organisations([NEW, twin])
    book = records.book
    assert await book.organisations([NamedOrganisation(id=GASTHAUS.id)], []) == [INN_OWNER]
    assert await book.organisations([], [GASTHAUS.id]) == [INN_OWNER]
    assert await book.organisations([NamedOrganisation(reference="CRM-9", name=VEREIN.name)], []) == [NEW]
    assert await book.organisations([NamedOrganisation(name=f" {VEREIN.name} ")], []) == [CLUB_OWNER, twin]
    assert await book.organisations([], []) == []


async def test_organisations_get_other_names_and_references(records: Records) -> None:
    renamed = KnownOrganisation(GASTHAUS.id, "Zum Silbernen Ton", "CRM-1")
    await records.book.change_organisations([renamed])
    await records.book.change_organisations([])
    await records.book.add_organisations([])
    assert await records.book.organisations([NamedOrganisation(name="zum silbernen ton")], []) == [renamed]
    assert [one.name for one in await records.customers.organisations([GASTHAUS.id])] == ["Zum Silbernen Ton"]


async def test_data_of_many_are_put_where_they_are_newer(records: Records) -> None:
    await records.customers.put_data(INN.id, some_data(), START)
    later, data = START + timedelta(days=1), some_data(name="Neu")
    newer = await records.book.put_data({CLUB.id: data, INN.id: data}, START)
    assert set(newer) == {CLUB.id}
    assert set(await records.book.put_data({INN.id: replace(data, as_of=later)}, START)) == {INN.id}
    found = await records.book.record("47110702")
    assert found is not None
    assert (found.as_of, found.data) == (later, replace(data, as_of=later))


async def test_who_was_answered_is_asked_anew_then_and_not_before(records: Records) -> None:
    for customer in (INN, CLUB):
        await records.customers.note_ask(customer.id, at=START, again_at=START, asks=3)
    again_at = START + timedelta(hours=24)
    await records.book.refresh([INN.id, CLUB.id], again_at)
    assert await records.customers.due(again_at - timedelta(seconds=1), 10) == []
    assert {(one.id, one.asks) for one in await records.customers.due(again_at, 10)} == {(INN.id, 0), (CLUB.id, 0)}


async def test_a_record_tells_all_of_a_number(records: Records) -> None:
    found = await records.book.record("48020110")
    assert found is not None
    assert (found.customer, found.organisation, found.as_of, found.data) == (CLUB, CLUB_OWNER, None, None)
    assert await records.book.record("1") is None


async def test_records_come_in_the_order_of_their_numbers_page_by_page(records: Records) -> None:
    await records.customers.put_data(INN.id, some_data(), START)
    await records.book.change_organisations([replace(CLUB_OWNER, reference="CRM-2")])

    async def listed(**asked: object) -> list[object]:
        return [one.customer for one in (await records.book.page(replace(RecordQuery(), **asked))).records]  # type: ignore[arg-type]

    first = await records.book.page(RecordQuery(size=3))
    assert [one.customer for one in first.records] == [INN, SECOND_INN, CONCERT]
    assert (first.records[0].as_of, first.records[0].data, first.records[1].as_of) == (START, None, None)
    assert await listed(after=first.next) == [CLUB]
    assert (await records.book.page(RecordQuery(size=4))).next == ""
    assert await listed(type="gastronomie") == [INN, SECOND_INN]
    assert await listed(organisation_id=VEREIN.id) == [CLUB]
    assert await listed(reference="CRM-2") == [CLUB]
    assert await listed(customer_id=CONCERT.id) == [CONCERT]
    assert await listed(reference="CRM-2", type="gastronomie") == []


async def test_contacts_of_an_organisation_come_in_the_order_of_their_ids(records: Records) -> None:
    one, two, gone = (a_contact(f"{name}@example.com") for name in ("one", "two", "gone"))
    elsewhere = a_contact("one@example.com", VEREIN)
    for contact in (one, two, gone, elsewhere):
        await records.contacts.add(contact)
    await records.contacts.remove(gone.id, START)
    named = sorted([one, two], key=lambda contact: contact.id)
    assert await records.book.contacts(GASTHAUS.id, None, 10) == named
    assert await records.book.contacts(GASTHAUS.id, None, 1) == named[:1]
    assert await records.book.contacts(GASTHAUS.id, named[0].id, 10) == named[1:]
    assert await records.book.contacts(UUID(int=99), None, 10) == []
