"""Codes for many numbers at once, as an invoice run needs them (STEPS A10)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

MOST_NUMBERS = 100_000
STEP = 100
"""Codes that are issued in one transaction."""


class Source(StrEnum):
    """Where the numbers of a batch came from."""

    NUMBERS = "numbers"
    TYPE = "type"
    ORDERS = "orders"


class LineFault(StrEnum):
    """Why a line got no code."""

    UNKNOWN = "unknown"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class NewBatch:
    """A batch that is to be made."""

    id: UUID
    source: Source
    created_by: UUID
    created_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class CodeBatch:
    """A batch and how far it is."""

    id: UUID
    source: Source
    created_by: UUID
    created_at: datetime
    valid_until: datetime
    finished_at: datetime | None
    handed_over_at: datetime | None
    total: int
    issued: int
    faulty: int


@dataclass(frozen=True, slots=True)
class FaultyLine:
    """A line that got no code; positions count from 1."""

    position: int
    number: str
    fault: LineFault
