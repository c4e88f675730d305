"""The table of states is the one that DESIGN.md section 6 decides."""

from datetime import timedelta
from itertools import product

import pytest

from ticketing.domain.ticket_state import FINISHED, OPEN, UNFINISHED, Ball, TicketState, ball_of
from ticketing.domain.transitions import PATIENCE, TABLE, Action, Actor, Need, choices, starts_follow_up

NEW, BUSY, WAITING, RESOLVED = TicketState.NEW, TicketState.IN_PROGRESS, TicketState.WAITING, TicketState.RESOLVED
CLOSED, WITHDRAWN, REJECTED = TicketState.CLOSED, TicketState.WITHDRAWN, TicketState.REJECTED
NOTED, DUPLICATE = TicketState.NOTED, TicketState.DUPLICATE
ALL_ENDINGS = frozenset({REJECTED, NOTED})
EARLY, LATE = timedelta(days=1), timedelta(days=15)

# (from, to) by whom: once as DESIGN.md has it, within 14 days.
DESIGNED = {
    Actor.STAFF: {
        (NEW, BUSY), (WAITING, BUSY), (RESOLVED, BUSY),
        (NEW, WAITING), (BUSY, WAITING),
        (BUSY, RESOLVED), (WAITING, RESOLVED),
        (NEW, REJECTED), (BUSY, REJECTED), (NEW, NOTED), (BUSY, NOTED),
        (NEW, DUPLICATE), (BUSY, DUPLICATE), (WAITING, DUPLICATE),
        (CLOSED, BUSY), (WITHDRAWN, BUSY), (REJECTED, BUSY), (NOTED, BUSY),
    },
    Actor.CUSTOMER: {
        (RESOLVED, CLOSED),
        (WAITING, BUSY), (RESOLVED, BUSY),
        (CLOSED, BUSY), (WITHDRAWN, BUSY), (REJECTED, BUSY), (NOTED, BUSY),
    },
    Actor.REPORTER: {(NEW, WITHDRAWN), (BUSY, WITHDRAWN), (WAITING, WITHDRAWN)},
    Actor.CLOCK: set(),
}  # fmt: skip


@pytest.mark.parametrize("actor", list(Actor))
def test_who_may_move_a_ticket_from_where_to_where(actor: Actor) -> None:
    possible = {(state, row.target) for state in TicketState for row in choices(state, ALL_ENDINGS, {actor}, EARLY)}
    assert possible == DESIGNED[actor]


def test_after_fourteen_days_the_clock_closes_and_comments_reopen_nothing() -> None:
    assert [row.target for row in choices(RESOLVED, (), {Actor.CLOCK}, LATE)] == [CLOSED]
    for state in FINISHED:
        assert choices(state, ALL_ENDINGS, {Actor.CUSTOMER, Actor.REPORTER}, LATE) == ()
        assert starts_follow_up(state, LATE)
        assert not starts_follow_up(state, PATIENCE)


def test_fourteen_days_exactly_are_still_in_time_for_both() -> None:
    assert choices(CLOSED, (), {Actor.CUSTOMER}, PATIENCE)
    assert choices(RESOLVED, (), {Actor.CLOCK}, PATIENCE)


def test_a_comment_on_a_duplicate_is_a_follow_up_at_once() -> None:
    assert starts_follow_up(DUPLICATE, timedelta(0))
    assert choices(DUPLICATE, ALL_ENDINGS, set(Actor), EARLY) == ()


def test_only_change_requests_are_rejected_and_only_suggestions_noted() -> None:
    for state, ending in product((NEW, BUSY), (REJECTED, NOTED)):
        targets = {row.target for row in choices(state, {ending}, {Actor.STAFF}, EARLY)}
        assert targets & ALL_ENDINGS == {ending}
        assert not {row.target for row in choices(state, (), {Actor.STAFF}, EARLY)} & ALL_ENDINGS


def test_what_comes_with_an_action() -> None:
    needs = {row.action: row.need for row in TABLE if row.need is not Need.NOTHING}
    assert needs == {
        Action.ASK: Need.ANSWER,
        Action.RESOLVE: Need.ANSWER,
        Action.REJECT: Need.REASON,
        Action.MARK_DUPLICATE: Need.OTHER_TICKET,
    }
    assert [row.action for row in TABLE if row.takes_deadline] == [Action.ASK]


def test_of_two_rows_at_most_one_fits_an_action() -> None:
    for state, actor, age in product(TicketState, Actor, (EARLY, LATE)):
        actions = [row.action for row in choices(state, ALL_ENDINGS, {actor}, age)]
        assert len(actions) == len(set(actions))


def test_every_state_has_a_ball_and_the_customers_is_waiting_alone() -> None:
    assert [state for state in TicketState if ball_of(state) is Ball.YOU] == [WAITING]
    assert {RESOLVED} == UNFINISHED - OPEN
