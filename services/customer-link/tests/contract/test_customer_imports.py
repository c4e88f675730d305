"""One suite for what an import asks of the fake stores and of the real ones."""

from uuid import UUID

from chassis.testing_edges import START
from customer_link.domain.customer import Customer, Organisation
from customer_link.usecases.ports import Records
from customer_link_builders import CLUB, GASTHAUS, INN, a_contact


async def test_an_import_asks_for_many_lines_at_once(records: Records) -> None:
    twin = Organisation(UUID(int=9), GASTHAUS.name.upper())
    await records.customers.add_organisation(twin)
    await records.imports.begin()
    named = await records.imports.organisations({GASTHAUS.name.casefold(), "unbekannt"})
    assert {key: sorted(ids) for key, ids in named.items()} == {GASTHAUS.name.casefold(): [GASTHAUS.id, twin.id]}
    assert dict(await records.imports.customers({"47110702", "48020110", "1"})) == {"47110702": INN, "48020110": CLUB}


async def test_an_import_knows_who_is_named_now(records: Records) -> None:
    martha, gone = a_contact("Martha@example.com"), a_contact("gone@example.com")
    for contact in (martha, gone):
        await records.contacts.add(contact)
    await records.contacts.remove(gone.id, START)
    named = await records.imports.contacts({"martha@example.com", "gone@example.com"})
    assert set(named) == {(GASTHAUS.id, "martha@example.com")}


async def test_an_import_adds_many_and_leaves_a_number_that_came_meanwhile(records: Records) -> None:
    new = Organisation(UUID(int=9), "Neu")
    mine, late = Customer(UUID(int=21), "9001", "handel", new.id), Customer(UUID(int=22), INN.number, "handel", new.id)
    await records.imports.add([new], [mine, late])
    await records.imports.add([], [])
    assert await records.customers.organisations_named("neu") == [new]
    assert [await records.customers.numbered(key) for key in ("9001", "47110702")] == [mine, INN]
