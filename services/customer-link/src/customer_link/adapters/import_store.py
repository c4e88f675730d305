"""What an import asks, in PostgreSQL: one statement for many lines."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.contact_store import IS_NAMED
from customer_link.adapters.customer_store import CUSTOMER, customer_of, customer_row, organisation_row
from customer_link.adapters.tables import contact, customer, organisation
from customer_link.domain.customer import Customer, Organisation

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('customer import', 0))")


class PostgresCustomerImports:
    """See import_customers.CustomerImports."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def begin(self) -> None:
        await self._tx.execute(_LOCK)

    async def add(self, organisations: Sequence[Organisation], customers: Sequence[Customer]) -> None:
        if organisations:
            await self._tx.execute(insert(organisation), [organisation_row(one) for one in organisations])
        if customers:
            await self._tx.execute(insert(customer).on_conflict_do_nothing(), [customer_row(one) for one in customers])

    async def organisations(self, name_keys: Collection[str]) -> dict[str, list[UUID]]:
        statement = select(organisation.c.name_key, organisation.c.id).where(organisation.c.name_key.in_(name_keys))
        found: dict[str, list[UUID]] = defaultdict(list)
        for row in await self._tx.execute(statement):
            found[row.name_key].append(row.id)
        return found

    async def customers(self, number_keys: Collection[str]) -> dict[str, Customer]:
        statement = select(*CUSTOMER, customer.c.number_key).where(customer.c.number_key.in_(number_keys))
        return {row.number_key: customer_of(row) for row in await self._tx.execute(statement)}

    async def contacts(self, email_keys: Collection[str]) -> set[tuple[UUID, str]]:
        columns = (contact.c.organisation_id, contact.c.email_key)
        rows = await self._tx.execute(select(*columns).where(contact.c.email_key.in_(email_keys), IS_NAMED))
        return {(row.organisation_id, row.email_key) for row in rows}
