"""Passkeys (WebAuthn level 3): a key pair on somebody's device, unlocked there by finger, face or PIN."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LONGEST_NAME = 60
CEREMONY_LIFETIME = timedelta(minutes=5)
"""How long a challenge may be answered."""


class CeremonyPurpose(StrEnum):
    """What answering a challenge does; an answer to one counts for no other."""

    REGISTER = "register"
    LOG_IN = "log_in"
    GIVE_FACTOR = "give_factor"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """One challenge: answered once, for one purpose and account, within five minutes."""

    id: UUID
    purpose: CeremonyPurpose
    account_id: UUID | None
    """None at the login, which asks the passkey who it is."""
    challenge: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """One passkey. Nothing of it is secret: the private key never leaves the device."""

    id: UUID
    account_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    """How often it was used, as it says; 0 for ever if it does not count (WebAuthn, section 6.1.1)."""
    name: str
    created_at: datetime
    last_used_at: datetime | None = None


def passkey_name_problem(name: str) -> str | None:
    """Code of what is wrong with the name that somebody gives a passkey."""
    if not name.strip():
        return "passkey_name_missing"
    return "passkey_name_long" if len(name.strip()) > LONGEST_NAME else None
