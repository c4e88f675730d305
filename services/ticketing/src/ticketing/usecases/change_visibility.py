"""Change who sees a ticket."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.reach import reach_of
from ticketing.domain.ticket import Entry, EntryKind, Ticket
from ticketing.domain.visibility import Viewer, Visibility, rights_of
from ticketing.usecases.writing import TicketNotFound, Writing


def visibility_choices(viewer: Viewer, ticket: Ticket) -> tuple[Visibility, ...]:
    """Give what the viewer may set: staff all that makes sense, the reporter own or organisation, others nothing."""
    rights = rights_of(viewer, ticket, colleagues_comment=False)
    if rights is None or not rights.change_visibility:
        return ()
    shared = (Visibility.ORGANISATION,) if ticket.organisation_id else ()
    confidential = (Visibility.CONFIDENTIAL,) if viewer.staff else ()
    return (Visibility.OWN, *shared, *confidential)


async def change_visibility(ticket_id: UUID, wanted: Visibility, *, viewer: Viewer, writing: Writing) -> Ticket:
    """Set it and record it; nothing happens when it is so already."""
    ticket = await writing.locked(ticket_id, reach_of(viewer))
    if rights_of(viewer, ticket, colleagues_comment=False) is None:
        raise TicketNotFound
    if wanted not in visibility_choices(viewer, ticket):
        raise DomainError(ErrorKind.FORBIDDEN, "visibility_not_allowed")
    if ticket.visibility is wanted:
        return ticket
    now = writing.clock()
    changed = replace(ticket, visibility=wanted, updated_at=now)
    await writing.tickets.save(changed)
    entry = Entry(writing.new_id(), EntryKind.VISIBILITY, viewer.account_id, viewer.staff, now, visibility=wanted)
    await writing.tickets.append(ticket.id, entry)
    return changed
