"""The customers that staff search and look at, in PostgreSQL without an extension."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Uuid,
    delete,
    exists,
    insert,
    literal,
    select,
)

from chassis.database import Transaction
from customer_link.adapters.contact_store import CONTACT, IS_NAMED, contact_of
from customer_link.adapters.customer_store import CUSTOMER, customer_of
from customer_link.adapters.data_document import from_document
from customer_link.adapters.directory_statements import statements
from customer_link.adapters.tables import contact, customer, customer_data, customer_look, link, organisation
from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_number import number_key
from customer_link.domain.customer_search import CustomerQuery
from customer_link.domain.customer_view import (
    LOOK_AGAIN_AFTER,
    MOST_SHOWN,
    CustomerPage,
    CustomerRow,
    CustomerView,
    Holder,
    Look,
)

_LOOKS_SHOWN = 5
_OWNED = customer.join(organisation, organisation.c.id == customer.c.organisation_id)
_WITH_DATA = _OWNED.outerjoin(customer_data, customer_data.c.customer_id == customer.c.id)


class PostgresCustomerDirectory:
    """See directory_ports.CustomerDirectory."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(self, query: CustomerQuery) -> CustomerPage:
        rows: tuple[CustomerRow, ...] = ()
        for statement in statements(query):
            found = await self._tx.execute(statement)
            rows = tuple(CustomerRow(customer_of(row), row.name, row.place or "", row.held) for row in found)
            if len(rows) > query.size:
                break
        shown = rows[: query.size]
        return CustomerPage(shown, number_key(shown[-1].customer.number) if len(rows) > query.size else "")

    async def view(self, customer_id: UUID) -> CustomerView | None:
        data = (customer_data.c.as_of, customer_data.c.document)
        asked = (customer.c.asked_at, organisation.c.name, *data)
        statement = select(*CUSTOMER, *asked).select_from(_WITH_DATA).where(customer.c.id == customer_id)
        row = (await self._tx.execute(statement)).first()
        return await self._view(row) if row else None

    async def contact(self, customer_id: UUID, contact_id: UUID) -> Contact | None:
        statement = select(*CONTACT).join(customer, customer.c.organisation_id == contact.c.organisation_id)
        wanted = (customer.c.id == customer_id, contact.c.id == contact_id, IS_NAMED)
        row = (await self._tx.execute(statement.where(*wanted))).first()
        return contact_of(row) if row else None

    async def note_look(self, customer_id: UUID, staff_id: UUID, at: datetime) -> None:
        mine = (customer_look.c.customer_id == customer_id) & (customer_look.c.staff_id == staff_id)
        lately = exists().where(mine, customer_look.c.looked_at > at - LOOK_AGAIN_AFTER)
        values = (literal(customer_id, Uuid), literal(staff_id, Uuid), literal(at, DateTime(timezone=True)))
        columns = ["customer_id", "staff_id", "looked_at"]
        await self._tx.execute(insert(customer_look).from_select(columns, select(*values).where(~lately)))

    async def forget_looks(self, before: datetime) -> int:
        return (await self._tx.execute(delete(customer_look).where(customer_look.c.looked_at < before))).rowcount

    async def _view(self, row: Any) -> CustomerView:
        found = customer_of(row)
        return CustomerView(
            customer=found,
            organisation=Organisation(found.organisation_id, row.name),
            asked_at=row.asked_at,
            data=from_document(row.document, row.as_of) if row.document is not None else None,
            holders=await self._holders(found.id),
            contacts=await self._contacts(found.organisation_id),
            siblings=await self._siblings(found),
            looks=await self._looks(found.id),
        )

    async def _holders(self, customer_id: UUID) -> list[Holder]:
        columns = (link.c.account_id, link.c.created_at, link.c.ended_at)
        statement = select(*columns).where(link.c.customer_id == customer_id).limit(MOST_SHOWN)
        newest = statement.order_by(link.c.ended_at.desc().nulls_first(), link.c.created_at.desc())
        return [Holder(*row) for row in await self._tx.execute(newest)]

    async def _contacts(self, organisation_id: UUID) -> list[Contact]:
        statement = select(*CONTACT).where(contact.c.organisation_id == organisation_id, IS_NAMED)
        ordered = statement.order_by(contact.c.email_key).limit(MOST_SHOWN)
        return [contact_of(row) for row in await self._tx.execute(ordered)]

    async def _siblings(self, of: Customer) -> list[Customer]:
        others = (customer.c.organisation_id == of.organisation_id, customer.c.id != of.id)
        statement = select(*CUSTOMER).where(*others).order_by(customer.c.number_key).limit(MOST_SHOWN)
        return [customer_of(row) for row in await self._tx.execute(statement)]

    async def _looks(self, customer_id: UUID) -> list[Look]:
        statement = select(customer_look.c.staff_id, customer_look.c.looked_at)
        of_it = statement.where(customer_look.c.customer_id == customer_id)
        rows = await self._tx.execute(of_it.order_by(customer_look.c.looked_at.desc()).limit(_LOOKS_SHOWN))
        return [Look(*row) for row in rows]
