"""With what a person can show, beside the password, who they are."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

ENROLMENT_LIFETIME = timedelta(minutes=30)
"""How long the secret of an app waits for the first code from it."""


class Way(StrEnum):
    """How a second factor is given."""

    APP = "app"
    PASSKEY = "passkey"
    RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has. Recovery codes stand in for a factor and are none themselves."""

    app: bool = False
    passkeys: int = 0
    recovery_codes: int = 0

    @property
    def any(self) -> bool:
        """Whether a password alone does not sign in."""
        return self.app or self.passkeys > 0

    @property
    def to_remove(self) -> bool:
        """Whether there is anything that its owner may have lost."""
        return self.any or self.recovery_codes > 0

    @property
    def ways(self) -> list[Way]:
        """How the factor may be given, the usual way first."""
        offered = {
            Way.PASSKEY: self.passkeys > 0,
            Way.APP: self.app,
            Way.RECOVERY: self.any and self.recovery_codes > 0,
        }
        return [way for way, there in offered.items() if there]

    @property
    def without_app(self) -> "Factors":
        """What remains when the app is unlinked."""
        return replace(self, app=False)

    @property
    def without_passkey(self) -> "Factors":
        """What remains when one passkey is removed."""
        return replace(self, passkeys=self.passkeys - 1)
