"""Named persons, and who belongs to whom, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, union, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.customer_store import CUSTOMER, customer_of
from customer_link.adapters.tables import contact, customer, invitation, link, organisation
from customer_link.domain.contact import Contact, email_key
from customer_link.domain.customer import Membership, Organisation
from customer_link.domain.invitation import InvitationState

IS_NAMED = contact.c.removed_at.is_(None)
_ACCEPTED = invitation.c.state == InvitationState.ACCEPTED.value
CONTACT = (
    contact.c.id,
    contact.c.organisation_id,
    contact.c.email,
    contact.c.display_name,
    contact.c.language,
    contact.c.account_id,
    IS_NAMED.label("active"),
)


class PostgresContacts:
    """See ports.Contacts."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, added: Contact) -> bool:
        statement = insert(contact).values(contact_row(added)).on_conflict_do_nothing().returning(contact.c.id)
        return (await self._tx.execute(statement)).first() is not None

    async def get(self, contact_id: UUID) -> Contact | None:
        return await self._one(contact.c.id == contact_id)

    async def find(self, organisation_id: UUID, email: str) -> Contact | None:
        named = (contact.c.organisation_id == organisation_id) & (contact.c.email_key == email_key(email)) & IS_NAMED
        return await self._one(named)

    async def without_account(self, limit: int) -> list[Contact]:
        bare = select(*CONTACT).where(contact.c.account_id.is_(None), IS_NAMED).order_by(contact.c.id).limit(limit)
        return [contact_of(row) for row in await self._tx.execute(bare)]

    async def give_account(self, contact_id: UUID, account_id: UUID) -> bool:
        bare = (contact.c.id == contact_id) & IS_NAMED & contact.c.account_id.is_distinct_from(account_id)
        return await self._changed(update(contact).where(bare).values(account_id=account_id))

    async def remove(self, contact_id: UUID, at: datetime) -> bool:
        there = (contact.c.id == contact_id) & IS_NAMED
        return await self._changed(update(contact).where(there).values(removed_at=at))

    async def of_account(self, account_id: UUID) -> list[Contact]:
        rows = await self._tx.execute(select(*CONTACT).where(contact.c.account_id == account_id, IS_NAMED))
        return [contact_of(row) for row in rows]

    async def _one(self, wanted: ColumnElement[bool]) -> Contact | None:
        row = (await self._tx.execute(select(*CONTACT).where(wanted))).first()
        return contact_of(row) if row else None

    async def _changed(self, statement: Any) -> bool:
        return (await self._tx.execute(statement.returning(contact.c.id))).first() is not None


class PostgresMemberships:
    """See ports.Memberships."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of(self, account_id: UUID) -> Membership:
        holds = (link.c.account_id == account_id) & link.c.ended_at.is_(None)
        statement = select(*CUSTOMER).join(link, link.c.customer_id == customer.c.id).where(holds)
        customers = tuple(customer_of(row) for row in await self._tx.execute(statement.order_by(customer.c.number)))
        held = select(customer.c.organisation_id).join(link, link.c.customer_id == customer.c.id).where(holds)
        named = select(contact.c.organisation_id).where(contact.c.account_id == account_id, IS_NAMED)
        invited = select(invitation.c.organisation_id).where(invitation.c.account_id == account_id, _ACCEPTED)
        # One union: with an OR the planner reads every organisation there is.
        mine = organisation.c.id.in_(union(held, named, invited))
        rows = await self._tx.execute(
            select(organisation.c.id, organisation.c.name).where(mine).order_by(organisation.c.name)
        )
        return Membership(tuple(Organisation(row.id, row.name) for row in rows), customers)

    async def members(self, organisation_id: UUID) -> list[UUID]:
        of_it = (customer.c.organisation_id == organisation_id) & link.c.ended_at.is_(None)
        holders = select(link.c.account_id).join(customer, customer.c.id == link.c.customer_id).where(of_it)
        named = (contact.c.organisation_id == organisation_id) & contact.c.account_id.is_not(None) & IS_NAMED
        invited = (invitation.c.organisation_id == organisation_id) & _ACCEPTED
        contacts = select(contact.c.account_id).where(named)
        rows = await self._tx.execute(union(holders, contacts, select(invitation.c.account_id).where(invited)))
        return sorted(row[0] for row in rows)


def contact_row(added: Contact) -> dict[str, Any]:
    """A new row of contact."""
    return {
        "id": added.id,
        "organisation_id": added.organisation_id,
        "email": added.email,
        "email_key": email_key(added.email),
        "display_name": added.display_name,
        "language": added.language,
        "account_id": added.account_id,
    }


def contact_of(row: Sequence[Any]) -> Contact:
    """A row of the columns CONTACT."""
    return Contact(*row)
