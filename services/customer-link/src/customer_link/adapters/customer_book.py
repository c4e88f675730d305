"""The customer numbers as other systems keep them, in PostgreSQL: one statement for many."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.contact_store import CONTACT, IS_NAMED, contact_of
from customer_link.adapters.customer_store import CUSTOMER, customer_of
from customer_link.adapters.data_document import from_document, to_document
from customer_link.adapters.tables import contact, customer, customer_data, organisation
from customer_link.domain.contact import Contact
from customer_link.domain.customer import name_key
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

_REFERENCE = func.coalesce(organisation.c.reference, "").label("reference")
_ORGANISATION = (organisation.c.name, _REFERENCE)
_WITH_DATA = customer.join(organisation, organisation.c.id == customer.c.organisation_id).outerjoin(
    customer_data, customer_data.c.customer_id == customer.c.id
)


class PostgresCustomerBook:
    """See customer_book_ports.CustomerBook."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def numbers(self, number_keys: Collection[str]) -> dict[str, KnownNumber]:
        # First the locks, in the order of the numbers, so that two who do so never wait in a ring; then what is there.
        wanted = customer.c.number_key.in_(number_keys)
        lock = select(customer.c.id).where(wanted).order_by(customer.c.number_key).with_for_update(key_share=True)
        ids = list(await self._tx.scalars(lock))
        joined = customer.outerjoin(customer_data, customer_data.c.customer_id == customer.c.id)
        columns = (*CUSTOMER, customer.c.number_key, customer_data.c.as_of)
        rows = await self._tx.execute(select(*columns).select_from(joined).where(customer.c.id.in_(ids)))
        return {row.number_key: KnownNumber(customer_of(row), row.as_of) for row in rows}

    async def organisations(
        self, named: Collection[NamedOrganisation], ids: Collection[UUID]
    ) -> list[KnownOrganisation]:
        meant = or_(
            organisation.c.id.in_({*ids, *(one.id for one in named if one.id)}),
            organisation.c.reference.in_({one.reference for one in named if one.reference}),
            organisation.c.name_key.in_({name_key(one.name) for one in named if one.name and not one.reference}),
        )
        rows = await self._tx.execute(select(organisation.c.id, *_ORGANISATION).where(meant).order_by("id"))
        return [KnownOrganisation(*row) for row in rows]

    async def add_organisations(self, added: Sequence[KnownOrganisation]) -> None:
        if added:
            await self._tx.execute(insert(organisation), [{"id": one.id, **_names(one)} for one in added])

    async def change_organisations(self, changed: Sequence[KnownOrganisation]) -> None:
        if changed:
            statement = update(organisation).where(organisation.c.id == bindparam("of_id"))
            await self._tx.execute(statement, [{"of_id": one.id, **_names(one)} for one in changed])

    async def put_data(self, data: Mapping[UUID, CustomerData], received_at: datetime) -> list[UUID]:
        rows = [
            {"customer_id": one, "as_of": told.as_of, "received_at": received_at, "document": to_document(told)}
            for one, told in sorted(data.items())
        ]
        put = insert(customer_data).values(rows)
        new = {name: put.excluded[name] for name in ("as_of", "received_at", "document")}
        newer = customer_data.c.as_of < put.excluded.as_of
        statement = put.on_conflict_do_update(index_elements=["customer_id"], set_=new, where=newer)
        return list(await self._tx.scalars(statement.returning(customer_data.c.customer_id)))

    async def refresh(self, customer_ids: Collection[UUID], again_at: datetime) -> None:
        values = {"asked_at": None, "next_ask_at": again_at, "asks": 0}
        await self._tx.execute(update(customer).where(customer.c.id.in_(customer_ids)).values(values))

    async def record(self, number_key: str) -> CustomerRecord | None:
        columns = (*CUSTOMER, *_ORGANISATION, customer_data.c.as_of, customer_data.c.document)
        statement = select(*columns).select_from(_WITH_DATA).where(customer.c.number_key == number_key)
        row = (await self._tx.execute(statement)).first()
        if row is None:
            return None
        return _record(row, from_document(row.document, row.as_of) if row.document is not None else None)

    async def page(self, query: RecordQuery) -> RecordPage:
        statement = select(*CUSTOMER, *_ORGANISATION, customer_data.c.as_of).select_from(_WITH_DATA)
        ordered = statement.where(*_wanted(query)).order_by(customer.c.number_key).limit(query.size + 1)
        found = [_record(row) for row in await self._tx.execute(ordered)]
        shown = tuple(found[: query.size])
        return RecordPage(shown, number_key(shown[-1].customer.number) if len(found) > query.size else "")

    async def contacts(self, organisation_id: UUID, after: UUID | None, limit: int) -> list[Contact]:
        statement = select(*CONTACT).where(contact.c.organisation_id == organisation_id, IS_NAMED)
        later = statement if after is None else statement.where(contact.c.id > after)
        return [contact_of(row) for row in await self._tx.execute(later.order_by(contact.c.id).limit(limit))]


def _names(one: KnownOrganisation) -> dict[str, Any]:
    return {"name": one.name, "name_key": name_key(one.name), "reference": one.reference or None}


def _record(row: Any, data: CustomerData | None = None) -> CustomerRecord:
    found = customer_of(row)
    owner = KnownOrganisation(found.organisation_id, row.name, row.reference)
    return CustomerRecord(found, owner, row.as_of, data)


def _wanted(query: RecordQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.customer_id:
        wanted.append(customer.c.id == query.customer_id)
    if query.organisation_id:
        wanted.append(customer.c.organisation_id == query.organisation_id)
    if query.reference:
        wanted.append(organisation.c.reference == query.reference)
    if query.type:
        wanted.append(customer.c.type == query.type)
    if query.after:
        wanted.append(customer.c.number_key > query.after)
    return wanted
