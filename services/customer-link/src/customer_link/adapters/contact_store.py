"""Contact persons and who belongs to whom, in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, union, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.customer_store import to_customer
from customer_link.adapters.tables import contact, customer, link, organisation
from customer_link.domain.contact import Contact, email_key
from customer_link.domain.customer import Customer, Organisation

_THERE = contact.c.removed_at.is_(None)
_ACTIVE = link.c.ended_at.is_(None)


class PostgresContacts:
    """Passes the contract of Contacts; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, new: Contact) -> Contact:
        values = {
            "id": new.id,
            "organisation_id": new.organisation_id,
            "email": new.email,
            "email_key": email_key(new.email),
            "display_name": new.display_name,
            "language": new.language,
            "account_id": new.account_id,
        }
        statement = (
            insert(contact)
            .values(values)
            .on_conflict_do_update(
                index_elements=[contact.c.organisation_id, contact.c.email_key],
                index_where=_THERE,
                set_={"display_name": new.display_name, "language": new.language},
            )
            .returning(contact)
        )
        return _to_contact((await self._tx.execute(statement)).one())

    async def get(self, contact_id: UUID) -> Contact | None:
        return await self._first(select(contact).where(contact.c.id == contact_id, _THERE))

    async def find(self, organisation_id: UUID, email: str) -> Contact | None:
        here = contact.c.organisation_id == organisation_id
        return await self._first(select(contact).where(here, contact.c.email_key == email_key(email), _THERE))

    async def set_account(self, contact_id: UUID, account_id: UUID) -> bool:
        other = contact.c.account_id.is_distinct_from(account_id)
        statement = update(contact).where(contact.c.id == contact_id, _THERE, other).values(account_id=account_id)
        return (await self._tx.execute(statement.returning(contact.c.id))).first() is not None

    async def remove(self, contact_id: UUID, now: datetime) -> bool:
        statement = update(contact).where(contact.c.id == contact_id, _THERE).values(removed_at=now)
        return (await self._tx.execute(statement.returning(contact.c.id))).first() is not None

    async def _first(self, statement: Select[Any]) -> Contact | None:
        row = (await self._tx.execute(statement)).first()
        return _to_contact(row) if row else None


class PostgresMembers:
    """Passes the contract of Members; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def organisations_of(self, account_id: UUID) -> list[Organisation]:
        held = (
            select(customer.c.organisation_id)
            .join(link, link.c.customer_id == customer.c.id)
            .where(link.c.account_id == account_id, _ACTIVE)
        )
        named = select(contact.c.organisation_id).where(contact.c.account_id == account_id, _THERE)
        mine = select(organisation).where(organisation.c.id.in_(union(held, named))).order_by(organisation.c.name)
        return [Organisation(row.id, row.name) for row in await self._tx.execute(mine)]

    async def customers_of(self, account_id: UUID) -> list[Customer]:
        held = select(customer).join(link, link.c.customer_id == customer.c.id)
        mine = held.where(link.c.account_id == account_id, _ACTIVE).order_by(link.c.created_at, link.c.id)
        return [to_customer(row) for row in await self._tx.execute(mine)]

    async def of_organisation(self, organisation_id: UUID) -> list[UUID]:
        holders = (
            select(link.c.account_id)
            .join(customer, customer.c.id == link.c.customer_id)
            .where(customer.c.organisation_id == organisation_id, _ACTIVE)
        )
        named = select(contact.c.account_id).where(
            contact.c.organisation_id == organisation_id, _THERE, contact.c.account_id.is_not(None)
        )
        return list(await self._tx.scalars(union(holders, named)))


def _to_contact(row: Row[Any]) -> Contact:
    return Contact(row.id, row.organisation_id, row.email, row.display_name, row.language, row.account_id)
