"""Whom an event concerns, and what may be said of it."""

from dataclasses import replace
from uuid import UUID, uuid4

from ticketing.domain.ticket import Entry, EntryKind, Ticket
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility
from ticketing.usecases.describe_events import EXCERPT_LENGTH, EventAsked, Happened, Told, describe, load_told
from ticketing_builders import AGENT, ANNA, JONAS, NOON, STRANGER, WORKS, a_ticket
from ticketing_fakes import FakeTickets

EVERYBODY = {WORKS: frozenset({ANNA, JONAS})}


def said(author: UUID, text: str = "Ein Wort.", *, staff: bool = False, position: int = 2) -> Entry:
    return Entry(uuid4(), EntryKind.COMMENT, author, staff, NOON, text=text, position=position)


def step(author: UUID, comment: Entry | None = None) -> Entry:
    to = TicketState.WAITING
    comment_id = comment.id if comment else None
    return Entry(uuid4(), EntryKind.STATE, author, True, NOON, to_state=to, comment_id=comment_id, position=3)


def told(ticket: Ticket, *entries: Entry, speakers: frozenset[UUID] = frozenset()) -> Told:
    opening = said(ticket.reporter_id, "Der Anfang.", position=1)
    return Told({ticket.id: ticket}, {ticket.id: [opening, *entries]}, {ticket.id: speakers | {ticket.reporter_id}})


def test_a_ticket_opened_is_confirmed_to_its_reporter() -> None:
    ticket = a_ticket()
    described = describe(EventAsked(Happened.OPENED, ticket.id), told(ticket), EVERYBODY)
    assert described.concerned == ((ANNA, "reporter"),)
    assert described.excerpt == "Der Anfang."


def test_an_answer_concerns_reporter_and_colleagues_who_spoke_but_not_who_gave_it() -> None:
    ticket, answer = a_ticket(assignee_id=AGENT), said(AGENT, staff=True)
    event = EventAsked(Happened.COMMENTED, ticket.id, answer.id)
    described = describe(event, told(ticket, answer, speakers=frozenset({JONAS, STRANGER})), EVERYBODY)
    assert set(described.concerned) == {(ANNA, "reporter"), (JONAS, "colleague")}


def test_a_comment_concerns_the_others_and_the_assignee() -> None:
    ticket, comment = a_ticket(assignee_id=AGENT), said(JONAS)
    event = EventAsked(Happened.COMMENTED, ticket.id, comment.id)
    described = describe(event, told(ticket, comment, speakers=frozenset({JONAS})), EVERYBODY)
    assert set(described.concerned) == {(ANNA, "reporter"), (AGENT, "assignee")}


def test_sec_z06_who_left_the_organisation_is_no_longer_told() -> None:
    ticket, answer = a_ticket(), said(AGENT, staff=True)
    event = EventAsked(Happened.COMMENTED, ticket.id, answer.id)
    facts = told(ticket, answer, speakers=frozenset({JONAS}))
    assert facts.organisations_to_ask() == {WORKS}
    described = describe(event, facts, {WORKS: frozenset({ANNA})})
    assert described.concerned == ((ANNA, "reporter"),)


def test_nobody_is_asked_for_members_when_only_the_reporter_spoke() -> None:
    assert told(a_ticket()).organisations_to_ask() == frozenset()


def test_a_confidential_ticket_concerns_reporter_and_assignee_without_a_word() -> None:
    ticket = a_ticket(visibility=Visibility.CONFIDENTIAL, assignee_id=AGENT)
    answer = said(AGENT, staff=True)
    facts = told(ticket, answer, speakers=frozenset({JONAS}))
    described = describe(EventAsked(Happened.COMMENTED, ticket.id, answer.id), facts, EVERYBODY)
    assert described.concerned == ((ANNA, "reporter"),)
    assert described.excerpt == ""


def test_a_confidential_word_of_the_reporter_to_nobody_is_suppressed() -> None:
    ticket, comment = a_ticket(visibility=Visibility.CONFIDENTIAL), said(ANNA)
    described = describe(EventAsked(Happened.COMMENTED, ticket.id, comment.id), told(ticket, comment), EVERYBODY)
    assert (described.concerned, described.suppressed) == ((), "confidential")


def test_a_comment_that_nobody_else_is_to_hear_of_says_so() -> None:
    ticket, comment = a_ticket(), said(ANNA)
    described = describe(EventAsked(Happened.COMMENTED, ticket.id, comment.id), told(ticket, comment), EVERYBODY)
    assert (described.concerned, described.suppressed) == ((), "not_entitled")


def test_an_answer_that_moved_the_ticket_is_told_by_its_step() -> None:
    ticket, question = a_ticket(), said(AGENT, "Welche Version?", staff=True)
    moved = step(AGENT, question)
    facts = told(ticket, question, moved)
    comment = describe(EventAsked(Happened.COMMENTED, ticket.id, question.id), facts, EVERYBODY)
    change = describe(EventAsked(Happened.STATE_CHANGED, ticket.id, moved.id, question.id), facts, EVERYBODY)
    assert comment.suppressed == "obsolete"
    assert change.concerned == ((ANNA, "reporter"),)
    assert change.excerpt == "Welche Version?"


def test_a_customers_words_that_moved_the_ticket_are_told_as_words() -> None:
    ticket, reply = a_ticket(assignee_id=AGENT), said(JONAS, "Version 8.")
    moved = replace(step(JONAS, reply), by_staff=False)
    facts = told(ticket, reply, moved)
    comment = describe(EventAsked(Happened.COMMENTED, ticket.id, reply.id), facts, EVERYBODY)
    change = describe(EventAsked(Happened.STATE_CHANGED, ticket.id, moved.id, reply.id), facts, EVERYBODY)
    assert set(comment.concerned) == {(ANNA, "reporter"), (AGENT, "assignee")}
    assert comment.excerpt == "Version 8."
    assert change.suppressed == "obsolete"


def test_an_assignment_concerns_the_one_who_still_has_it_unless_self_made() -> None:
    ticket = a_ticket(assignee_id=AGENT)
    given = Entry(uuid4(), EntryKind.ASSIGNED, STRANGER, True, NOON, assignee_id=AGENT, position=2)
    event = EventAsked(Happened.ASSIGNED, ticket.id, AGENT)
    assert describe(event, told(ticket, given), {}).concerned == ((AGENT, "assignee"),)
    assert describe(event, told(ticket, replace(given, author_id=AGENT)), {}).concerned == ()
    assert describe(event, told(replace(ticket, assignee_id=None), given), {}).concerned == ()


def test_what_is_gone_is_erased() -> None:
    ticket = a_ticket()
    assert describe(EventAsked(Happened.OPENED, uuid4()), told(ticket), {}).suppressed == "erased"
    assert describe(EventAsked(Happened.COMMENTED, ticket.id, uuid4()), told(ticket), {}).suppressed == "erased"


def test_a_long_text_is_cut_at_a_word() -> None:
    ticket, comment = a_ticket(), said(AGENT, "Wort " * 200, staff=True)
    described = describe(EventAsked(Happened.COMMENTED, ticket.id, comment.id), told(ticket, comment), EVERYBODY)
    assert len(described.excerpt) <= EXCERPT_LENGTH + 2
    assert described.excerpt.endswith("Wort …")


async def test_sec_z05_an_internal_note_is_never_loaded() -> None:
    store, ticket = FakeTickets(lambda: NOON), a_ticket()
    await store.add(ticket, "Text")
    note = Entry(uuid4(), EntryKind.NOTE, AGENT, True, NOON, text="geheim")
    for entry in (said(ANNA), note):
        await store.append(ticket.id, entry)
    found = await load_told([EventAsked(Happened.COMMENTED, ticket.id, note.id)], tickets=store)
    assert "geheim" not in repr(found)
