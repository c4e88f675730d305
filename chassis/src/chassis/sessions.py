"""What a session says of the person who calls, and where that is asked."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in person, as the session says."""

    account_id: UUID
    session_id: UUID
    username: str
    display_name: str
    roles: frozenset[str]
    language: str
    second_factor: bool
    authenticated_at: datetime

    @property
    def staff(self) -> bool:
        """Whether the person belongs to staff; customers have no roles."""
        return bool(self.roles)


class SessionDirectory(Protocol):
    """Knows whose session a token is."""

    async def find(self, token_hash: bytes, *, activity: bool, grace: bool) -> Caller | None:
        """The caller of a live session.

        Args:
            token_hash: SHA-256 of the cookie's value.
            activity: a person did something, which extends the idle time.
            grace: whether an older answer may serve while the owner of sessions is away.

        Raises:
            DomainError: UNAVAILABLE when nobody can tell now.
        """
        ...


def token_hash(token: str) -> bytes:
    """What is kept and asked in place of a session's token."""
    return sha256(token.encode()).digest()
