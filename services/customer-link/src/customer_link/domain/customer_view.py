"""What staff see of customers: rows of a list, and one customer number with everything in one view (STEPS S4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_data import CustomerData

MOST_SHOWN = 50
"""Links, contacts and numbers of an organisation that one page shows."""
LOOK_AGAIN_AFTER = timedelta(hours=12)
"""Within this time, looks of one colleague at one customer are one look."""
LOOKS_KEPT = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer number of a list; `place` is empty until data have come."""

    customer: Customer
    organisation: str
    place: str
    held: bool


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Rows, and where the next page begins; empty at the end."""

    rows: tuple[CustomerRow, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """An account that holds the number, or held it until `ended_at`."""

    account_id: UUID
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """A colleague who opened the page."""

    staff_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class CustomerView:
    """One customer number; `asked_at` is set while a backend has not answered."""

    customer: Customer
    organisation: Organisation
    asked_at: datetime | None
    data: CustomerData | None
    holders: Sequence[Holder]
    contacts: Sequence[Contact]
    siblings: Sequence[Customer]
    """Other numbers of the organisation."""
    looks: Sequence[Look]

    @property
    def accounts(self) -> set[UUID]:
        """All whose names the page shows."""
        return {one.account_id for one in self.holders} | {one.staff_id for one in self.looks}
