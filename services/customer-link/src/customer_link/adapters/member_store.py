"""Members of organisations, in PostgreSQL."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.invitation_store import accepted_in
from customer_link.adapters.tables import administrator, contact, customer, link, organisation
from customer_link.domain.member import Holding, Member


class PostgresMembers:
    """See member_ports.Members."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def of(self, organisation_id: UUID) -> list[Member]:
        holdings = await self._holdings(organisation_id)
        contacts = await self._contacts(organisation_id)
        invited = {one.account_id: one for one in await accepted_in(self._tx, organisation_id) if one.account_id}
        named = await self._named(organisation_id)
        everybody = holdings.keys() | contacts | invited.keys()
        return [
            Member(one, tuple(holdings.get(one, ())), one in contacts, invited.get(one), one in named)
            for one in sorted(everybody, key=lambda one: (one not in holdings, one))
        ]

    async def hold_still(self, organisation_id: UUID) -> None:
        wanted = select(organisation.c.id).where(organisation.c.id == organisation_id)
        await self._tx.execute(wanted.with_for_update(key_share=True))

    async def name(self, organisation_id: UUID, account_id: UUID, by: UUID, at: datetime) -> None:
        values = {"organisation_id": organisation_id, "account_id": account_id, "named_by": by, "named_at": at}
        await self._tx.execute(insert(administrator).values(values).on_conflict_do_nothing())

    async def unname(self, organisation_id: UUID, account_id: UUID) -> None:
        one = (administrator.c.organisation_id == organisation_id) & (administrator.c.account_id == account_id)
        await self._tx.execute(delete(administrator).where(one))

    async def _named(self, organisation_id: UUID) -> set[UUID]:
        named = administrator.c.organisation_id == organisation_id
        return set(await self._tx.scalars(select(administrator.c.account_id).where(named)))

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
