"""Say something on a ticket as a customer."""

from dataclasses import dataclass
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.membership import Membership
from ticketing.domain.reach import reach_of
from ticketing.domain.ticket import Ticket
from ticketing.domain.transitions import Action, starts_follow_up
from ticketing.domain.visibility import Rights, Viewer, Visibility, rights_of
from ticketing.usecases.open_ticket import Draft, Place, open_ticket
from ticketing.usecases.writing import Author, TicketNotFound, Writing, require_text


@dataclass(frozen=True, slots=True)
class Commented:
    """The comment, and the ticket it stands on: the one named, or a new one that follows it."""

    ticket: Ticket
    comment_id: UUID | None
    follow_up: bool = False


async def comment_ticket(
    ticket_id: UUID, text: str, *, viewer: Viewer, membership: Membership, writing: Writing
) -> Commented:
    """Comment; a comment on a waiting, resolved or lately finished ticket brings it back to work."""
    ticket = await writing.locked(ticket_id, reach_of(viewer))
    rights = _may_comment(viewer, ticket, writing)
    said = require_text(text)
    if starts_follow_up(ticket.state, writing.clock() - ticket.state_since):
        return await _follow_up(ticket, said, viewer, membership, writing)
    author = Author(viewer.account_id)
    row = next((row for row in writing.choices(ticket, rights.actors) if row.action is Action.COMMENT), None)
    if row is None:
        entry = await writing.comment(ticket, author, said)
        return Commented(ticket, entry.id)
    entry = await writing.say(ticket, author, said)
    return Commented(await writing.move(ticket, row, author, said=entry), entry.id)


def _may_comment(viewer: Viewer, ticket: Ticket, writing: Writing) -> Rights:
    rights = rights_of(viewer, ticket, colleagues_comment=writing.policy.colleagues_comment)
    if rights is None:
        raise TicketNotFound
    if not rights.comment:
        raise DomainError(ErrorKind.FORBIDDEN, "comment_not_allowed")
    return rights


async def _follow_up(ticket: Ticket, text: str, viewer: Viewer, membership: Membership, writing: Writing) -> Commented:
    """Open a ticket that refers to a finished one, for as much of its place as the person still has."""
    organisation = ticket.organisation_id if ticket.organisation_id in membership.organisation_ids else None
    customer = ticket.customer_id if ticket.customer_id and membership.customer(ticket.customer_id) else None
    kept = organisation is not None or ticket.visibility is Visibility.CONFIDENTIAL
    place = Place(organisation, customer, ticket.visibility if kept else Visibility.OWN)
    new = await open_ticket(
        Draft(ticket.kind, ticket.subject, text),
        place,
        reporter=viewer.account_id,
        author=Author(viewer.account_id),
        writing=writing,
        follows=ticket.id,
    )
    return Commented(new, None, follow_up=True)
