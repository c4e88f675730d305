"""Customers, who holds them, and how many that may be."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from customer_link.domain.asking_again import USUAL
from customer_link.domain.customer_data import CustomerData


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, an association or a person that has customer numbers."""

    id: UUID
    name: str


def name_key(name: str) -> str:
    """The form in which names of organisations are compared."""
    return name.strip().casefold()


@dataclass(frozen=True, slots=True)
class Customer:
    """One customer number; `number` is as it stands on an invoice."""

    id: UUID
    number: str
    type: str
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class LinkedCustomer:
    """A customer number with what its holder may see. Without data they are on their way since `asked_at`."""

    customer: Customer
    linked_at: datetime
    asked_at: datetime
    data: CustomerData | None

    def late(self, now: datetime) -> bool:
        """Whether the data take longer than usual."""
        return self.data is None and now - self.asked_at > USUAL


@dataclass(frozen=True, slots=True)
class Link:
    """An account that holds a customer number; the slots make limits above one a matter of unique indexes."""

    id: UUID
    account_id: UUID
    customer_id: UUID
    type: str
    holder_slot: int
    type_slot: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """A customer number that an account holds, or held until `ended_at`."""

    customer: Customer
    linked_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkLimits:
    """How many accounts may hold one number, and how many numbers of one type an account may hold."""

    holders: int
    per_type: int


class Refusal(StrEnum):
    """Why no link was made. UNMATCHED is the one answer until number and code match (DESIGN 21)."""

    UNMATCHED = "unmatched"
    ALREADY_YOURS = "already_yours"
    HELD_BY_ANOTHER = "held_by_another"
    TYPE_HELD = "type_held"


@dataclass(frozen=True, slots=True)
class Membership:
    """All that an account may act for; a contact has an organisation and no number."""

    organisations: tuple[Organisation, ...] = ()
    customers: tuple[Customer, ...] = ()
