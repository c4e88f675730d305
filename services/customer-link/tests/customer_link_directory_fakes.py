"""Staff's view of customers in memory, and people whom identity knows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from customer_link.domain.contact import Contact, email_key
from customer_link.domain.customer import Customer, Link
from customer_link.domain.customer_number import number_key
from customer_link.domain.customer_search import CustomerQuery, Holding, search_form, without_digraphs
from customer_link.domain.customer_view import (
    LOOK_AGAIN_AFTER,
    MOST_SHOWN,
    CustomerPage,
    CustomerRow,
    CustomerView,
    Holder,
    Look,
)

if TYPE_CHECKING:
    from customer_link_fakes import FakeContacts, FakeCustomers, FakeLinks


@dataclass
class FakeCustomerDirectory:
    customers: "FakeCustomers"
    links: "FakeLinks"
    contacts: "FakeContacts"
    looks: list[tuple[UUID, Look]] = field(default_factory=list)

    async def page(self, query: CustomerQuery) -> CustomerPage:
        rows = [self._row(one) for one in sorted(self.customers.known.values(), key=_key) if self._fits(one, query)]
        shown = tuple(rows[: query.size])
        return CustomerPage(shown, _key(shown[-1].customer) if len(rows) > query.size else "")

    async def view(self, customer_id: UUID) -> CustomerView | None:
        customer = self.customers.known.get(customer_id)
        if customer is None:
            return None
        owner = customer.organisation_id
        named = [one for one in self.contacts.named.values() if one.active and one.organisation_id == owner]
        others = [one for one in self.customers.known.values() if one.organisation_id == owner and one != customer]
        looks = [look for seen, look in self.looks if seen == customer_id]
        return CustomerView(
            customer=customer,
            organisation=self.customers.owners[owner],
            asked_at=self.customers.asking[customer_id].asked_at,
            data=self.customers.data.get(customer_id),
            holders=self._holders(customer_id),
            contacts=sorted(named, key=lambda one: email_key(one.email))[:MOST_SHOWN],
            siblings=sorted(others, key=_key)[:MOST_SHOWN],
            looks=sorted(looks, key=lambda look: look.at, reverse=True)[:5],
        )

    async def contact(self, customer_id: UUID, contact_id: UUID) -> Contact | None:
        found, customer = self.contacts.named.get(contact_id), self.customers.known.get(customer_id)
        belongs = found and customer and found.active and found.organisation_id == customer.organisation_id
        return found if belongs else None

    async def note_look(self, customer_id: UUID, staff_id: UUID, at: datetime) -> None:
        lately = (
            seen == customer_id and look.staff_id == staff_id and look.at > at - LOOK_AGAIN_AFTER
            for seen, look in self.looks
        )
        if not any(lately):
            self.looks.append((customer_id, Look(staff_id, at)))

    async def forget_looks(self, before: datetime) -> int:
        kept = [one for one in self.looks if one[1].at >= before]
        gone = len(self.looks) - len(kept)
        self.looks = kept
        return gone

    def _row(self, customer: Customer) -> CustomerRow:
        data = self.customers.data.get(customer.id)
        name = self.customers.owners[customer.organisation_id].name
        return CustomerRow(customer, name, data.place if data else "", self._held(customer))

    def _held(self, customer: Customer) -> bool:
        return any(link.customer_id == customer.id for link in self.links.held)

    def _fits(self, customer: Customer, query: CustomerQuery) -> bool:
        form, wanted = self._text(customer), query.holding
        return (
            all(any(one in form for one in term.forms) for term in query.terms)
            and query.type in {"", customer.type}
            and (wanted is None or (wanted is Holding.HELD) == self._held(customer))
            and _key(customer) > query.after
        )

    def _text(self, customer: Customer) -> str:
        data, name = self.customers.data.get(customer.id), self.customers.owners[customer.organisation_id].name
        form = search_form(" ".join([customer.number, _key(customer), name]))
        if data:
            form = search_form(" ".join([customer.number, _key(customer), name, data.name, *data.address_lines]))
        return f"{form} {without_digraphs(form)}"

    def _holders(self, customer_id: UUID) -> list[Holder]:
        now = [_holder(one, None) for one in self.links.held if one.customer_id == customer_id]
        before = [_holder(one, at) for one, at in self.links.ended if one.customer_id == customer_id]
        newest = sorted(before, key=lambda one: one.ended_at or one.since, reverse=True)
        return sorted(now, key=lambda one: one.since, reverse=True) + newest


def _key(customer: Customer) -> str:
    return number_key(customer.number)


def _holder(link: Link, ended_at: datetime | None) -> Holder:
    return Holder(link.account_id, link.created_at, ended_at)
