"""A ticket and what is in its history."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility

_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
SUBJECT_LENGTH = 200
TEXT_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """One concern. `updated_at` is the last change that its customer may see, never an internal one."""

    id: UUID
    number: TicketNumber
    kind: str
    subject: str
    state: TicketState
    visibility: Visibility
    reporter_id: UUID
    organisation_id: UUID | None
    customer_id: UUID | None
    assignee_id: UUID | None
    answer_due: date | None
    duplicate_of: UUID | None
    follows: UUID | None
    opened_at: datetime
    updated_at: datetime
    state_since: datetime


@dataclass(frozen=True, slots=True)
class TicketReference:
    """Another ticket that one refers to, with what decides whether a viewer may follow the reference."""

    id: UUID
    number: TicketNumber
    reporter_id: UUID
    organisation_id: UUID | None
    visibility: Visibility


class EntryKind(StrEnum):
    """What an entry of the history is; notes and assignments are for staff only."""

    COMMENT = "comment"
    STATE = "state"
    VISIBILITY = "visibility"
    NOTE = "note"
    ASSIGNED = "assigned"


INTERNAL = frozenset({EntryKind.NOTE, EntryKind.ASSIGNED})
"""What no customer, no event, no mail and no other system is ever shown."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said or done; `author_id` is None where the clock acted."""

    id: UUID
    kind: EntryKind
    author_id: UUID | None
    by_staff: bool
    created_at: datetime
    text: str | None = None
    from_state: TicketState | None = None
    to_state: TicketState | None = None
    visibility: Visibility | None = None
    assignee_id: UUID | None = None
    comment_id: UUID | None = None
    position: int = 0


def subject_problem(subject: str) -> str | None:
    """Give the code of what is wrong with a subject line, or None."""
    if not subject.strip():
        return "subject_missing"
    if _UNSTORABLE.search(subject):
        return "signs_unreadable"
    if "\n" in subject or "\r" in subject:
        return "subject_lines"
    return "subject_long" if len(subject) > SUBJECT_LENGTH else None


def text_problem(text: str) -> str | None:
    """Give the code of what is wrong with a comment or a description, or None."""
    if not text.strip():
        return "text_missing"
    if _UNSTORABLE.search(text):
        return "signs_unreadable"
    return "text_long" if len(text) > TEXT_LENGTH else None
