"""A file of customers that staff handed in: looked through first, imported when they say so (STEPS S6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

CONTENT_KEPT = timedelta(days=7)
"""How long lines stay at most. A good one goes as soon as it is imported."""
IMPORTS_KEPT = timedelta(days=730)
"""How long is known who imported how much, and when."""
LONGEST_NAME = 120


class ImportKind(StrEnum):
    """What the lines of a file are; a file has one kind."""

    CUSTOMERS = "customers"
    CONTRACTS = "contracts"
    INVOICES = "invoices"


class ImportPhase(StrEnum):
    """How far it is."""

    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    DROPPED = "dropped"
    """Put aside by staff, or too old."""

    @property
    def under_way(self) -> bool:
        """Whether a job works on it."""
        return self in {ImportPhase.CHECKING, ImportPhase.IMPORTING}


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerImportFile:
    """One file, without its lines."""

    id: UUID
    kind: ImportKind
    name: str
    """What the file was called."""
    columns: Sequence[str]
    created_by: UUID
    created_at: datetime
    phase: ImportPhase = ImportPhase.CHECKING
    lines: int = 0
    done: int = 0
    """Lines that the present phase has looked at."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What became of those, or would."""
    imported_by: UUID | None = None
    finished_at: datetime | None = None
    has_lines: bool = True
    """Whether lines are still there to be read: all before the import, the bad ones after it."""
