"""Things that tests start from; each says only what matters to the test."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from ticketing.domain.membership import Customer, Membership, Organisation
from ticketing.domain.ticket import Ticket
from ticketing.domain.ticket_kind import Policy, TicketKind
from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import TicketState
from ticketing.domain.visibility import Visibility

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
ANNA, JONAS, STRANGER, AGENT = (UUID(int=number) for number in (0xA, 0xB, 0xC, 0xD))
WORKS, OTHER_WORKS = UUID(int=0x100), UUID(int=0x101)
NUMBER_ID = UUID(int=0x200)

KINDS = {
    "incident": TicketKind("incident", {"de": "Störung", "en": "Incident"}),
    "change": TicketKind(
        "change", {"de": "Änderungsanforderung", "en": "Change request"}, frozenset({TicketState.REJECTED})
    ),
    "idea": TicketKind("idea", {"de": "Anregung", "en": "Suggestion"}, frozenset({TicketState.NOTED})),
}


def a_policy(visibility: Visibility = Visibility.ORGANISATION, *, colleagues_comment: bool = True) -> Policy:
    return Policy(KINDS, visibility, colleagues_comment)


def a_membership(*organisations: UUID) -> Membership:
    held = organisations or (WORKS,)
    return Membership(
        tuple(Organisation(one, f"Works {one.int:x}") for one in held),
        (Customer(NUMBER_ID, "20 331", "finance", held[0]),),
    )


def a_ticket(serial: int = 1, **changes: Any) -> Ticket:
    ticket = Ticket(
        id=uuid4(),
        number=TicketNumber(2026, serial),
        kind="incident",
        subject="Der Buchungslauf bricht ab",
        state=TicketState.NEW,
        visibility=Visibility.ORGANISATION,
        reporter_id=ANNA,
        organisation_id=WORKS,
        customer_id=None,
        assignee_id=None,
        answer_due=None,
        duplicate_of=None,
        follows=None,
        opened_at=NOON,
        updated_at=NOON,
        state_since=NOON,
    )
    return replace(ticket, **changes)
