"""Open a ticket."""

from dataclasses import dataclass
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.membership import Membership
from ticketing.domain.ticket import Ticket, subject_problem, text_problem
from ticketing.domain.ticket_kind import Policy
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility
from ticketing.usecases.writing import Author, Writing


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person fills in; `visibility` None leaves it to the brand."""

    kind: str
    subject: str
    text: str
    customer_id: UUID | None = None
    organisation_id: UUID | None = None
    visibility: Visibility | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """To what a ticket belongs beside its reporter."""

    organisation_id: UUID | None
    customer_id: UUID | None
    visibility: Visibility


def organisation_of(draft: Draft, membership: Membership) -> UUID | None:
    """Give the organisation: that of the number, the one chosen, or the only one."""
    if draft.customer_id and (held := membership.customer(draft.customer_id)):
        return held.organisation_id
    if draft.organisation_id:
        return draft.organisation_id
    only = membership.organisations
    return only[0].id if len(only) == 1 else None


def problems_of(draft: Draft, membership: Membership, policy: Policy) -> dict[str, str]:
    """Give what is wrong, by field; empty when the ticket can be opened."""
    found = {
        "kind": None if draft.kind in policy.kinds else "kind_missing",
        "subject": subject_problem(draft.subject),
        "text": text_problem(draft.text),
        "customer": _customer_problem(draft, membership),
        "organisation": _organisation_problem(draft, membership),
        "visibility": _visibility_problem(draft, membership),
    }
    return {field: code for field, code in found.items() if code}


def _customer_problem(draft: Draft, membership: Membership) -> str | None:
    foreign = draft.customer_id is not None and membership.customer(draft.customer_id) is None
    return "customer_unknown" if foreign else None


def _organisation_problem(draft: Draft, membership: Membership) -> str | None:
    foreign = draft.organisation_id is not None and draft.organisation_id not in membership.organisation_ids
    return "organisation_unknown" if foreign else None


def _visibility_problem(draft: Draft, membership: Membership) -> str | None:
    if draft.visibility is Visibility.CONFIDENTIAL:
        return "visibility_unknown"
    lonely = draft.visibility is Visibility.ORGANISATION and organisation_of(draft, membership) is None
    return "visibility_needs_organisation" if lonely else None


def place_of(draft: Draft, membership: Membership, policy: Policy) -> Place:
    """Give to what the ticket will belong; DomainError when the draft is not right.

    A number that cannot be checked because customer-link is away is no fault of the person: UNAVAILABLE.
    """
    if not membership.known and (draft.customer_id or draft.organisation_id):
        raise DomainError(ErrorKind.UNAVAILABLE, "membership_unavailable")
    if problems := problems_of(draft, membership, policy):
        raise DomainError(ErrorKind.INVALID, "ticket_invalid", fields=problems)
    organisation = organisation_of(draft, membership)
    wanted = draft.visibility or policy.default_visibility
    return Place(organisation, draft.customer_id, wanted if organisation else Visibility.OWN)


async def open_ticket(
    draft: Draft,
    place: Place,
    *,
    reporter: UUID,
    author: Author,
    writing: Writing,
    follows: UUID | None = None,
) -> Ticket:
    """Open the ticket: number, first entry of the talk, event. The place comes from `place_of`."""
    now = writing.clock()
    ticket = Ticket(
        id=writing.new_id(),
        number=await writing.tickets.next_number(now.astimezone(writing.zone).year),
        kind=draft.kind,
        subject=draft.subject.strip(),
        state=TicketState.NEW,
        visibility=place.visibility,
        reporter_id=reporter,
        organisation_id=place.organisation_id,
        customer_id=place.customer_id,
        assignee_id=None,
        answer_due=None,
        duplicate_of=None,
        follows=follows,
        opened_at=now,
        updated_at=now,
        state_since=now,
    )
    await writing.tickets.add(ticket, draft.text.strip())
    await writing.say(ticket, author, draft.text.strip())
    await writing.events.opened(ticket)
    return ticket
