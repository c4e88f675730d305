"""Take a ticket, give it to a colleague, or put it back."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.reach import DeskReach
from ticketing.domain.ticket import Entry, EntryKind, Ticket
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.transitions import Action, Actor
from ticketing.usecases.writing import Author, Writing


async def take_ticket(ticket_id: UUID, *, agent: UUID, writing: Writing) -> Ticket:
    """Assign it to oneself; a new ticket is in progress from then on."""
    ticket = await writing.locked(ticket_id, DeskReach())
    await writing.tickets.remember_agent(agent, writing.clock())
    taken = await _assign(ticket, agent, agent, writing)
    if taken.state is not TicketState.NEW:
        return taken
    row = writing.row(taken, Action.START, frozenset({Actor.STAFF}))
    return await writing.move(taken, row, Author(agent, staff=True))


async def assign_ticket(ticket_id: UUID, assignee: UUID | None, *, agent: UUID, writing: Writing) -> Ticket:
    """Assign it to a member of staff who works at the desk, or to nobody."""
    ticket = await writing.locked(ticket_id, DeskReach())
    await writing.tickets.remember_agent(agent, writing.clock())
    if assignee is not None and assignee not in await writing.tickets.agents():
        raise DomainError(ErrorKind.INVALID, "assignee_unknown", fields={"assignee": "assignee_unknown"})
    return await _assign(ticket, assignee, agent, writing)


async def _assign(ticket: Ticket, assignee: UUID | None, agent: UUID, writing: Writing) -> Ticket:
    if ticket.assignee_id == assignee:
        return ticket
    assigned = replace(ticket, assignee_id=assignee)
    await writing.tickets.save(assigned)
    entry = Entry(writing.new_id(), EntryKind.ASSIGNED, agent, True, writing.clock(), assignee_id=assignee)
    await writing.tickets.append(ticket.id, entry)
    await writing.events.assigned(assigned)
    return assigned
