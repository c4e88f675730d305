"""Members of organisations, in PostgreSQL."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from chassis.database import Transaction
from customer_link.adapters.tables import contact, customer, link
from customer_link.domain.member import Holding, Member


class PostgresMembers:
    """See member_ports.Members."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of(self, organisation_id: UUID) -> list[Member]:
        holdings = await self._holdings(organisation_id)
        contacts = await self._contacts(organisation_id)
        accounts = sorted(holdings.keys() | contacts, key=lambda one: (one not in holdings, one))
        return [Member(one, tuple(holdings.get(one, ())), one in contacts) for one in accounts]

    async def _holdings(self, organisation_id: UUID) -> dict[UUID, list[Holding]]:
        statement = (
            select(link.c.account_id, customer.c.id, customer.c.number, link.c.created_at)
            .join(customer, customer.c.id == link.c.customer_id)
            .where(customer.c.organisation_id == organisation_id, link.c.ended_at.is_(None))
            .order_by(link.c.created_at, customer.c.number_key)
        )
        found: dict[UUID, list[Holding]] = defaultdict(list)
        for account_id, *held in await self._tx.execute(statement):
            found[account_id].append(Holding(*held))
        return found

    async def _contacts(self, organisation_id: UUID) -> set[UUID]:
        named = (contact.c.organisation_id == organisation_id) & contact.c.removed_at.is_(None)
        statement = select(contact.c.account_id).where(named, contact.c.account_id.is_not(None))
        return set(await self._tx.scalars(statement))
