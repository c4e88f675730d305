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


class Standing(StrEnum):
    """Where a code stands for people: its state, or that its date has passed."""

    ISSUED = "issued"
    PRINTED = "printed"
    USED = "used"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Handover(StrEnum):
    """The way in which a code reached its customer."""

    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    BY_LETTER = "by_letter"
    DATA_FILE = "data_file"


class Reason(StrEnum):
    """Why a code was withdrawn; REPLACED is the system's own: the newer code was used."""

    LOST = "lost"
    WRONG_RECIPIENT = "wrong_recipient"
    MISUSE = "misuse"
    CUSTOMER_LEFT = "customer_left"
    OTHER = "other"
    REPLACED = "replaced"


OPEN = frozenset({CodeState.ISSUED, CodeState.PRINTED})
WITHDRAWABLE = OPEN | {CodeState.SUPERSEDED}


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
    issued_by: UUID | None = None
    """The member of staff; None for demo data and what customers ordered."""

    def usable(self, now: datetime) -> bool:
        """Whether it unlocks its number now."""
        if now >= self.valid_until:
            return False
        if self.state is CodeState.SUPERSEDED:
            return self.superseded_at is not None and now < self.superseded_at + GRACE
        return self.state in OPEN

    def standing(self, now: datetime) -> Standing:
        """What a list says of it."""
        if self.state in OPEN and now >= self.valid_until:
            return Standing.EXPIRED
        return Standing(self.state.value)
