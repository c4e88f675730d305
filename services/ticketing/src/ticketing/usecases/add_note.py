"""Note something for colleagues at the desk; nobody else is ever shown or told of it."""

from uuid import UUID

from ticketing.domain.reach import DeskReach
from ticketing.domain.ticket import Entry, EntryKind
from ticketing.usecases.writing import Writing, require_text


async def add_note(ticket_id: UUID, text: str, *, agent: UUID, writing: Writing) -> None:
    """Add an internal note: no event, and no trace in what the customer sees as the last change."""
    ticket = await writing.locked(ticket_id, DeskReach())
    now = writing.clock()
    await writing.tickets.remember_agent(agent, now)
    note = Entry(writing.new_id(), EntryKind.NOTE, agent, True, now, text=require_text(text, "note"))
    await writing.tickets.append(ticket.id, note)
