"""A session: one signed-in browser."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

ACTIVITY_STEP = timedelta(minutes=1)
"""Activity is written at most this often, so that a reader costs a session row one write a minute."""
REMEMBERED_MARK = "r."
"""A remembered session's cookie begins so: whoever sets it, however often it is renewed, knows how long to keep it."""
LONGEST_DEVICE_NAME = 40
PENDING_LIFETIME = timedelta(minutes=10)
"""How long the second factor may take after the password."""

RECENT = timedelta(minutes=10)
"""How old the proof of who one is may be when something sensitive changes (ASVS 7.5.1)."""


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives without activity, and at most (ASVS 7.3)."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session. The cookie's value is not kept, only its SHA-256."""

    id: UUID
    account_id: UUID
    token_hash: bytes
    authenticated_at: datetime
    seen_at: datetime
    idle_until: datetime
    expires_at: datetime
    second_factor: bool = False
    pending: bool = False
    """Password given, second factor not yet: nobody but the code page accepts it."""
    browser: str = ""
    remembered: bool = False
    """The person stays logged in on this device: no idle time, up to the end. Never so for staff."""
    device_name: str = ""
    """What the person calls the device."""

    @property
    def name(self) -> str:
        """By what the person recognises it; empty when nothing is known."""
        return self.device_name or self.browser

    def alive(self, now: datetime) -> bool:
        """Whether neither limit has passed."""
        return now < self.idle_until and now < self.expires_at

    def live(self, now: datetime) -> bool:
        """Whether it is good for more than the second factor."""
        return self.alive(now) and not self.pending

    def wants_touch(self, now: datetime) -> bool:
        """Whether activity now is worth a write."""
        return now - self.seen_at >= ACTIVITY_STEP


def is_recent(authenticated_at: datetime, now: datetime) -> bool:
    """Whether somebody has shown who they are a short while ago."""
    return now - authenticated_at < RECENT
