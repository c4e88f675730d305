"""Tell what an event was about and whom it concerns, with the rights of now.

Who did it is not told of it; the reporter alone gets a confirmation of a ticket opened by himself or herself.
Confidential tickets concern reporter and assignee only, without a word of what was said. Of a comment and the step
that it made one is told: an answer of staff by its step, a customer's words as what they are. Internal notes have no
event, and no fact here is taken from one.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from ticketing.domain.reach import DeskReach
from ticketing.domain.ticket import Entry, EntryKind, Ticket
from ticketing.domain.visibility import Visibility
from ticketing.usecases.ports import TicketStore

EXCERPT_LENGTH = 300
_REACH = DeskReach()


class Happened(StrEnum):
    """What the events of this service tell of."""

    OPENED = "opened"
    COMMENTED = "commented"
    STATE_CHANGED = "state_changed"
    ASSIGNED = "assigned"


@dataclass(frozen=True, slots=True)
class EventAsked:
    """An event of this service: `named` is the comment, the step or the assignee that it names.

    A step may have come with a comment of its own.
    """

    happened: Happened
    ticket_id: UUID
    named: UUID | None = None
    comment_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """What may be said of it; `suppressed` says why nobody is to be told."""

    ticket: Ticket | None
    entry: Entry | None = None
    excerpt: str = ""
    concerned: tuple[tuple[UUID, str], ...] = ()
    suppressed: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the store knows of the tickets asked about."""

    tickets: Mapping[UUID, Ticket]
    entries: Mapping[UUID, list[Entry]]
    speakers: Mapping[UUID, frozenset[UUID]]

    def organisations_to_ask(self) -> frozenset[UUID]:
        """Give the organisations whose members decide whether colleagues who spoke may still be told."""
        shared = (one for one in self.tickets.values() if one.visibility is Visibility.ORGANISATION)
        spoken = (one for one in shared if self.speakers.get(one.id, frozenset()) - {one.reporter_id})
        return frozenset(one.organisation_id for one in spoken if one.organisation_id)


async def load_told(asked: Collection[EventAsked], *, tickets: TicketStore) -> Told:
    """Read what the events are about: three statements, however many events."""
    ids = {event.ticket_id for event in asked}
    named = {entry_id for event in asked for entry_id in (event.named, event.comment_id) if entry_id}
    return Told(
        await tickets.find_all(ids, _REACH),
        await tickets.named_entries(ids, named, _REACH),
        await tickets.speakers(ids, _REACH),
    )


def describe(event: EventAsked, told: Told, members: Mapping[UUID, frozenset[UUID]]) -> Described:
    """Describe one event; `members` has those of `organisations_to_ask`, asked just now."""
    ticket = told.tickets.get(event.ticket_id)
    if ticket is None:
        return Described(None, suppressed="erased")
    entries = told.entries.get(ticket.id, [])
    entry = _entry(event, entries)
    if entry is None or _is_told_otherwise(event, entry, entries):
        return Described(ticket, entry, suppressed="erased" if entry is None else "obsolete")
    concerned = _concerned(event, ticket, entry, told.speakers.get(ticket.id, frozenset()), members)
    confidential = ticket.visibility is Visibility.CONFIDENTIAL
    suppressed = "" if concerned else ("confidential" if confidential else "not_entitled")
    excerpt = "" if confidential else _excerpt(entry, entries)
    return Described(ticket, entry, excerpt, concerned, suppressed)


def _entry(event: EventAsked, entries: list[Entry]) -> Entry | None:
    match event.happened:
        case Happened.OPENED:
            return next((entry for entry in entries if entry.position == 1), None)
        case Happened.ASSIGNED:
            given = (one for one in reversed(entries) if one.kind is EntryKind.ASSIGNED)
            return next((entry for entry in given if entry.assignee_id == event.named), None)
        case Happened.COMMENTED | Happened.STATE_CHANGED:
            return next((entry for entry in entries if entry.id == event.named), None)


def _is_told_otherwise(event: EventAsked, entry: Entry, entries: list[Entry]) -> bool:
    if event.happened is Happened.STATE_CHANGED:
        return entry.comment_id is not None and not entry.by_staff
    carried = any(other.comment_id == entry.id for other in entries)
    return event.happened is Happened.COMMENTED and entry.by_staff and carried


def _concerned(
    event: EventAsked,
    ticket: Ticket,
    entry: Entry,
    speakers: frozenset[UUID],
    members: Mapping[UUID, frozenset[UUID]],
) -> tuple[tuple[UUID, str], ...]:
    if event.happened is Happened.ASSIGNED:
        found = {ticket.assignee_id: "assignee"} if ticket.assignee_id == event.named else {}
    else:
        found = {ticket.assignee_id: "assignee"}
        found |= dict.fromkeys(_colleagues(ticket, speakers, members), "colleague")
        found[ticket.reporter_id] = "reporter"
    if event.happened is not Happened.OPENED:
        found.pop(entry.author_id, None)
    return tuple((account_id, reason) for account_id, reason in found.items() if account_id)


def _colleagues(ticket: Ticket, speakers: frozenset[UUID], members: Mapping[UUID, frozenset[UUID]]) -> list[UUID]:
    if ticket.visibility is not Visibility.ORGANISATION or ticket.organisation_id is None:
        return []
    return sorted(speakers & members.get(ticket.organisation_id, frozenset()))


def _excerpt(entry: Entry, entries: list[Entry]) -> str:
    """Give the beginning of what was said; a step has its comment's words, an assignment none."""
    said = next((one for one in entries if one.id == entry.comment_id), None) if entry.comment_id else entry
    text = said.text if said and said.kind is EntryKind.COMMENT and said.text else ""
    return text if len(text) <= EXCERPT_LENGTH else text[:EXCERPT_LENGTH].rsplit(" ", 1)[0] + " …"
