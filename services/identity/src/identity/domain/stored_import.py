"""A file of accounts that staff handed in: looked through first, imported when they say so (S6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

IMPORT_KEPT = timedelta(days=1)
"""How long the file and its report stay; the file itself goes as soon as it is imported."""


class ImportPhase(StrEnum):
    """How far it is."""

    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"

    @property
    def under_way(self) -> bool:
        """Whether a job works on it."""
        return self in {ImportPhase.CHECKING, ImportPhase.IMPORTING}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImport:
    """One file. The content is sealed: it may hold addresses and password hashes."""

    id: UUID
    staff_id: UUID
    created_at: datetime
    phase: ImportPhase
    lines: int
    key_id: str
    sealed: bytes | None
    done: int = 0
    """Lines that the present phase has looked at."""
    notify: bool = False
    report: Mapping[str, Any] = field(default_factory=dict)
