"""An account: a person who can sign in, or will."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class AccountState(StrEnum):
    """What an account can do."""

    UNCONFIRMED = "unconfirmed"
    """Registered; nobody has shown that the mail address is theirs."""
    INVITED = "invited"
    """Named by staff or a customer's contact list; has no password yet."""
    ACTIVE = "active"
    LOCKED = "locked"
    CLOSED = "closed"


CLAIMING: Sequence[AccountState] = (AccountState.INVITED, AccountState.ACTIVE, AccountState.LOCKED)
"""States in which a mail address belongs to the account alone. Unconfirmed ones may share an address: whoever
confirms first has it, and a registration with a known address stays indistinguishable from a new one (A01)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account as it stands. `password_hash` is None until a first password is chosen."""

    id: UUID
    username: str
    email: str
    display_name: str
    language: str
    state: AccountState
    created_at: datetime
    password_hash: str | None = None
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    roles: frozenset[str] = frozenset()

    @property
    def staff(self) -> bool:
        """Whether the account works for the organisation; such accounts need a second factor."""
        return bool(self.roles)

    @property
    def can_choose_password(self) -> bool:
        """Whether a mailed link may set a password: never for what staff locked or what is closed."""
        return self.state not in {AccountState.LOCKED, AccountState.CLOSED}
