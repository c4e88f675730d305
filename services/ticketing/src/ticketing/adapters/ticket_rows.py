"""Rows of the database to tickets and back."""

from typing import Any

from sqlalchemy import Row

from ticketing.adapters.tables import tickets
from ticketing.domain.listing import TicketRow
from ticketing.domain.ticket import Entry, EntryKind, Ticket, TicketReference
from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility

TICKET_COLUMNS = tuple(column for column in tickets.c if column.name != "search")


def to_ticket(row: Row[Any]) -> Ticket:
    """Read TICKET_COLUMNS."""
    return Ticket(
        row.id,
        TicketNumber.of(row.number),
        row.kind,
        row.subject,
        TicketState(row.state),
        Visibility(row.visibility),
        row.reporter_id,
        row.organisation_id,
        row.customer_id,
        row.assignee_id,
        row.answer_due,
        row.duplicate_of,
        row.follows,
        row.opened_at,
        row.updated_at,
        row.state_since,
    )


def values_of(ticket: Ticket) -> dict[str, Any]:
    """Give all columns but `search`."""
    fixed = {
        "id": ticket.id,
        "number": ticket.number.value,
        "kind": ticket.kind,
        "subject": ticket.subject,
        "reporter_id": ticket.reporter_id,
        "organisation_id": ticket.organisation_id,
        "customer_id": ticket.customer_id,
        "follows": ticket.follows,
        "opened_at": ticket.opened_at,
    }
    return fixed | changeable_values_of(ticket)


def changeable_values_of(ticket: Ticket) -> dict[str, Any]:
    """Give the columns that may change in a ticket's life."""
    return {
        "state": ticket.state.value,
        "visibility": ticket.visibility.value,
        "assignee_id": ticket.assignee_id,
        "answer_due": ticket.answer_due,
        "duplicate_of": ticket.duplicate_of,
        "updated_at": ticket.updated_at,
        "state_since": ticket.state_since,
    }


def to_row(row: Row[Any]) -> TicketRow:
    """Read what a list statement gives, by position: lists are the hot path."""
    (
        ticket_id,
        number,
        kind,
        subject,
        state,
        visibility,
        reporter_id,
        organisation_id,
        customer_id,
        assignee_id,
        answer_due,
        opened_at,
        updated_at,
    ) = tuple[Any, ...](row)
    return TicketRow(
        ticket_id,
        TicketNumber.of(number),
        kind,
        subject,
        TicketState(state),
        Visibility(visibility),
        reporter_id,
        organisation_id,
        customer_id,
        assignee_id,
        answer_due,
        opened_at,
        updated_at,
    )


def to_reference(row: Row[Any]) -> TicketReference:
    """Read a ticket that another one names."""
    number, visibility = TicketNumber.of(row.number), Visibility(row.visibility)
    return TicketReference(row.id, number, row.reporter_id, row.organisation_id, visibility)


def to_entry(row: Row[Any]) -> Entry:
    """Read an entry of the history."""
    return Entry(
        row.id,
        EntryKind(row.kind),
        row.author_id,
        row.by_staff,
        row.created_at,
        text=row.text,
        from_state=TicketState(row.from_state) if row.from_state else None,
        to_state=TicketState(row.to_state) if row.to_state else None,
        visibility=Visibility(row.visibility) if row.visibility else None,
        assignee_id=row.assignee_id,
        comment_id=row.comment_id,
        position=row.position,
    )


def entry_values_of(entry: Entry) -> dict[str, Any]:
    """Give an entry's columns but the ticket and the position."""
    return {
        "id": entry.id,
        "kind": entry.kind.value,
        "author_id": entry.author_id,
        "by_staff": entry.by_staff,
        "created_at": entry.created_at,
        "text": entry.text,
        "from_state": entry.from_state.value if entry.from_state else None,
        "to_state": entry.to_state.value if entry.to_state else None,
        "visibility": entry.visibility.value if entry.visibility else None,
        "assignee_id": entry.assignee_id,
        "comment_id": entry.comment_id,
    }
