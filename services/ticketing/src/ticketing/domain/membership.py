"""For whom an account may act, as customer-link answers it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Organisation:
    """A company, an association, a person."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer number that the account holds."""

    id: UUID
    number: str
    type: str
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Membership:
    """Organisations and numbers of an account; `known` is False when nobody could be asked."""

    organisations: tuple[Organisation, ...] = ()
    customers: tuple[Customer, ...] = ()
    known: bool = True

    @property
    def organisation_ids(self) -> frozenset[UUID]:
        """The organisations whose shared tickets the account sees."""
        return frozenset(organisation.id for organisation in self.organisations)

    def customer(self, customer_id: UUID) -> Customer | None:
        """Give one of the numbers held, or None."""
        return next((held for held in self.customers if held.id == customer_id), None)

    def organisation(self, organisation_id: UUID) -> Organisation | None:
        """Give one of the organisations, or None."""
        return next((one for one in self.organisations if one.id == organisation_id), None)


UNKNOWN = Membership(known=False)
"""What is assumed while customer-link cannot be asked: only one's own tickets."""
