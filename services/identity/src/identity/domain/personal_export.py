"""An export: all data about one person in one file, put together on request (GDPR Art. 15 and 20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from identity.domain.throttle import Pace

SOURCES: Sequence[str] = ("identity", "customer-link", "ticketing", "notification")
"""The services that hold something, in the order of the file."""
EXPORT_KEPT = timedelta(days=7)
"""How long it can be downloaded; whoever asks then gets a new one."""
EXPORTS = Pace(free=3, first=timedelta(hours=1), longest=timedelta(days=1), forget=timedelta(days=1))
"""How often somebody may ask: putting one together makes work for every service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalExport:
    """One export as it stands; an account has at most one."""

    id: UUID
    account_id: UUID
    asked_at: datetime
    expires_at: datetime
    ready_at: datetime | None = None
    size: int = 0
    """Bytes of the file when it is ready."""
    collected: int = 0
    """Services that have answered, while it is put together."""

    def over(self, now: datetime) -> bool:
        """Whether it is to be forgotten."""
        return now >= self.expires_at


@dataclass(frozen=True, slots=True)
class SealedFile:
    """Bytes under a key, at rest; they open only together with the export's id and their own name."""

    key_id: str
    sealed: bytes
