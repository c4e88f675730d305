"""One suite for the fake store and the real one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.database import Database
from ticketing.adapters.ticket_store import PostgresTickets
from ticketing.domain.listing import COUNT_LIMIT, Counts, Desk, Mine, OfOrganisation, Scope, Shared, Sort, TicketQuery
from ticketing.domain.reach import DeskReach, PersonReach, Reach, SystemReach
from ticketing.domain.ticket import Entry, EntryKind, Ticket
from ticketing.domain.ticket_state import UNFINISHED, TicketState
from ticketing.domain.visibility import Visibility
from ticketing.usecases.ports import TicketStore
from ticketing_builders import AGENT, ANNA, JONAS, NOON, OTHER_WORKS, STRANGER, WORKS, a_ticket
from ticketing_fakes import FakeTickets

MINE, SHARED, DESK = Mine(ANNA), Shared(frozenset({WORKS})), Desk()


@pytest.fixture(params=["fake", "postgres"])
async def store(
    request: pytest.FixtureRequest, database_factory: Callable[[str], Awaitable[Database]]
) -> AsyncIterator[TicketStore]:
    if request.param == "fake":
        yield FakeTickets(lambda: NOON)
        return
    database = await database_factory("ticketing")
    async with database.transaction() as tx:
        yield PostgresTickets(tx, lambda: NOON)


async def keep(store: TicketStore, *tickets: Ticket, text: str = "Er bricht nachts ab.") -> None:
    for ticket in tickets:
        await store.add(ticket, text)


def said(text: str = "Hallo", author: UUID = ANNA, *, staff: bool = False) -> Entry:
    return Entry(uuid4(), EntryKind.COMMENT, author, staff, NOON, text=text)


async def subjects(store: TicketStore, scope: Scope, **query: object) -> list[str]:
    rows = await store.page(replace(TicketQuery(scope, 50), **query))  # type: ignore[arg-type]
    return [row.subject for row in rows]


async def test_numbers_count_from_one_in_every_year(store: TicketStore) -> None:
    first = [str(await store.next_number(2026)) for _ in range(3)]
    second = [str(await store.next_number(2027)) for _ in range(2)]
    assert first == ["T-2026-00001", "T-2026-00002", "T-2026-00003"]
    assert second == ["T-2027-00001", "T-2027-00002"]


async def test_a_ticket_comes_back_as_it_was_kept(store: TicketStore) -> None:
    ticket = a_ticket(7, customer_id=uuid4(), answer_due=NOON.date(), state=TicketState.WAITING)
    await keep(store, ticket)
    assert await store.find(ticket.id, DeskReach()) == ticket
    assert await store.find_by_number(ticket.number, DeskReach()) == ticket
    assert await store.find_all([ticket.id, uuid4()], DeskReach()) == {ticket.id: ticket}


@pytest.mark.parametrize(
    ("visibility", "reach", "seen"),
    [
        (visibility, reach, seen)
        for visibility, allowed in {
            Visibility.OWN: {"reporter", "desk", "system"},
            Visibility.ORGANISATION: {"reporter", "desk", "system", "colleague"},
            Visibility.CONFIDENTIAL: {"reporter", "desk"},
        }.items()
        for name, reach in {
            "reporter": PersonReach(ANNA),
            "colleague": PersonReach(JONAS, frozenset({WORKS, uuid4()})),
            "former": PersonReach(JONAS),
            "stranger": PersonReach(STRANGER, frozenset({OTHER_WORKS})),
            "desk": DeskReach(),
            "system": SystemReach(),
        }.items()
        for seen in [name in allowed]
    ],
)
async def test_reach(store: TicketStore, visibility: Visibility, reach: Reach, seen: bool) -> None:
    ticket = a_ticket(visibility=visibility)
    await keep(store, ticket)
    await store.append(ticket.id, said())
    assert bool(await store.find(ticket.id, reach)) is seen
    assert bool(await store.lock(ticket.id, reach)) is seen
    assert bool(await store.find_by_number(ticket.number, reach)) is seen
    assert bool(await store.find_all([ticket.id], reach)) is seen
    assert bool(await store.talk(ticket.id, reach, size=5)) is seen
    assert bool(await store.named_entries([ticket.id], [], reach)) is seen
    assert bool(await store.speakers([ticket.id], reach)) is seen


async def test_saved_changes_are_found(store: TicketStore) -> None:
    ticket = a_ticket()
    await keep(store, ticket)
    changed = replace(ticket, state=TicketState.RESOLVED, assignee_id=AGENT, updated_at=NOON + timedelta(hours=1))
    await store.save(changed)
    assert await store.find(ticket.id, DeskReach()) == changed


async def test_the_talk_is_in_order_paged_from_its_end_and_without_internal_entries(store: TicketStore) -> None:
    ticket = a_ticket()
    await keep(store, ticket)
    for number in range(4):
        await store.append(ticket.id, said(f"Wort {number}"))
    await store.append(ticket.id, Entry(uuid4(), EntryKind.NOTE, AGENT, True, NOON, text="geheim"))
    await store.append(ticket.id, Entry(uuid4(), EntryKind.ASSIGNED, AGENT, True, NOON, assignee_id=AGENT))
    everything = await store.talk(ticket.id, DeskReach(), size=10, internal=True)
    public = await store.talk(ticket.id, PersonReach(ANNA), size=10)
    assert [entry.position for entry in everything] == [1, 2, 3, 4, 5, 6]
    assert [entry.text for entry in public] == ["Wort 0", "Wort 1", "Wort 2", "Wort 3"]
    assert [entry.text for entry in await store.talk(ticket.id, PersonReach(ANNA), size=2)] == ["Wort 2", "Wort 3"]
    earlier = await store.talk(ticket.id, PersonReach(ANNA), size=2, before=3)
    assert [entry.text for entry in earlier] == ["Wort 0", "Wort 1"]


async def test_a_step_comes_back_as_it_was_appended(store: TicketStore) -> None:
    ticket = a_ticket()
    await keep(store, ticket)
    step = Entry(
        uuid4(),
        EntryKind.STATE,
        None,
        False,
        NOON,
        from_state=TicketState.NEW,
        to_state=TicketState.WAITING,
        comment_id=uuid4(),
    )
    await store.append(ticket.id, step)
    assert await store.talk(ticket.id, DeskReach(), size=1) == [replace(step, position=1)]


async def test_named_entries_are_the_opening_the_named_their_steps_and_assignments_but_no_note(
    store: TicketStore,
) -> None:
    ticket = a_ticket()
    await keep(store, ticket)
    opening, other, named = said("Anfang"), said("anderes"), said("gemeint", JONAS)
    note = Entry(uuid4(), EntryKind.NOTE, AGENT, True, NOON, text="geheim")
    step = Entry(uuid4(), EntryKind.STATE, JONAS, False, NOON, to_state=TicketState.NEW, comment_id=named.id)
    given = Entry(uuid4(), EntryKind.ASSIGNED, AGENT, True, NOON, assignee_id=AGENT)
    for entry in (opening, other, named, note, step, given):
        await store.append(ticket.id, entry)
    found = await store.named_entries([ticket.id], [named.id, note.id], DeskReach())
    assert [entry.id for entry in found[ticket.id]] == [opening.id, named.id, step.id, given.id]


async def test_speakers_are_the_customers_who_said_something(store: TicketStore) -> None:
    ticket = a_ticket()
    await keep(store, ticket)
    for entry in (said(), said(author=JONAS), said(author=AGENT, staff=True)):
        await store.append(ticket.id, entry)
    assert await store.speakers([ticket.id], DeskReach()) == {ticket.id: {ANNA, JONAS}}


async def test_references_name_the_double_and_the_one_followed(store: TicketStore) -> None:
    first, second = a_ticket(1), a_ticket(2, reporter_id=STRANGER)
    third = a_ticket(3, state=TicketState.DUPLICATE, duplicate_of=first.id, follows=second.id)
    await keep(store, first, second, third)
    found = await store.references(third, PersonReach(ANNA))
    assert {reference.id for reference in found} == {first.id, second.id}
    assert await store.references(third, PersonReach(STRANGER)) == []


@pytest.mark.parametrize("sort", list(Sort))
async def test_pages_are_complete_and_ordered_even_over_equal_times(store: TicketStore, sort: Sort) -> None:
    tickets = [a_ticket(serial, updated_at=NOON + timedelta(hours=serial // 4)) for serial in range(1, 12)]
    await keep(store, *tickets)
    rows, after = [], None
    while page := await store.page(TicketQuery(SHARED, 3, sort=sort, after=after)):
        rows += page
        after = page[-1].cursor
    keys = [(row.number.value,) if sort is Sort.NUMBER else (row.updated_at, row.id) for row in rows]
    assert keys == sorted(keys, reverse=sort is not Sort.OLDEST)
    assert {row.id for row in rows} == {ticket.id for ticket in tickets}
    assert len(rows) == len(tickets)


@pytest.mark.parametrize("sort", list(Sort))
async def test_several_organisations_and_states_are_one_list_in_order(store: TicketStore, sort: Sort) -> None:
    states = [TicketState.NEW, TicketState.WAITING, TicketState.CLOSED]
    tickets = [
        a_ticket(
            serial,
            organisation_id=(WORKS, OTHER_WORKS)[serial % 2],
            state=states[serial % 3],
            updated_at=NOON + timedelta(minutes=(serial * 7) % 11),
        )
        for serial in range(1, 13)
    ]
    await keep(store, *tickets)
    query = TicketQuery(Shared(frozenset({WORKS, OTHER_WORKS})), 3, states=tuple(sorted(UNFINISHED)), sort=sort)
    rows = []
    while page := await store.page(query):
        rows += page
        query = replace(query, after=page[-1].cursor)
    keys = [(row.number.value,) if sort is Sort.NUMBER else (row.updated_at, row.id) for row in rows]
    assert keys == sorted(keys, reverse=sort is not Sort.OLDEST)
    assert {row.id for row in rows} == {one.id for one in tickets if one.state is not TicketState.CLOSED}


async def test_each_scope_has_its_own_tickets(store: TicketStore) -> None:
    await keep(
        store,
        a_ticket(1, subject="mine own", visibility=Visibility.OWN, assignee_id=AGENT),
        a_ticket(2, subject="mine shared"),
        a_ticket(3, subject="mine confidential", visibility=Visibility.CONFIDENTIAL),
        a_ticket(4, subject="colleague's shared", reporter_id=JONAS),
        a_ticket(5, subject="colleague's own", reporter_id=JONAS, visibility=Visibility.OWN),
        a_ticket(6, subject="stranger's", reporter_id=STRANGER, organisation_id=OTHER_WORKS),
    )
    by_number: dict[str, object] = {"sort": Sort.NUMBER}
    assert await subjects(store, MINE, **by_number) == ["mine confidential", "mine shared", "mine own"]
    assert await subjects(store, SHARED, **by_number) == ["colleague's shared", "mine shared"]
    system = await subjects(store, OfOrganisation(WORKS), **by_number)
    assert system == ["colleague's own", "colleague's shared", "mine shared", "mine own"]
    assert len(await subjects(store, DESK)) == 6
    assert await subjects(store, Desk(assignee_id=AGENT)) == ["mine own"]
    assert len(await subjects(store, Desk(unassigned=True))) == 5
    assert await subjects(store, Shared(frozenset())) == []


async def test_filters(store: TicketStore) -> None:
    number = uuid4()
    await keep(store, a_ticket(1, subject="one", customer_id=number))
    await keep(store, a_ticket(2, subject="two", kind="idea", state=TicketState.WAITING))
    assert await subjects(store, DESK, kind="idea") == ["two"]
    assert await subjects(store, MINE, customer_id=number) == ["one"]
    assert await subjects(store, MINE, customer_id=uuid4(), search="one") == []
    assert await subjects(store, MINE, states=(TicketState.NEW,)) == ["one"]
    assert await subjects(store, MINE, states=(TicketState.WAITING,), kind="incident") == []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("Buchungslauf", ["Der Buchungslauf bricht ab"]),
        ("buchung", ["Der Buchungslauf bricht ab"]),
        ("Zeit bericht", ["Kostenstellen"]),
        ("T-2026-00002", ["Kostenstellen"]),
        ("t 2026 2", ["Kostenstellen"]),
        ("2", ["Kostenstellen"]),
        ("nirgends", []),
        ("Buchungslauf nirgends", []),
        ("& | ! :* ' \\ %", []),
        ("bricht & !ab", ["Der Buchungslauf bricht ab"]),
    ],
)
@pytest.mark.parametrize("scope", [MINE, SHARED, DESK])
async def test_search(store: TicketStore, scope: Scope, search: str, found: list[str]) -> None:
    await keep(store, a_ticket(1))
    await keep(store, a_ticket(3, reporter_id=STRANGER, organisation_id=OTHER_WORKS, subject="Fremd"), text="Fremdes")
    await keep(store, a_ticket(2, subject="Kostenstellen"), text="Der Zeitbericht zeigt sie nicht, Bericht fehlt.")
    assert await subjects(store, scope, search=search) == found


async def test_counts_stop_at_their_limit(store: TicketStore) -> None:
    await keep(store, *(a_ticket(serial, visibility=Visibility.OWN) for serial in range(1, COUNT_LIMIT + 5)))
    await keep(store, a_ticket(900, reporter_id=JONAS, state=TicketState.WAITING))
    await keep(store, a_ticket(901, reporter_id=JONAS, state=TicketState.CLOSED))
    assert await store.counts(MINE, SHARED, SHARED) == Counts(COUNT_LIMIT + 1, 2, 1, 1)
    assert await store.counts(MINE, Shared(frozenset()), MINE) == Counts(COUNT_LIMIT + 1, 0, COUNT_LIMIT + 1, 0)


async def test_agents_are_remembered_the_last_one_first(store: TicketStore) -> None:
    await store.remember_agent(AGENT, NOON)
    await store.remember_agent(STRANGER, NOON + timedelta(minutes=1))
    await store.remember_agent(AGENT, NOON + timedelta(minutes=2))
    assert await store.agents() == [AGENT, STRANGER]


async def test_silent_tickets_are_resolved_ones_without_a_word_since(store: TicketStore) -> None:
    old = [a_ticket(serial, state=TicketState.RESOLVED, updated_at=NOON - timedelta(days=serial)) for serial in (1, 2)]
    await keep(store, *old, a_ticket(3, state=TicketState.RESOLVED, updated_at=NOON + timedelta(seconds=1)))
    await keep(store, a_ticket(4, updated_at=NOON - timedelta(days=9)))
    assert await store.silent(NOON, 10) == [old[1].id, old[0].id]
    assert await store.silent(NOON, 1) == [old[1].id]
