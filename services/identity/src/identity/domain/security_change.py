"""What of an account a person is always told about, so that nobody changes it behind their back (ASVS 6.3.7)."""

from enum import StrEnum


class SecurityChange(StrEnum):
    """One word for each kind of change; the event carries the word and nothing else."""

    EMAIL_CHANGE_STARTED = "email_change_started"
    EMAIL_CHANGED = "email_changed"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    RECOVERY_CODE_USED = "recovery_code_used"
    PROFILE_CHANGED = "profile_changed"
    USERNAME_CHANGED = "username_changed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    SESSIONS_ENDED = "sessions_ended"
    DATA_EXPORTED = "data_exported"
    CLOSED = "closed"
    ROLES_CHANGED = "roles_changed"
    REOPENED = "reopened"


TOLD_BY_LINK = frozenset({SecurityChange.EMAIL_CHANGE_STARTED})
"""Changes whose mail carries a link to object, and so goes out with its challenge and not with the event."""
