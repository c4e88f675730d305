"""One suite for the fake stores and the real ones."""

from datetime import timedelta
from uuid import UUID, uuid4

from chassis.testing_edges import START
from customer_link.domain.code_state import CodeState
from customer_link.domain.customer import Customer, HeldNumber, LinkedCustomer, Organisation
from customer_link.domain.member import Holding, Member
from customer_link.usecases.ports import Records, WaitingCustomer
from customer_link_builders import (
    ANNA,
    BERND,
    CLARA,
    CLUB,
    CONCERT,
    GASTHAUS,
    INN,
    KEEPER,
    SECOND_INN,
    VEREIN,
    a_code,
    a_contact,
    a_link,
    an_activation_code,
    give_code,
    some_data,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_a_number_is_known_once_however_it_is_written(records: Records) -> None:
    assert not await records.customers.add(Customer(uuid4(), "4711-0702", "handel", GASTHAUS.id))
    assert not await records.customers.add(Customer(INN.id, "9999", "handel", GASTHAUS.id))
    assert await records.customers.get(INN.id) == INN
    assert await records.customers.get(uuid4()) is None


async def test_organisations_are_found_by_id_and_by_name(records: Records) -> None:
    twin = Organisation(uuid4(), "Kulturverein Donaukanal")
    assert await records.customers.add_organisation(twin)
    assert not await records.customers.add_organisation(twin)
    assert await records.customers.organisations([GASTHAUS.id, uuid4()]) == [GASTHAUS]
    assert await records.customers.organisations_named(" gasthaus zum goldenen ton ") == [GASTHAUS]
    assert len(await records.customers.organisations_named(VEREIN.name)) == 2


async def test_the_newest_data_win(records: Records) -> None:
    await records.links.add(a_link(ANNA, INN))
    assert await records.customers.put_data(INN.id, some_data(START), START)
    assert not await records.customers.put_data(INN.id, some_data(START, "Other"), START)
    assert not await records.customers.put_data(INN.id, some_data(START - DAY, "Older"), START)
    linked = await records.links.linked_one(ANNA, INN.id)
    assert linked is not None
    assert linked.data == some_data(START)
    assert await records.customers.put_data(INN.id, some_data(START + DAY, "Newer"), START)


async def test_who_waits_is_due_until_an_answer_comes(records: Records) -> None:
    await records.links.add(a_link(ANNA, INN))
    await records.customers.note_ask(INN.id, at=START, again_at=START + MINUTE, asks=1)
    await records.customers.note_ask(CLUB.id, at=START, again_at=START + 2 * MINUTE, asks=1)
    assert await records.customers.due(START, 10) == []
    waiting = [WaitingCustomer(INN.id, 1, held=True), WaitingCustomer(CLUB.id, 1, held=False)]
    assert await records.customers.due(START + 2 * MINUTE, 10) == waiting
    assert await records.customers.due(START + 2 * MINUTE, 1) == waiting[:1]
    await records.customers.note_rest(INN.id, again_at=START + DAY)
    await records.customers.note_rest(CLUB.id, again_at=None)
    assert await records.customers.due(START + 3 * MINUTE, 10) == []
    assert await records.customers.due(START + DAY, 10) == [WaitingCustomer(INN.id, 0, held=True)]


async def test_the_wait_is_shown_since_the_first_ask_and_not_from_before_the_link(records: Records) -> None:
    await records.links.add(a_link(ANNA, INN, START))
    await records.customers.note_ask(INN.id, at=START + MINUTE, again_at=START + DAY, asks=1)
    await records.customers.note_ask(INN.id, at=START + DAY, again_at=START + DAY, asks=2)
    assert await records.links.linked(ANNA) == [LinkedCustomer(INN, START, START + MINUTE, None)]
    await records.links.end(ANNA, INN.id, START + DAY)
    await records.links.add(a_link(BERND, INN, START + DAY))
    assert await records.links.linked(BERND) == [LinkedCustomer(INN, START + DAY, START + DAY, None)]


async def test_slots_hold_the_limits(records: Records) -> None:
    assert await records.links.add(a_link(ANNA, INN))
    assert not await records.links.add(a_link(BERND, INN))
    assert await records.links.add(a_link(BERND, INN, holder_slot=2))
    assert not await records.links.add(a_link(ANNA, INN, holder_slot=3, type_slot=2))
    assert not await records.links.add(a_link(ANNA, SECOND_INN))
    assert await records.links.add(a_link(ANNA, SECOND_INN, type_slot=2))


async def test_what_an_account_held_stays_known_and_is_nobody_elses(records: Records) -> None:
    await records.links.add(a_link(ANNA, INN, START))
    await records.links.end(ANNA, INN.id, START + DAY)
    await records.links.add(a_link(ANNA, CLUB, START + DAY))
    await records.links.add(a_link(BERND, INN, START + DAY))
    held = await records.links.ever_held(ANNA, 10)
    assert held == [HeldNumber(CLUB, START + DAY, None), HeldNumber(INN, START, START + DAY)]
    assert await records.links.ever_held(ANNA, 1) == held[:1]
    assert await records.links.holders("47110702") == [BERND]
    assert await records.links.holders("4711") == []


async def test_links_are_seen_by_their_holder_only_and_end_once(records: Records) -> None:
    link = a_link(ANNA, INN)
    await records.links.add(link)
    await records.links.add(a_link(BERND, CLUB))
    assert await records.links.active_of(ANNA, CLUB.id) != [link]
    assert {one.account_id for one in await records.links.active_of(ANNA, CLUB.id)} == {ANNA, BERND}
    assert await records.links.linked_one(BERND, INN.id) is None
    assert await records.links.holds(link.id) == INN
    assert await records.links.end(BERND, INN.id, START) is None
    assert await records.links.end(ANNA, INN.id, START) == link
    assert await records.links.end(ANNA, INN.id, START) is None
    assert await records.links.holds(link.id) is None
    assert await records.links.add(a_link(CLARA, INN))


async def test_a_code_is_found_with_its_number_only(records: Records) -> None:
    code = await give_code(records, INN, a_code())
    assert await records.codes.match(KEEPER.macs(a_code()), "47110702") == (code, INN)
    assert await records.codes.match(KEEPER.macs(a_code()), "47110933") is None
    assert await records.codes.match(KEEPER.macs(a_code(8)), "47110702") is None
    assert not await records.codes.add(code, KEEPER.keep(code.id, a_code(9)))


async def test_using_a_code_withdraws_superseded_ones(records: Records) -> None:
    await give_code(records, INN, a_code())
    await give_code(records, CLUB, a_code(8))
    await records.codes.supersede(INN.id, START + MINUTE)
    newer = await give_code(records, INN, a_code(9))
    old = await records.codes.match(KEEPER.macs(a_code()), "47110702")
    assert old is not None
    assert (old[0].state, old[0].superseded_at) == (CodeState.SUPERSEDED, START + MINUTE)
    await records.codes.use(newer, ANNA, START + DAY)
    states = {}
    for seed, number in ((7, "47110702"), (9, "47110702"), (8, "48020110")):
        found = await records.codes.match(KEEPER.macs(a_code(seed)), number)
        states[seed] = found[0].state if found else None
    assert states == {7: CodeState.WITHDRAWN, 9: CodeState.USED, 8: CodeState.ISSUED}


async def test_sealed_copies_go_with_use_age_and_expiry(records: Records) -> None:
    used = await give_code(records, INN, a_code())
    old = await give_code(records, CONCERT, a_code(8), START - 7 * DAY)
    expired = await give_code(records, CLUB, a_code(9), valid_until=START)
    fresh = await give_code(records, SECOND_INN, a_code(10))
    await records.codes.use(used, ANNA, START)
    assert await records.codes.sealed(used.id) is None
    assert await records.codes.erase_sealed(START - 7 * DAY, START) == 2
    assert [await records.codes.sealed(one.id) for one in (old, expired)] == [None, None]
    kept = await records.codes.sealed(fresh.id)
    assert kept is not None
    assert (kept[0], KEEPER.open(fresh.id, kept[1])) == (an_activation_code(SECOND_INN, a_code(10)), a_code(10))
    assert await records.codes.sealed(uuid4()) is None


async def test_contacts_without_an_account_are_those_that_are_named(records: Records) -> None:
    martha, zoe, gone = a_contact("martha@example.com"), a_contact("zoe@example.com"), a_contact("gone@example.com")
    for contact in (martha, zoe, gone):
        assert await records.contacts.add(contact)
    await records.contacts.remove(gone.id, START)
    assert await records.contacts.without_account(10) == sorted([martha, zoe], key=lambda one: one.id)
    assert len(await records.contacts.without_account(1)) == 1
    await records.contacts.give_account(martha.id, ANNA)
    assert await records.contacts.without_account(10) == [zoe]


async def test_contacts_are_one_per_organisation_and_address(records: Records) -> None:
    martha = a_contact("Martha@Example.com")
    assert await records.contacts.add(martha)
    assert not await records.contacts.add(a_contact("martha@example.com"))
    assert await records.contacts.add(a_contact("martha@example.com", VEREIN))
    assert await records.contacts.find(GASTHAUS.id, "MARTHA@example.com") == martha
    assert await records.contacts.give_account(martha.id, ANNA)
    assert not await records.contacts.give_account(martha.id, ANNA)
    assert [one.id for one in await records.contacts.of_account(ANNA)] == [martha.id]
    assert await records.contacts.remove(martha.id, START)
    assert not await records.contacts.remove(martha.id, START)
    assert not await records.contacts.give_account(martha.id, BERND)
    assert await records.contacts.find(GASTHAUS.id, martha.email) is None
    removed = await records.contacts.get(martha.id)
    assert removed is not None
    assert not removed.active
    assert await records.contacts.of_account(ANNA) == []
    assert await records.contacts.add(a_contact("martha@example.com"))


async def test_members_are_holders_and_contacts(records: Records) -> None:
    await records.links.add(a_link(ANNA, CONCERT))
    await records.links.add(a_link(ANNA, INN))
    martha = a_contact(account_id=BERND)
    await records.contacts.add(martha)
    await records.contacts.add(a_contact("nobody@example.com"))
    assert await records.memberships.members(GASTHAUS.id) == sorted([ANNA, BERND])
    held = await records.memberships.of(ANNA)
    assert (held.organisations, held.customers) == ((GASTHAUS,), (INN, CONCERT))
    named = await records.memberships.of(BERND)
    assert (named.organisations, named.customers) == ((GASTHAUS,), ())
    await records.contacts.remove(martha.id, START)
    await records.links.end(ANNA, INN.id, START)
    await records.links.end(ANNA, CONCERT.id, START)
    assert await records.memberships.members(GASTHAUS.id) == []
    assert (await records.memberships.of(ANNA)).organisations == ()


async def test_failures_count_by_account_source_and_number(records: Records) -> None:
    await records.failures.add(ANNA, "192.0.2.1", "1", START - timedelta(hours=25))
    await records.failures.add(ANNA, "192.0.2.1", "1", START - timedelta(hours=2))
    await records.failures.add(ANNA, "192.0.2.2", "2", START - MINUTE)
    await records.failures.add(BERND, "192.0.2.1", "1", START - MINUTE)
    found = await records.failures.count(ANNA, "192.0.2.1", "1", START)
    assert (found.by_account, found.oldest_by_account) == (2, START - timedelta(hours=2))
    assert (found.by_source, found.oldest_by_source) == (1, START - MINUTE)
    assert found.of_number == 2
    assert await records.failures.count(UUID(int=5), "::1", "9", START) == type(found)()
    assert await records.failures.forget(START - DAY) == 1


async def test_members_come_with_every_reason(records: Records) -> None:
    for link in (a_link(ANNA, INN), a_link(ANNA, CONCERT, START + MINUTE), a_link(CLARA, CLUB)):
        assert await records.links.add(link)
    for contact in (
        a_contact(account_id=ANNA),
        a_contact("b@example.com", account_id=BERND),
        a_contact("c@example.com"),
    ):
        assert await records.contacts.add(contact)
    assert await records.members.of(GASTHAUS.id) == [
        Member(
            ANNA,
            (Holding(INN.id, INN.number, START), Holding(CONCERT.id, CONCERT.number, START + MINUTE)),
            contact=True,
        ),
        Member(BERND, contact=True),
    ]
    await records.links.end(CLARA, CLUB.id, START)
    assert await records.members.of(VEREIN.id) == []
