"""Answer at the desk: words for the customer, a new state, or both at once."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from ticketing.domain.reach import DeskReach
from ticketing.domain.ticket import Entry, Ticket
from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.transitions import Action, Actor, Need, Transition
from ticketing.usecases.writing import Author, Writing, require_text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a member of staff fills in; `other` is the number of the ticket that this one doubles."""

    text: str = ""
    action: Action | None = None
    answer_due: date | None = None
    other: str = ""


_STAFF = frozenset({Actor.STAFF})
_MISSING = {Need.ANSWER: "answer_missing", Need.REASON: "reason_missing"}


async def answer_ticket(ticket_id: UUID, answer: Answer, *, agent: UUID, writing: Writing) -> Ticket:
    """Say and move; INVALID with the field when the table asks for more, NotAllowedNow when it has no row."""
    ticket = await writing.locked(ticket_id, DeskReach())
    author = Author(agent, staff=True)
    await writing.tickets.remember_agent(agent, writing.clock())
    if answer.action is None:
        await writing.comment(ticket, author, require_text(answer.text))
        return ticket
    row = writing.row(ticket, answer.action, _STAFF)
    due = _due(row, answer, writing)
    other = await _other(row, answer, ticket, writing)
    said = await _said(row, answer, ticket, author, writing)
    return await writing.move(ticket, row, author, said=said, answer_due=due, duplicate_of=other)


async def _said(row: Transition, answer: Answer, ticket: Ticket, author: Author, writing: Writing) -> Entry | None:
    if not answer.text.strip():
        if missing := _MISSING.get(row.need):
            raise DomainError(ErrorKind.INVALID, missing, fields={"text": missing})
        return None
    return await writing.say(ticket, author, require_text(answer.text))


def _due(row: Transition, answer: Answer, writing: Writing) -> date | None:
    if not row.takes_deadline or answer.answer_due is None:
        return None
    if answer.answer_due < writing.clock().astimezone(writing.zone).date():
        raise DomainError(ErrorKind.INVALID, "due_past", fields={"answer_due": "due_past"})
    return answer.answer_due


async def _other(row: Transition, answer: Answer, ticket: Ticket, writing: Writing) -> UUID | None:
    if row.need is not Need.OTHER_TICKET:
        return None
    number = TicketNumber.parse(answer.other)
    other = await writing.tickets.find_by_number(number, DeskReach()) if number else None
    if other is None or ticket.id in {other.id, other.duplicate_of}:
        raise DomainError(ErrorKind.INVALID, "other_unknown", fields={"other": "other_unknown"})
    return other.id
