"""Organisations, customer numbers and their data in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, exists, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.data_document import to_document
from customer_link.adapters.tables import customer, customer_data, link, organisation
from customer_link.domain.customer import Customer, Organisation, name_key
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_number import number_key
from customer_link.usecases.ports import WaitingCustomer

CUSTOMER = (customer.c.id, customer.c.number, customer.c.type, customer.c.organisation_id)


def customer_of(row: Sequence[Any]) -> Customer:
    """A row that begins with the columns CUSTOMER."""
    return Customer(row[0], row[1], row[2], row[3])


def customer_row(added: Customer) -> dict[str, Any]:
    """A new row of customer."""
    return {
        "id": added.id,
        "organisation_id": added.organisation_id,
        "number": added.number,
        "number_key": number_key(added.number),
        "type": added.type,
    }


def organisation_row(added: Organisation) -> dict[str, Any]:
    """A new row of organisation."""
    return {"id": added.id, "name": added.name, "name_key": name_key(added.name)}


class PostgresCustomers:
    """See ports.Customers."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add_organisation(self, added: Organisation) -> bool:
        statement = (
            insert(organisation).values(organisation_row(added)).on_conflict_do_nothing().returning(organisation.c.id)
        )
        return (await self._tx.execute(statement)).first() is not None

    async def organisations(self, ids: Collection[UUID]) -> list[Organisation]:
        rows = await self._tx.execute(select(organisation.c.id, organisation.c.name).where(organisation.c.id.in_(ids)))
        return [Organisation(row.id, row.name) for row in rows]

    async def organisations_named(self, name: str) -> list[Organisation]:
        named = organisation.c.name_key == name_key(name)
        rows = await self._tx.execute(select(organisation.c.id, organisation.c.name).where(named))
        return [Organisation(row.id, row.name) for row in rows]

    async def add(self, added: Customer) -> bool:
        statement = insert(customer).values(customer_row(added)).on_conflict_do_nothing().returning(customer.c.id)
        return (await self._tx.execute(statement)).first() is not None

    async def get(self, customer_id: UUID) -> Customer | None:
        row = (await self._tx.execute(select(*CUSTOMER).where(customer.c.id == customer_id))).first()
        return customer_of(row) if row else None

    async def numbered(self, number_key: str) -> Customer | None:
        row = (await self._tx.execute(select(*CUSTOMER).where(customer.c.number_key == number_key))).first()
        return customer_of(row) if row else None

    async def has_data(self, customer_id: UUID) -> bool:
        found = exists().where(customer_data.c.customer_id == customer_id)
        return bool(await self._tx.scalar(select(found)))

    async def put_data(self, customer_id: UUID, data: CustomerData, received_at: datetime) -> bool:
        values = {"as_of": data.as_of, "received_at": received_at, "document": to_document(data)}
        put = insert(customer_data).values(customer_id=customer_id, **values)
        newer = customer_data.c.as_of < put.excluded.as_of
        statement = put.on_conflict_do_update(index_elements=["customer_id"], set_=values, where=newer)
        return (await self._tx.execute(statement.returning(customer_data.c.customer_id))).first() is not None

    async def note_ask(self, customer_id: UUID, *, at: datetime, again_at: datetime, asks: int) -> None:
        first = case((customer.c.asks == 0, at), else_=customer.c.asked_at)
        values = {"asked_at": first, "next_ask_at": again_at, "asks": asks}
        await self._tx.execute(update(customer).where(customer.c.id == customer_id).values(values))

    async def note_rest(self, customer_id: UUID, *, again_at: datetime | None) -> None:
        values = {"asked_at": None, "next_ask_at": again_at, "asks": 0}
        await self._tx.execute(update(customer).where(customer.c.id == customer_id).values(values))

    async def due(self, now: datetime, limit: int) -> list[WaitingCustomer]:
        held = exists().where(link.c.customer_id == customer.c.id, link.c.ended_at.is_(None))
        statement = (
            select(customer.c.id, customer.c.asks, held.label("held"))
            .where(customer.c.next_ask_at <= now)
            .order_by(customer.c.next_ask_at)
            .limit(limit)
            .with_for_update(of=customer, skip_locked=True)
        )
        return [WaitingCustomer(row.id, row.asks, row.held) for row in await self._tx.execute(statement)]
