"""Look at one ticket with its talk."""

from dataclasses import dataclass
from uuid import UUID

from ticketing.domain.reach import Reach, reach_of
from ticketing.domain.ticket import Entry, Ticket, TicketReference
from ticketing.domain.transitions import Transition, starts_follow_up
from ticketing.domain.visibility import Rights, Viewer, rights_of
from ticketing.usecases.ports import TicketStore
from ticketing.usecases.writing import TicketNotFound, Writing

TALK_SIZE = 100
"""A talk longer than this is shown from its end, with a way back."""


@dataclass(frozen=True, slots=True)
class TicketView:
    """What a page shows of a ticket; `talk` has internal entries for staff alone."""

    ticket: Ticket
    rights: Rights
    talk: tuple[Entry, ...]
    earlier: int | None
    references: tuple[TicketReference, ...]
    choices: tuple[Transition, ...]
    comment_starts_follow_up: bool


async def view_ticket(ticket_id: UUID, *, viewer: Viewer, writing: Writing, before: int | None = None) -> TicketView:
    """Give the ticket and its talk; TicketNotFound when it is out of reach."""
    tickets, reach = writing.tickets, reach_of(viewer)
    ticket = await tickets.find(ticket_id, reach)
    if ticket is None:
        raise TicketNotFound
    rights = rights_of(viewer, ticket, colleagues_comment=writing.policy.colleagues_comment)
    if rights is None:
        raise TicketNotFound
    talk = await tickets.talk(ticket_id, reach, size=TALK_SIZE + 1, before=before, internal=viewer.staff)
    shown = tuple(talk[-TALK_SIZE:])
    return TicketView(
        ticket,
        rights,
        shown,
        shown[0].position if len(talk) > TALK_SIZE else None,
        await _references(ticket, reach, tickets),
        writing.choices(ticket, rights.actors),
        starts_follow_up(ticket.state, writing.clock() - ticket.state_since),
    )


async def _references(ticket: Ticket, reach: Reach, tickets: TicketStore) -> tuple[TicketReference, ...]:
    named = ticket.duplicate_of or ticket.follows
    return tuple(await tickets.references(ticket, reach)) if named else ()
