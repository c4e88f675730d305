"""What other services know of an account: what it holds (customer-link), what was mailed to it (notification)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """A customer number that the account holds, or held until `ended_at`."""

    customer_id: UUID
    number: str
    organisation: str
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountLinks:
    """Numbers, newest link first, and the names of organisations of which it is a contact without a number."""

    numbers: Sequence[HeldNumber] = ()
    contact_of: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class MailSent:
    """A mail without its words: `letter` and `about` name its kind, `state` is pending, sent, failed or suppressed."""

    letter: str
    about: str
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MailPage:
    """Mails, newest first, and the token of the next part; empty at the end."""

    mails: Sequence[MailSent] = ()
    next: str = ""


class LinkSource(Protocol):
    """Asks customer-link; None when it does not answer in time."""

    async def links(self, account_id: UUID) -> AccountLinks | None:
        """What the account holds and held."""

    async def holders(self, number: str) -> frozenset[UUID] | None:
        """Who holds a customer number now; blanks, dashes and case do not matter."""


class MailSource(Protocol):
    """Asks notification; None when it does not answer in time."""

    async def mails(self, account_id: UUID, page: str = "") -> MailPage | None:
        """A part of what was mailed to the account."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Both of them."""

    links: LinkSource
    mails: MailSource
