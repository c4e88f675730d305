"""Where a ticket stands, and who has the ball then."""

from enum import StrEnum


class TicketState(StrEnum):
    """Where a ticket stands; the values travel in events and queries."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"
    NOTED = "noted"
    DUPLICATE = "duplicate"


class Ball(StrEnum):
    """Who has to act; pages say it in words and colour."""

    YOU = "you"
    US = "us"
    DONE = "done"
    PARKED = "parked"


OPEN = frozenset({TicketState.NEW, TicketState.IN_PROGRESS, TicketState.WAITING})
UNFINISHED = OPEN | {TicketState.RESOLVED}
FINISHED = frozenset({TicketState.CLOSED, TicketState.WITHDRAWN, TicketState.REJECTED, TicketState.NOTED})

_BALL = {
    TicketState.NEW: Ball.US,
    TicketState.IN_PROGRESS: Ball.US,
    TicketState.WAITING: Ball.YOU,
    TicketState.RESOLVED: Ball.DONE,
    TicketState.CLOSED: Ball.DONE,
    TicketState.WITHDRAWN: Ball.PARKED,
    TicketState.REJECTED: Ball.PARKED,
    TicketState.NOTED: Ball.PARKED,
    TicketState.DUPLICATE: Ball.PARKED,
}


def ball_of(state: TicketState) -> Ball:
    """Say who has the ball, seen by the customer."""
    return _BALL[state]
