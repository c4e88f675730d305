"""Organisations and customer numbers in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.data_json import data_to_json
from customer_link.adapters.tables import customer, organisation
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_number import number_key


class PostgresCustomers:
    """Passes the contract of Customers; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add_organisation(self, new: Organisation) -> None:
        await self._tx.execute(insert(organisation).values(id=new.id, name=new.name).on_conflict_do_nothing())

    async def add(self, new: Customer) -> None:
        values = {
            "id": new.id,
            "number": new.number,
            "number_key": number_key(new.number),
            "type": new.type,
            "organisation_id": new.organisation_id,
        }
        await self._tx.execute(insert(customer).values(values).on_conflict_do_nothing())

    async def get(self, customer_id: UUID) -> Customer | None:
        row = (await self._tx.execute(select(customer).where(customer.c.id == customer_id))).first()
        return to_customer(row) if row else None

    async def find_organisation(self, name: str) -> Organisation | None:
        row = (await self._tx.execute(select(organisation).where(organisation.c.name == name))).first()
        return Organisation(row.id, row.name) if row else None

    async def organisations(self, organisation_ids: Sequence[UUID]) -> list[Organisation]:
        rows = await self._tx.execute(select(organisation).where(organisation.c.id.in_(organisation_ids)))
        return [Organisation(row.id, row.name) for row in rows]

    async def ask(self, customer_id: UUID, now: datetime) -> None:
        await self._tx.execute(update(customer).where(customer.c.id == customer_id).values(asked_at=now))

    async def put_data(self, customer_id: UUID, data: CustomerData) -> bool:
        older = or_(customer.c.data_as_of.is_(None), customer.c.data_as_of < data.as_of)
        statement = (
            update(customer)
            .where(customer.c.id == customer_id, older)
            .values(data_as_of=data.as_of, data=data_to_json(data), asked_at=None)
        )
        return (await self._tx.execute(statement.returning(customer.c.id))).first() is not None

    async def waiting_since(self, customer_id: UUID) -> datetime | None:
        found: datetime | None = await self._tx.scalar(select(customer.c.asked_at).where(customer.c.id == customer_id))
        return found


def to_customer(row: Row[Any]) -> Customer:
    """A row that has the customer's columns."""
    return Customer(row.id, row.number, row.type, row.organisation_id)
