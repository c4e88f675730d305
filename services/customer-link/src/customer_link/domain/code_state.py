"""The life of an activation code: issued → printed → used, expired, superseded or withdrawn (DESIGN 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

GRACE = timedelta(days=14)
"""How long a superseded code still works, until the newer one is used: letters cross in the post."""
SEALED_FOR = timedelta(days=7)
"""How long the code itself is kept, sealed, until it is handed over."""


class CodeState(StrEnum):
    """Where a code stands; expiry follows from its date."""

    ISSUED = "issued"
    PRINTED = "printed"
    USED = "used"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ActivationCode:
    """A code without its secret."""

    id: UUID
    customer_id: UUID
    state: CodeState
    issued_at: datetime
    valid_until: datetime
    superseded_at: datetime | None = None
    used_at: datetime | None = None

    def usable(self, now: datetime) -> bool:
        """Whether it unlocks its number now."""
        if now >= self.valid_until:
            return False
        if self.state is CodeState.SUPERSEDED:
            return self.superseded_at is not None and now < self.superseded_at + GRACE
        return self.state in {CodeState.ISSUED, CodeState.PRINTED}
