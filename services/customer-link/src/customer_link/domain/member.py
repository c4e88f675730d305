"""Members of an organisation: why each of them is one, and who administers it (ADR 0018)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customer_link.domain.invitation import Invitation


@dataclass(frozen=True, slots=True)
class Holding:
    """A customer number of the organisation that a member holds."""

    customer_id: UUID
    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An account with every reason for which it belongs to the organisation."""

    account_id: UUID
    holdings: tuple[Holding, ...] = ()
    contact: bool = False
    """Whether staff named it."""
    invitation: Invitation | None = None
    """The invitation that it accepted."""
    named: bool = False
    """Whether an administrator named it one."""

    @property
    def administers(self) -> bool:
        """Who holds a number proved it by a code; others are named."""
        return bool(self.holdings) or self.named

    @property
    def lasting(self) -> bool:
        """Whether it administers without an end in sight."""
        invited_for_good = self.invitation is not None and self.invitation.access_until is None
        return bool(self.holdings) or (self.named and (self.contact or invited_for_good))

    def holding(self, customer_id: UUID) -> Holding | None:
        """Its hold on one number."""
        return next((one for one in self.holdings if one.customer_id == customer_id), None)


def may_leave(account_id: UUID, members: Sequence[Member], waiting: int, *, stays: bool = False) -> bool:
    """Whether the organisation can do without the account as its administrator; `stays`: it remains a member.

    The last administrator goes on as long as there are people whom an administrator invited, or invitations without
    an answer (`waiting`): somebody has to be able to end their access. Who is there for a time is no successor.
    """
    others = [one for one in members if one.account_id != account_id]
    left = members if stays else others
    invited = any(one.invitation is not None for one in left)
    return any(one.lasting for one in others) or not (invited or waiting)
