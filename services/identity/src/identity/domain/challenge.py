"""A challenge: something that only the reader of a mailbox can answer, through a mailed link."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """What answering proves or does."""

    CONFIRM_REGISTRATION = "confirm_registration"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a purpose
    MAILED_PASSWORD = "mailed_password"  # noqa: S105 - the name of a purpose
    """Carries a generated password instead of a link (M5 `mailed`)."""
    CONFIRM_EMAIL = "confirm_email"
    """Goes to a new address, which becomes the account's when its link is used."""
    EMAIL_CHANGE_STARTED = "email_change_started"
    EMAIL_CHANGE_DONE = "email_change_done"
    """Both go to the old address, with a link to object."""
    REGISTRATION_EXISTS = "registration_exists"
    """Tells the owner of an address that somebody registered with it; it has no link."""
    NOTHING = "nothing"
    """Nobody is told anything; it exists so that an unknown address is as much work as a known one."""


OBJECTIONS = frozenset({Purpose.EMAIL_CHANGE_STARTED, Purpose.EMAIL_CHANGE_DONE})
"""Purposes whose link cancels or reverts the change of an address."""

LINKED = OBJECTIONS | {Purpose.CONFIRM_REGISTRATION, Purpose.RESET_PASSWORD, Purpose.CONFIRM_EMAIL}
"""Purposes whose mail carries a link."""

RESETS = (Purpose.RESET_PASSWORD, Purpose.MAILED_PASSWORD)
"""Ways to a new password that are on their way by mail."""

LIFETIMES = {
    Purpose.CONFIRM_REGISTRATION: timedelta(hours=24),
    Purpose.REGISTRATION_EXISTS: timedelta(hours=24),
    Purpose.CONFIRM_EMAIL: timedelta(hours=24),
    Purpose.EMAIL_CHANGE_STARTED: timedelta(days=7),
    Purpose.EMAIL_CHANGE_DONE: timedelta(days=7),
    Purpose.RESET_PASSWORD: timedelta(minutes=30),
    Purpose.MAILED_PASSWORD: timedelta(minutes=30),
    Purpose.NOTHING: timedelta(minutes=30),
}


class ChallengeState(StrEnum):
    """Whether the link works, and if not why. The reason is for logs and mails, never for the page."""

    OPEN = "open"
    USED = "used"
    REPLACED = "replaced"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """One challenge. The secret of its link is derived from id, purpose and key; nothing of it is kept (ADR 0011)."""

    id: UUID
    account_id: UUID | None
    purpose: Purpose
    key_id: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    replaced_at: datetime | None = None
    email: str = ""
    """Where its mail goes, if that is not the account's address."""

    def state(self, now: datetime) -> ChallengeState:
        """What the challenge is worth now."""
        if self.used_at:
            return ChallengeState.USED
        if self.replaced_at:
            return ChallengeState.REPLACED
        return ChallengeState.OPEN if now < self.expires_at else ChallengeState.EXPIRED
