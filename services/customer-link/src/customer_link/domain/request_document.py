"""Documents that come with a request and prove what it says (A15)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

MOST_DOCUMENTS: Final = 3
"""With one request."""
LARGEST_DOCUMENT: Final = 10 * 1024 * 1024
"""Bytes of one (I06)."""
LARGEST_TOGETHER: Final = 25 * 1024 * 1024
"""Bytes of all (I06)."""


@dataclass(frozen=True, slots=True)
class RequestDocument:
    """One document; its id is the key of its file. The name is the customer's and stands on pages only."""

    id: UUID
    request_id: UUID
    name: str
    media_type: str
    size: int
    sha256: bytes
    added_at: datetime
