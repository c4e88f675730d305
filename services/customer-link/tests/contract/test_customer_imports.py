"""One suite for what an import asks of the fake stores and of the real ones."""

from datetime import timedelta
from uuid import UUID

from chassis.testing_edges import START
from customer_link.domain.customer import Customer, Organisation
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, CLUB, CONCERT, GASTHAUS, INN, a_contact, a_link, some_data


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
    assert dict(named) == {(GASTHAUS.id, "martha@example.com"): martha.id}


async def test_an_import_adds_many_and_leaves_a_number_that_came_meanwhile(records: Records) -> None:
    new = Organisation(UUID(int=9), "Neu")
    mine, late = Customer(UUID(int=21), "9001", "handel", new.id), Customer(UUID(int=22), INN.number, "handel", new.id)
    await records.imports.add([new], [mine, late])
    await records.imports.add([], [])
    assert await records.customers.organisations_named("neu") == [new]
    assert [await records.customers.numbered(key) for key in ("9001", "47110702")] == [mine, INN]


async def test_an_import_names_many_and_leaves_who_came_meanwhile(records: Records) -> None:
    martha, again, anna = (
        a_contact("Martha@example.com"),
        a_contact("martha@EXAMPLE.com"),
        a_contact("anna@example.com"),
    )
    await records.contacts.add(martha)
    assert set(await records.imports.name([again, anna])) == {anna.id}
    assert set(await records.imports.name([])) == set()
    assert await records.contacts.get(again.id) is None


async def test_an_import_ends_many_who_administer_no_longer(records: Records) -> None:
    martha, zita, gone = a_contact(account_id=ANNA), a_contact("zita@example.com"), a_contact("gone@example.com")
    for contact in (martha, zita, gone):
        await records.contacts.add(contact)
    await records.contacts.remove(gone.id, START)
    await records.members.name(GASTHAUS.id, ANNA, ANNA, START)
    left = await records.imports.unname([martha.id, zita.id, gone.id], START)
    assert {(one.id, one.account_id, one.active) for one in left} == {(martha.id, ANNA, False), (zita.id, None, False)}
    assert await records.members.of(GASTHAUS.id) == []
    assert await records.imports.unname([martha.id], START) == []
    assert await records.contacts.add(a_contact(account_id=ANNA))
    assert [one.named for one in await records.members.of(GASTHAUS.id)] == [False]


async def test_an_import_puts_data_that_are_not_older(records: Records) -> None:
    later, nobody = START + timedelta(hours=1), UUID(int=99)
    await records.links.add(a_link(ANNA, INN))
    await records.customers.put_data(INN.id, some_data(START), START)
    await records.customers.put_data(CLUB.id, some_data(later), START)
    new = some_data(START, "Anders")
    put = {INN.id: new, CLUB.id: new, CONCERT.id: new, nobody: new}
    for one in (INN, CONCERT):
        await records.customers.note_ask(one.id, at=START, again_at=START, asks=1)
    assert set(await records.imports.put_data(put, at=START, refresh_at=later)) == {INN.id, CONCERT.id}
    held = await records.imports.data([INN.id, CLUB.id, CONCERT.id])
    assert held == {INN.id: new, CONCERT.id: new, CLUB.id: some_data(later)}
    assert [one.id for one in await records.customers.due(later, 9)] == [INN.id]
    assert set(await records.imports.put_data({}, at=START, refresh_at=later)) == set()
