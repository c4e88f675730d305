"""Stand-ins for the neighbours of notification; each passes the contract suite of what it stands for."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from notification.happenings import Concerned, Happening, Link, Person, Reach
from notification.post import MailDelayed, MailRefused, PostAway

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
UNKNOWN = Happening(event_type="", facts={}, concerned=(), suppressed="")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, span: timedelta) -> None:
        self.now += span


@dataclass
class FakePost:
    """A mail server in memory: takes everything, unless told to answer an address with a code, or to be away."""

    codes: dict[str, int] = field(default_factory=dict)
    away: bool = False
    cuts_off: bool = False
    """The process ends while the mail is on its way."""
    sent: list[tuple[str, EmailMessage]] = field(default_factory=list)

    async def send(self, message: EmailMessage, recipient: str) -> None:
        if self.cuts_off:
            raise asyncio.CancelledError
        if self.away:
            raise PostAway("SMTPConnectError")
        code = self.codes.get(recipient, 250)
        if code >= 500:
            raise MailRefused(str(code))
        if code >= 400:
            raise MailDelayed(str(code))
        self.sent.append((recipient, message))

    def to(self, recipient: str) -> list[EmailMessage]:
        return [message for address, message in self.sent if address == recipient]


@dataclass
class FakeEmitter:
    """Knows some events; `away` like a service that is stopped."""

    happenings: dict[UUID, Happening] = field(default_factory=dict)
    away: bool = False
    asked: list[tuple[UUID, ...]] = field(default_factory=list)
    """What pages asked at once."""

    async def describe(self, event_id: UUID) -> Happening:
        if self.away:
            raise DomainError(ErrorKind.UNAVAILABLE, "neighbour_unavailable")
        return self.happenings.get(event_id, UNKNOWN)

    async def describe_all(self, event_ids: Sequence[UUID]) -> Mapping[UUID, Happening]:
        self.asked.append(tuple(event_ids))
        return {event_id: await self.describe(event_id) for event_id in event_ids}

    def knows(
        self, event_id: UUID, event_type: str, facts: Mapping[str, str], *concerned: Concerned, suppressed: str = ""
    ) -> None:
        self.happenings[event_id] = Happening(event_type, facts, concerned, suppressed)


@dataclass
class FakeIdentity:
    """Knows some people and the links of open challenges."""

    known: dict[UUID, Person] = field(default_factory=dict)
    links: dict[UUID, Link] = field(default_factory=dict)
    away: bool = False

    async def people(self, account_ids: Sequence[UUID]) -> Mapping[UUID, Person]:
        self._answer()
        return {account_id: self.known[account_id] for account_id in account_ids if account_id in self.known}

    async def link(self, challenge_id: UUID) -> Link | None:
        self._answer()
        return self.links.get(challenge_id)

    def _answer(self) -> None:
        if self.away:
            raise DomainError(ErrorKind.UNAVAILABLE, "neighbour_unavailable")

    def knows(self, *people: Person) -> None:
        self.known |= {person.account_id: person for person in people}


def a_person(account_id: UUID, name: str = "anna", **changes: object) -> Person:
    """Somebody with a confirmed address, who reads German."""
    values: dict[str, object] = {
        "account_id": account_id,
        "username": name,
        "display_name": f"{name.capitalize()} Berger",
        "email": f"{name}@example.org",
        "language": "de",
        "reach": Reach.CONFIRMED,
    }
    return Person(**(values | changes))  # type: ignore[arg-type]
