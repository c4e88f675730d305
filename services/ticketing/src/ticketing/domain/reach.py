"""How far a caller can see; every query of tickets is limited by one."""

from dataclasses import dataclass
from uuid import UUID

from ticketing.domain.visibility import Viewer


@dataclass(frozen=True, slots=True)
class PersonReach:
    """The tickets that one reported, and those that the organisations share."""

    account_id: UUID
    organisations: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class DeskReach:
    """Every ticket; for staff, jobs and the description of events."""


@dataclass(frozen=True, slots=True)
class SystemReach:
    """Every ticket but the confidential ones; for other systems that were granted the question."""


Reach = PersonReach | DeskReach | SystemReach


def reach_of(viewer: Viewer) -> Reach:
    """Give how far a person sees."""
    return DeskReach() if viewer.staff else PersonReach(viewer.account_id, viewer.organisations)
