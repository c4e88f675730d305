"""Who may read a ticket, who may comment on it, and why.

Reading and commenting are separate rights. The reason of the reading right is shown on the ticket.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from ticketing.domain.transitions import Actor


class Visibility(StrEnum):
    """Who sees a ticket beside staff: its reporter; the organisation; the reporter, as staff decided."""

    OWN = "own"
    ORGANISATION = "organisation"
    CONFIDENTIAL = "confidential"


class Reason(StrEnum):
    """Why somebody sees a ticket."""

    REPORTER = "reporter"
    COLLEAGUE = "colleague"
    STAFF = "staff"


class Owned(Protocol):
    """What a ticket has that decides about rights."""

    @property
    def reporter_id(self) -> UUID: ...
    @property
    def organisation_id(self) -> UUID | None: ...
    @property
    def visibility(self) -> Visibility: ...


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the account and the organisations that it is a member of now."""

    account_id: UUID
    organisations: frozenset[UUID] = frozenset()
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Rights:
    """What a viewer may do with a ticket that he or she sees."""

    reason: Reason
    comment: bool
    change_visibility: bool
    actors: frozenset[Actor]


def reason_of(viewer: Viewer, ticket: Owned) -> Reason | None:
    """Say why the viewer sees the ticket; None when it stays hidden.

    Who left an organisation keeps the tickets that he or she reported and loses the colleagues'.
    """
    if viewer.staff:
        return Reason.STAFF
    if ticket.reporter_id == viewer.account_id:
        return Reason.REPORTER
    shared = ticket.visibility is Visibility.ORGANISATION and ticket.organisation_id in viewer.organisations
    return Reason.COLLEAGUE if shared else None


def rights_of(viewer: Viewer, ticket: Owned, *, colleagues_comment: bool) -> Rights | None:
    """Give the rights of a viewer, or None when the ticket stays hidden.

    The reporter switches between own and organisation; what staff made confidential only staff open again.
    """
    reason = reason_of(viewer, ticket)
    if reason is None:
        return None
    if reason is Reason.STAFF:
        return Rights(reason, comment=True, change_visibility=True, actors=frozenset({Actor.STAFF}))
    if reason is Reason.REPORTER:
        shareable = ticket.organisation_id in viewer.organisations and ticket.visibility is not Visibility.CONFIDENTIAL
        return Rights(reason, True, shareable, frozenset({Actor.REPORTER, Actor.CUSTOMER}))
    actors = frozenset({Actor.CUSTOMER}) if colleagues_comment else frozenset[Actor]()
    return Rights(reason, colleagues_comment, change_visibility=False, actors=actors)
