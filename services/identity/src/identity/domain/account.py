"""An account: a person who can sign in, or will."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.profile import FIELDS, Profile


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
    salutation: str = ""
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    phone: str = ""
    terms_version: str = ""
    """The terms of use that the person agreed to, with the moment; empty for whom others made the account."""
    terms_accepted_at: datetime | None = None
    roles: frozenset[str] = frozenset()

    @property
    def known_as(self) -> str:
        """What the person calls it: the user name, or the address that was the name until somebody else claimed it."""
        return self.email if self.username == given_up_name(self.id) else self.username

    @property
    def staff(self) -> bool:
        """Whether the account works for the organisation; such accounts need a second factor."""
        return bool(self.roles)

    @property
    def profile(self) -> Profile:
        """What the person told of themselves; `replace(account, **asdict(profile))` puts it back."""
        return Profile(**{name: getattr(self, name) for name in FIELDS})

    @property
    def personal(self) -> tuple[str, ...]:
        """Words that must not be most of the password."""
        return (self.username, self.display_name, self.company, self.street, self.city, self.email)

    @property
    def can_choose_password(self) -> bool:
        """Whether a mailed link may set a password: never for what staff locked or what is closed."""
        return self.state not in {AccountState.LOCKED, AccountState.CLOSED}


def given_up_name(account_id: UUID | str) -> str:
    """The user name of a closed account whose old one, a mail address, belongs to another account by now.

    Unique, and no name that anybody may choose.
    """
    return f"closed:{account_id}"
