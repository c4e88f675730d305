"""Invitations to an organisation; an accepted one is a membership until it ends (ADR 0018)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

ANSWER_WITHIN = timedelta(days=14)
"""So long an invitation is open."""
INVITATIONS_A_DAY = 20
"""So many an organisation may send: each is a mail to an address that somebody typed."""
LONGEST_DELEGATION = timedelta(days=731)
KEPT_AFTER_END = timedelta(days=90)
"""After that it is forgotten whom somebody invited once."""


class InvitationState(StrEnum):
    """open → accepted → ended; open → declined, withdrawn or expired."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ENDED = "ended"


class Purpose(StrEnum):
    """What somebody belongs to the organisation for; all but colleagues do so for a time."""

    COLLEAGUE = "colleague"
    TAX_ADVISER = "tax_adviser"
    AGENCY = "agency"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Invitation:
    """Without an account until identity has given one."""

    id: UUID
    organisation_id: UUID
    email: str
    display_name: str
    language: str
    purpose: Purpose
    access_until: datetime | None
    invited_by: UUID
    invited_at: datetime
    expires_at: datetime
    state: InvitationState = InvitationState.OPEN
    account_id: UUID | None = None
    answered_at: datetime | None = None

    def answerable(self, now: datetime) -> bool:
        """Whether it can still be accepted."""
        return self.state is InvitationState.OPEN and now < self.expires_at

    def over(self, now: datetime) -> InvitationState | None:
        """What becomes of it by the clock alone: an open one expires, an accepted one ends on its day."""
        if self.state is InvitationState.OPEN and now >= self.expires_at:
            return InvitationState.EXPIRED
        if self.state is InvitationState.ACCEPTED and self.access_until is not None and now >= self.access_until:
            return InvitationState.ENDED
        return None


def expiry(now: datetime, access_until: datetime | None) -> datetime:
    """An invitation is open for 14 days, and no longer than the access that it gives."""
    return min(now + ANSWER_WITHIN, access_until or now + ANSWER_WITHIN)
