"""A closed account: until it is erased, staff can open it again; then nothing in it names the person any more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from identity.domain.personal_export import SOURCES

REOPENABLE = timedelta(days=14)
OTHERS: Sequence[str] = tuple(source for source in SOURCES if source != "identity")
"""The services that erase before identity does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """When an account was closed and is erased, and which services have erased their part."""

    account_id: UUID
    closed_at: datetime
    erase_at: datetime
    receipts: Mapping[str, int] = field(default_factory=dict)
    """Service → how many records it erased."""

    @property
    def request_id(self) -> str:
        """Of every try to erase for this closing: a repeated one gets the first receipt."""
        return f"closing-{self.account_id}-{self.closed_at:%Y%m%dT%H%M%S}"
