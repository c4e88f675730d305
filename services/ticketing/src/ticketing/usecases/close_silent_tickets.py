"""Close resolved tickets on which nobody has said a word for 14 days."""

from ticketing.domain.reach import DeskReach
from ticketing.domain.transitions import PATIENCE, TABLE, Action
from ticketing.usecases.writing import Author, Writing

_EXPIRE = next(row for row in TABLE if row.action is Action.EXPIRE)


async def close_silent_tickets(size: int, *, writing: Writing) -> int:
    """Close one batch and say how many; fewer than `size` means that none is left."""
    ids = await writing.tickets.silent(writing.clock() - PATIENCE, size)
    for ticket_id in ids:
        ticket = await writing.locked(ticket_id, DeskReach())
        await writing.move(ticket, _EXPIRE, Author(None))
    return len(ids)
