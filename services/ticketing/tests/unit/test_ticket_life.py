"""A ticket's life at random: whatever people and the clock do, in any order, the table of states is never left."""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chassis.errors import DomainError
from ticketing.domain.reach import DeskReach, PersonReach
from ticketing.domain.ticket import INTERNAL, EntryKind
from ticketing.domain.ticket_state import FINISHED, TicketState
from ticketing.domain.transitions import PATIENCE, TABLE, Action
from ticketing.domain.visibility import Viewer, Visibility
from ticketing.usecases.add_note import add_note
from ticketing.usecases.answer_ticket import Answer, answer_ticket
from ticketing.usecases.assign_ticket import take_ticket
from ticketing.usecases.change_visibility import change_visibility
from ticketing.usecases.close_silent_tickets import close_silent_tickets
from ticketing.usecases.comment_ticket import comment_ticket
from ticketing.usecases.move_own_ticket import move_own_ticket
from ticketing.usecases.open_ticket import Draft
from ticketing_bench import Bench
from ticketing_builders import AGENT, ANNA, JONAS, STRANGER, WORKS, a_membership

T = TypeVar("T")
ALLOWED = {(source, row.target) for row in TABLE for source in row.sources}
VIEWERS = {
    "reporter": Viewer(ANNA, frozenset({WORKS})),
    "colleague": Viewer(JONAS, frozenset({WORKS})),
    "stranger": Viewer(STRANGER),
}


def done(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine that waits for nothing, as fakes do."""
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("a fake waited")


class TicketLife(RuleBasedStateMachine):
    @initialize(kind=st.sampled_from(["incident", "change", "idea"]))
    def open(self, kind: str) -> None:
        self.bench = Bench()
        self.ticket = done(self.bench.open(Draft(kind, "Betreff", "Text")))
        self.other = done(self.bench.open(Draft(kind, "Das andere", "Text")))
        self.follow_ups = 0

    def attempt(self, work: Coroutine[Any, Any, object]) -> bool:
        """Whether it was allowed; a refusal leaves everything as it was."""
        before = dict(self.bench.store.held), len(self.history), len(self.bench.events.sent)
        try:
            done(work)
        except DomainError:
            assert before == (dict(self.bench.store.held), len(self.history), len(self.bench.events.sent))
            return False
        return True

    @property
    def history(self) -> list[Any]:
        return self.bench.history(self.ticket)

    @property
    def state(self) -> TicketState:
        return self.bench.now(self.ticket).state

    @rule(action=st.sampled_from(list(Action)), text=st.sampled_from(["", "Ein Wort."]))
    def answer(self, action: Action, text: str) -> None:
        answer = Answer(text, action, other=str(self.other.number))
        self.attempt(answer_ticket(self.ticket.id, answer, agent=AGENT, writing=self.bench.writing))

    @rule()
    def take(self) -> None:
        assert self.attempt(take_ticket(self.ticket.id, agent=AGENT, writing=self.bench.writing))

    @rule()
    def note(self) -> None:
        before = self.bench.now(self.ticket), list(self.bench.events.sent)
        done(add_note(self.ticket.id, "Nur für uns.", agent=AGENT, writing=self.bench.writing))
        assert before == (self.bench.now(self.ticket), self.bench.events.sent)

    @rule(name=st.sampled_from(sorted(VIEWERS)))
    def comment(self, name: str) -> None:
        ticket = self.bench.now(self.ticket)
        age = self.bench.clock() - ticket.state_since
        work = comment_ticket(
            ticket.id, "Hallo.", viewer=VIEWERS[name], membership=a_membership(), writing=self.bench.writing
        )
        allowed = self.attempt(work)
        seen = name == "reporter" or (name == "colleague" and ticket.visibility is Visibility.ORGANISATION)
        assert allowed is seen
        if allowed and (ticket.state is TicketState.DUPLICATE or (ticket.state in FINISHED and age > PATIENCE)):
            self.follow_ups += 1
            assert self.state is ticket.state
        elif allowed and ticket.state is not TicketState.NEW:
            assert self.state is TicketState.IN_PROGRESS

    @rule(name=st.sampled_from(sorted(VIEWERS)), action=st.sampled_from(list(Action)))
    def move(self, name: str, action: Action) -> None:
        self.attempt(move_own_ticket(self.ticket.id, action, viewer=VIEWERS[name], writing=self.bench.writing))

    @rule(visibility=st.sampled_from(list(Visibility)), staff=st.booleans())
    def share(self, visibility: Visibility, staff: bool) -> None:
        viewer = Viewer(AGENT, staff=True) if staff else VIEWERS["reporter"]
        self.attempt(change_visibility(self.ticket.id, visibility, viewer=viewer, writing=self.bench.writing))

    @rule(days=st.integers(1, 16))
    def wait(self, days: int) -> None:
        self.bench.clock.advance(timedelta(days=days))

    @rule()
    def clock(self) -> None:
        ticket = self.bench.now(self.ticket)
        done(close_silent_tickets(10, writing=self.bench.writing))
        silent = ticket.state is TicketState.RESOLVED and self.bench.clock() - ticket.updated_at >= PATIENCE
        assert (self.state is TicketState.CLOSED) is (silent or ticket.state is TicketState.CLOSED)

    @invariant()
    def every_step_is_a_row_of_the_table_and_joins_the_one_before(self) -> None:
        at = TicketState.NEW
        for entry in self.history:
            if entry.kind is EntryKind.STATE:
                assert entry.from_state is at
                assert (at, entry.to_state) in ALLOWED
                at = entry.to_state
        assert at is self.state

    @invariant()
    def every_step_and_every_public_word_is_told_once(self) -> None:
        told = [what for name, ticket, what in self.bench.events.sent if ticket == self.ticket.id and name != "opened"]
        words = [entry.id for entry in self.history[1:] if entry.kind is EntryKind.COMMENT]
        steps = [entry for entry in self.history if entry.kind is EntryKind.STATE]
        told_steps = [what.id for what in told if hasattr(what, "to_state")]
        assert told_steps == [step.id for step in steps]
        assert [what for what in told if what in words] == words

    @invariant()
    def nothing_internal_is_in_anybody_elses_reach(self) -> None:
        for reach in (PersonReach(ANNA, frozenset({WORKS})), DeskReach()):
            shown = done(self.bench.store.talk(self.ticket.id, reach, size=1000))
            assert not {entry.kind for entry in shown} & INTERNAL

    @invariant()
    def the_due_day_lives_as_long_as_the_question(self) -> None:
        assert self.bench.now(self.ticket).answer_due is None or self.state is TicketState.WAITING

    @invariant()
    def a_follow_up_is_a_ticket_that_refers_to_this_one(self) -> None:
        following = [one for one in self.bench.store.held.values() if one.follows == self.ticket.id]
        assert len(following) == self.follow_ups


TestTicketLife = TicketLife.TestCase
TestTicketLife.settings = settings(
    max_examples=60, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow]
)
