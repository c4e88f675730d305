"""Other systems' view of customers in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_entry import (
    CustomerRecord,
    KnownNumber,
    KnownOrganisation,
    NamedOrganisation,
    RecordPage,
    RecordQuery,
)
from customer_link.domain.customer_number import number_key
from customer_link.usecases.import_customer_row import name_key

if TYPE_CHECKING:
    from customer_link_fakes import FakeContacts, FakeCustomers


@dataclass
class FakeCustomerBook:
    stock: "FakeCustomers"
    contacted: "FakeContacts"
    references: dict[UUID, str] = field(default_factory=dict)

    async def numbers(self, number_keys: Collection[str]) -> dict[str, KnownNumber]:
        found = [one for one in self.stock.known.values() if _key(one) in number_keys]
        return {_key(one): KnownNumber(one, self._as_of(one)) for one in found}

    async def organisations(
        self, named: Collection[NamedOrganisation], ids: Collection[UUID]
    ) -> list[KnownOrganisation]:
        wanted = {*ids, *(one.id for one in named)}
        references = {one.reference for one in named} - {""}
        names = {name_key(one.name) for one in named if not one.reference} - {""}
        found = [self._told(one.id) for one in sorted(self.stock.owners.values(), key=lambda one: one.id)]
        return [one for one in found if one.id in wanted or one.reference in references or name_key(one.name) in names]

    async def add_organisations(self, added: Sequence[KnownOrganisation]) -> None:
        await self.change_organisations(added)

    async def change_organisations(self, changed: Sequence[KnownOrganisation]) -> None:
        for one in changed:
            self.stock.owners[one.id] = Organisation(one.id, one.name)
            self.references[one.id] = one.reference

    async def put_data(self, data: Mapping[UUID, CustomerData], received_at: datetime) -> list[UUID]:
        return [one for one, told in data.items() if await self.stock.put_data(one, told, received_at)]

    async def refresh(self, customer_ids: Collection[UUID], again_at: datetime) -> None:
        for one in customer_ids:
            await self.stock.note_rest(one, again_at=again_at)

    async def record(self, number_key: str) -> CustomerRecord | None:
        found = await self.stock.numbered(number_key)
        return self._record(found, self.stock.data.get(found.id)) if found else None

    async def page(self, query: RecordQuery) -> RecordPage:
        fitting = [
            self._record(one)
            for one in sorted(self.stock.known.values(), key=_key)
            if query.customer_id in {None, one.id}
            and query.organisation_id in {None, one.organisation_id}
            and query.reference in {"", self.references.get(one.organisation_id, "")}
            and query.type in {"", one.type}
            and _key(one) > query.after
        ]
        shown = tuple(fitting[: query.size])
        return RecordPage(shown, _key(shown[-1].customer) if len(fitting) > query.size else "")

    async def contacts(self, organisation_id: UUID, after: UUID | None, limit: int) -> list[Contact]:
        active = [one for one in self.contacted.named.values() if one.active and one.organisation_id == organisation_id]
        later = [one for one in active if after is None or one.id > after]
        return sorted(later, key=lambda one: one.id)[:limit]

    def _record(self, customer: Customer, data: CustomerData | None = None) -> CustomerRecord:
        return CustomerRecord(customer, self._told(customer.organisation_id), self._as_of(customer), data)

    def _told(self, organisation_id: UUID) -> KnownOrganisation:
        name = self.stock.owners[organisation_id].name
        return KnownOrganisation(organisation_id, name, self.references.get(organisation_id, ""))

    def _as_of(self, customer: Customer) -> datetime | None:
        held = self.stock.data.get(customer.id)
        return held.as_of if held else None


def _key(customer: Customer) -> str:
    return number_key(customer.number)
