"""Confirm a solution or withdraw a ticket: what a customer does to a ticket without a word."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.reach import reach_of
from ticketing.domain.ticket import Ticket
from ticketing.domain.transitions import Action
from ticketing.domain.visibility import Viewer, rights_of
from ticketing.usecases.writing import Author, TicketNotFound, Writing

OWN_ACTIONS = frozenset({Action.CONFIRM, Action.WITHDRAW})


async def move_own_ticket(ticket_id: UUID, action: Action, *, viewer: Viewer, writing: Writing) -> Ticket:
    """Do it; NotAllowedNow when the state does not allow it, FORBIDDEN when the person's part does not."""
    ticket = await writing.locked(ticket_id, reach_of(viewer))
    rights = rights_of(viewer, ticket, colleagues_comment=writing.policy.colleagues_comment)
    if rights is None:
        raise TicketNotFound
    if action not in OWN_ACTIONS or not rights.actors:
        raise DomainError(ErrorKind.FORBIDDEN, "action_not_yours")
    return await writing.move(ticket, writing.row(ticket, action, rights.actors), Author(viewer.account_id))
