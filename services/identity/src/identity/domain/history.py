"""The history of an account: what happened to it, who did it, and why. Its owner reads it, and so do staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

HISTORY_KEPT = timedelta(days=730)
"""How long an entry stays: two years outlast every dispute about a sign-in (GDPR Art. 5(1)(e) asks for an end)."""
_REASON_LENGTH = 200


class ActorKind(StrEnum):
    """Who acted."""

    SELF = "self"
    STAFF = "staff"
    SYSTEM = "system"
    CLIENT = "client"
    """Another system, through the JSON API."""


class HistoryAction(StrEnum):
    """What happened. The value is what is stored."""

    SIGNED_IN = "signed_in"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an action
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of an action
    EMAIL_CHANGE_STARTED = "email_change_started"
    EMAIL_CHANGE_CANCELLED = "email_change_cancelled"
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGE_OBJECTED = "email_change_objected"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    RECOVERY_CODE_USED = "recovery_code_used"
    LOOKED_AT = "looked_at"
    DATA_REQUESTED = "data_requested"
    DATA_DOWNLOADED = "data_downloaded"
    PROFILE_CHANGED = "profile_changed"
    USERNAME_CHANGED = "username_changed"
    CLOSED = "closed"
    REOPENED = "reopened"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SESSIONS_ENDED = "sessions_ended"
    RESET_SENT = "reset_sent"
    ADDRESS_CORRECTED = "address_corrected"
    ROLES_CHANGED = "roles_changed"
    STAFF_ADDED = "staff_added"
    IMPORTED = "imported"
    """Made out of a file of an older system."""
    INVITED = "invited"
    """Made for the person by another system; has no password yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One entry. `details` holds ids, names of fields and states, never a value that says who somebody is."""

    id: UUID
    account_id: UUID
    at: datetime
    actor_kind: ActorKind
    action: HistoryAction
    actor_id: UUID | None = None
    """The account of staff, the client, or the person; None for the system."""
    reason: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses a reason that no form lets through: the table is no place for essays."""
        if len(self.reason) > _REASON_LENGTH:
            raise ValueError(f"a reason has at most {_REASON_LENGTH} characters")


@dataclass(frozen=True, slots=True)
class HistoryPlace:
    """A place between two entries: the page goes on with what is older."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class HistoryRange:
    """Which part of a history is wanted: so many entries, newest first, older than a place."""

    size: int = 20
    older_than: HistoryPlace | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """A part of a history, and where the next one begins; None at its end."""

    entries: Sequence[HistoryEntry]
    next: HistoryPlace | None = None

    @classmethod
    def cut(cls, found: Sequence[HistoryEntry], size: int) -> "HistoryPage":
        """The page of up to `size` entries from a search for one more than that."""
        entries = found[:size]
        more = len(found) > size
        return cls(entries, HistoryPlace(entries[-1].at, entries[-1].id) if more else None)
