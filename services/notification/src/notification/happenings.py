"""What the emitters of events and identity say: the answers a mail is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Concerned:
    """An account that is to be told, and why: self, reporter, colleague, assignee, holder."""

    account_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as its emitter tells it now."""

    event_type: str
    """Empty when the emitter does not know the event."""
    facts: Mapping[str, str]
    concerned: tuple[Concerned, ...]
    suppressed: str
    """Why nobody is to be told; empty otherwise."""


class Reach(StrEnum):
    """Whether an account may be written to."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a mail goes to. Held for the time of sending, never stored."""

    account_id: UUID
    username: str
    display_name: str
    email: str
    language: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Link:
    """A link with a secret, or with a password to use there, just fetched."""

    path: str
    expire_time: datetime
    password: str = ""
    """A generated password, where the mail brings one; the path is then where to use it."""
    email: str = ""
    """Where the mail goes, if that is not the person's address."""


class Emitter(Protocol):
    """A service that emits events and can say what one was about."""

    async def describe(self, event_id: UUID) -> Happening:
        """Raises DomainError(UNAVAILABLE) while the service is away."""
        ...


class Identity(Protocol):
    """Who people are, and the links that only they may have."""

    async def people(self, account_ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        """Lacks accounts that do not exist; raises DomainError(UNAVAILABLE) while identity is away."""
        ...

    async def link(self, challenge_id: UUID) -> Link | None:
        """The link of an open challenge; None once it is used, replaced or expired."""
        ...
