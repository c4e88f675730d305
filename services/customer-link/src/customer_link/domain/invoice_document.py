"""An invoice as PDF, as the organisation's own system delivered it (A11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

LARGEST_INVOICE: Final = 3 * 1024 * 1024
"""Bytes; a message of gRPC has at most 4 MiB."""
LONGEST_NUMBER: Final = 60
"""Characters of an invoice's number."""


@dataclass(frozen=True, slots=True)
class InvoiceDocument:
    """What stands about it in the database; `file_id` is the key of its content in the file store."""

    id: UUID
    customer_id: UUID
    invoice: str
    file_id: UUID
    size: int
    sha256: bytes
    as_of: datetime
    received_at: datetime
