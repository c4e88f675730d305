"""The table of ticket states: who may move a ticket from where to where, and what it takes.

Pages, the JSON API, gRPC, jobs and mails all read this one table; nothing else decides about states.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ticketing.domain.ticket_state import FINISHED, OPEN, TicketState

PATIENCE = timedelta(days=14)
"""How long a solution waits for a word, and how long a finished ticket can be taken up again."""


class Actor(StrEnum):
    """In which part somebody acts; the reporter is a customer too."""

    STAFF = "staff"
    REPORTER = "reporter"
    CUSTOMER = "customer"
    CLOCK = "clock"


class Action(StrEnum):
    """What somebody does that moves a ticket."""

    START = "start"
    ASK = "ask"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    REJECT = "reject"
    NOTE = "note"
    MARK_DUPLICATE = "mark_duplicate"
    REOPEN = "reopen"
    COMMENT = "comment"


class Need(StrEnum):
    """What has to come with an action."""

    NOTHING = "nothing"
    ANSWER = "answer"
    REASON = "reason"
    OTHER_TICKET = "other_ticket"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table."""

    action: Action
    sources: frozenset[TicketState]
    target: TicketState
    actors: frozenset[Actor]
    need: Need = Need.NOTHING
    takes_deadline: bool = False
    only_kinds_ending_so: bool = False
    not_before: timedelta = timedelta(0)
    not_after: timedelta | None = None

    def fits(self, state: TicketState, endings: Collection[TicketState], actors: Collection[Actor]) -> bool:
        """Whether somebody in these parts may do it to a ticket of such a kind in this state."""
        of_kind = not self.only_kinds_ending_so or self.target in endings
        return state in self.sources and of_kind and not self.actors.isdisjoint(actors)

    def in_time(self, age: timedelta) -> bool:
        """Whether it may happen when the state, or for the clock the last word, is that old."""
        return age >= self.not_before and (self.not_after is None or age <= self.not_after)


_NEW, _BUSY, _WAITING, _RESOLVED = (
    TicketState.NEW,
    TicketState.IN_PROGRESS,
    TicketState.WAITING,
    TicketState.RESOLVED,
)
_STAFF = frozenset({Actor.STAFF})
_CUSTOMER = frozenset({Actor.CUSTOMER})
_REPORTER = frozenset({Actor.REPORTER})
_CLOCK = frozenset({Actor.CLOCK})

TABLE: tuple[Transition, ...] = (
    Transition(Action.START, frozenset({_NEW, _WAITING, _RESOLVED}), _BUSY, _STAFF),
    Transition(Action.ASK, frozenset({_NEW, _BUSY}), _WAITING, _STAFF, Need.ANSWER, takes_deadline=True),
    Transition(Action.RESOLVE, frozenset({_BUSY, _WAITING}), _RESOLVED, _STAFF, Need.ANSWER),
    Transition(Action.CONFIRM, frozenset({_RESOLVED}), TicketState.CLOSED, _CUSTOMER),
    Transition(Action.EXPIRE, frozenset({_RESOLVED}), TicketState.CLOSED, _CLOCK, not_before=PATIENCE),
    Transition(Action.WITHDRAW, OPEN, TicketState.WITHDRAWN, _REPORTER),
    Transition(
        Action.REJECT,
        frozenset({_NEW, _BUSY}),
        TicketState.REJECTED,
        _STAFF,
        Need.REASON,
        only_kinds_ending_so=True,
    ),
    Transition(Action.NOTE, frozenset({_NEW, _BUSY}), TicketState.NOTED, _STAFF, only_kinds_ending_so=True),
    Transition(Action.MARK_DUPLICATE, OPEN, TicketState.DUPLICATE, _STAFF, Need.OTHER_TICKET),
    Transition(Action.REOPEN, FINISHED, _BUSY, _STAFF),
    Transition(Action.COMMENT, frozenset({_WAITING, _RESOLVED}), _BUSY, _CUSTOMER),
    Transition(Action.COMMENT, FINISHED, _BUSY, _CUSTOMER, not_after=PATIENCE),
)


def choices(
    state: TicketState, endings: Collection[TicketState], actors: Collection[Actor], age: timedelta
) -> tuple[Transition, ...]:
    """Give all that somebody in these parts may do to the ticket now."""
    return tuple(row for row in TABLE if row.fits(state, endings, actors) and row.in_time(age))


def starts_follow_up(state: TicketState, age: timedelta) -> bool:
    """Whether a customer's comment opens a new ticket that refers to this one.

    So it is once the time to take it up again is over, and for a duplicate, whose talk goes on elsewhere.
    """
    return state is TicketState.DUPLICATE or (state in FINISHED and age > PATIENCE)
