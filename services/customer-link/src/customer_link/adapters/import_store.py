"""What an import asks and changes, in PostgreSQL: one statement for many lines."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Update, case, delete, exists, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.contact_store import CONTACT, IS_NAMED, contact_of, contact_row
from customer_link.adapters.customer_store import CUSTOMER, customer_of, customer_row, organisation_row
from customer_link.adapters.data_document import from_document, to_document
from customer_link.adapters.tables import administrator, contact, customer, customer_data, link, organisation
from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_data import CustomerData

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('customer import', 0))")
_HELD = exists().where(link.c.customer_id == customer.c.id, link.c.ended_at.is_(None))


class PostgresCustomerImports:
    """See import_ports.CustomerImports."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def begin(self) -> None:
        await self._tx.execute(_LOCK)

    async def organisations(self, name_keys: Collection[str]) -> dict[str, list[UUID]]:
        statement = select(organisation.c.name_key, organisation.c.id).where(organisation.c.name_key.in_(name_keys))
        found: dict[str, list[UUID]] = defaultdict(list)
        for row in await self._tx.execute(statement):
            found[row.name_key].append(row.id)
        return found

    async def customers(self, number_keys: Collection[str]) -> dict[str, Customer]:
        statement = select(*CUSTOMER, customer.c.number_key).where(customer.c.number_key.in_(number_keys))
        return {row.number_key: customer_of(row) for row in await self._tx.execute(statement)}

    async def contacts(self, email_keys: Collection[str]) -> dict[tuple[UUID, str], UUID]:
        columns = (contact.c.organisation_id, contact.c.email_key, contact.c.id)
        rows = await self._tx.execute(select(*columns).where(contact.c.email_key.in_(email_keys), IS_NAMED))
        return {(row.organisation_id, row.email_key): row.id for row in rows}

    async def hold_still(self, customer_ids: Collection[UUID]) -> None:
        # In the order of the numbers, as others do it: two never wait in a ring.
        wanted = select(customer.c.id).where(customer.c.id.in_(customer_ids)).order_by(customer.c.number_key)
        await self._tx.execute(wanted.with_for_update(key_share=True))

    async def data(self, customer_ids: Collection[UUID]) -> dict[UUID, CustomerData]:
        row = customer_data.c
        wanted = select(row.customer_id, row.document, row.as_of).where(row.customer_id.in_(customer_ids))
        rows = await self._tx.execute(wanted)
        return {row.customer_id: from_document(row.document, row.as_of) for row in rows}

    async def add(self, organisations: Sequence[Organisation], customers: Sequence[Customer]) -> None:
        if organisations:
            await self._tx.execute(insert(organisation), [organisation_row(one) for one in organisations])
        if customers:
            await self._tx.execute(insert(customer).on_conflict_do_nothing(), [customer_row(one) for one in customers])

    async def name(self, contacts: Sequence[Contact]) -> set[UUID]:
        if not contacts:
            return set()
        statement = insert(contact).on_conflict_do_nothing().returning(contact.c.id)
        return set(await self._tx.scalars(statement, [contact_row(one) for one in contacts]))

    async def unname(self, contact_ids: Collection[UUID], at: datetime) -> list[Contact]:
        if not contact_ids:
            return []
        there = contact.c.id.in_(contact_ids) & IS_NAMED
        rows = await self._tx.execute(update(contact).where(there).values(removed_at=at).returning(*CONTACT))
        gone = [contact_of(row) for row in rows]
        pairs = [(one.organisation_id, one.account_id) for one in gone if one.account_id]
        if pairs:
            place = tuple_(administrator.c.organisation_id, administrator.c.account_id)
            await self._tx.execute(delete(administrator).where(place.in_(pairs)))
        return gone

    async def put_data(self, data: Mapping[UUID, CustomerData], *, at: datetime, refresh_at: datetime) -> set[UUID]:
        there = set(await self._tx.scalars(select(customer.c.id).where(customer.c.id.in_(data)))) if data else set()
        rows = [_data_row(customer_id, data[customer_id], at) for customer_id in sorted(there)]
        if not rows:
            return set()
        put = insert(customer_data)
        newest = put.on_conflict_do_update(
            index_elements=["customer_id"],
            set_={name: put.excluded[name] for name in ("as_of", "received_at", "document")},
            where=customer_data.c.as_of <= put.excluded.as_of,
        )
        changed = set(await self._tx.scalars(newest.returning(customer_data.c.customer_id), rows))
        await self._tx.execute(_rest(changed, refresh_at))
        return changed


def _rest(customer_ids: Collection[UUID], refresh_at: datetime) -> Update:
    """Leaves those alone that nobody asks for: a row that changes is entered into every index anew."""
    again_at = case((_HELD, refresh_at))
    waiting = (customer.c.asks != 0) | customer.c.next_ask_at.is_distinct_from(again_at)
    statement = update(customer).where(customer.c.id.in_(customer_ids), waiting)
    return statement.values(asked_at=None, asks=0, next_ask_at=again_at)


def _data_row(customer_id: UUID, data: CustomerData, at: datetime) -> dict[str, object]:
    return {"customer_id": customer_id, "as_of": data.as_of, "received_at": at, "document": to_document(data)}
