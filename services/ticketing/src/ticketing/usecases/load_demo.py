"""Bring one ticket of the demo data to where its steps lead, through the same use cases as people do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from ticketing.domain.membership import Membership
from ticketing.domain.reach import DeskReach
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.transitions import TABLE, Action, Actor
from ticketing.domain.visibility import Viewer
from ticketing.usecases.add_note import add_note
from ticketing.usecases.answer_ticket import Answer, answer_ticket
from ticketing.usecases.assign_ticket import take_ticket
from ticketing.usecases.comment_ticket import comment_ticket
from ticketing.usecases.move_own_ticket import move_own_ticket
from ticketing.usecases.open_ticket import Draft, Place, open_ticket
from ticketing.usecases.writing import Author, Writing


@dataclass(frozen=True, slots=True)
class DemoStep:
    """Something that somebody says or does; `to` is the state that it leads to."""

    by: UUID
    staff: bool
    hours_ago: float
    text: str = ""
    to: TicketState | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class DemoTicket:
    """A ticket of the demo data; `entry_id` names the entries of its history."""

    id: UUID
    entry_id: Callable[[int], UUID]
    reporter: UUID
    hours_ago: float
    draft: Draft
    place: Place
    steps: Sequence[DemoStep] = ()


async def load_demo_ticket(demo: DemoTicket, *, writing: Writing) -> bool:
    """Load it once; False when it was there already. Loaded history tells nobody: give silent events."""
    if await writing.tickets.find(demo.id, DeskReach()) is not None:
        return False
    now, ids = writing.clock(), _ids(demo)
    opening = _at(writing, now, demo.hours_ago, ids)
    author = Author(demo.reporter)
    await open_ticket(demo.draft, demo.place, reporter=demo.reporter, author=author, writing=opening)
    for step in demo.steps:
        await _take_step(demo, step, _at(writing, now, step.hours_ago, ids))
    return True


async def _take_step(demo: DemoTicket, step: DemoStep, writing: Writing) -> None:
    if step.internal:
        await add_note(demo.id, step.text, agent=step.by, writing=writing)
    elif not step.staff:
        await _customers_step(demo, step, writing)
    elif step.to is TicketState.IN_PROGRESS and not step.text:
        await take_ticket(demo.id, agent=step.by, writing=writing)
    else:
        action = _action(step.to, Actor.STAFF) if step.to else None
        await answer_ticket(demo.id, Answer(step.text, action), agent=step.by, writing=writing)


async def _customers_step(demo: DemoTicket, step: DemoStep, writing: Writing) -> None:
    organisation = demo.place.organisation_id
    viewer = Viewer(step.by, frozenset({organisation} if organisation else ()))
    if step.text:
        await comment_ticket(demo.id, step.text, viewer=viewer, membership=Membership(), writing=writing)
    elif step.to:
        await move_own_ticket(demo.id, _action(step.to, Actor.CUSTOMER), viewer=viewer, writing=writing)


def _action(to: TicketState, actor: Actor) -> Action:
    actors = {actor, Actor.REPORTER} if actor is Actor.CUSTOMER else {actor}
    return next(row.action for row in TABLE if row.target is to and not row.actors.isdisjoint(actors))


def _ids(demo: DemoTicket) -> Iterator[UUID]:
    yield demo.id
    for number in count(1):
        yield demo.entry_id(number)


def _at(writing: Writing, now: datetime, hours_ago: float, ids: Iterator[UUID]) -> Writing:
    moment = now - timedelta(hours=hours_ago)
    return replace(writing, clock=lambda: moment, new_id=lambda: next(ids))
