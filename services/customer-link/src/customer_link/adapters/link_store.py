"""Links in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.data_json import data_from_json
from customer_link.adapters.tables import customer, link
from customer_link.domain.customer import Customer, Link, LinkedCustomer

_ACTIVE = link.c.ended_at.is_(None)


class PostgresLinks:
    """Passes the contract of Links; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def active_of_account(self, account_id: UUID) -> list[LinkedCustomer]:
        statement = (
            select(customer, link.c.created_at)
            .join(link, link.c.customer_id == customer.c.id)
            .where(link.c.account_id == account_id, _ACTIVE)
            .order_by(link.c.created_at, link.c.id)
        )
        return [_to_linked(row) for row in await self._tx.execute(statement)]

    async def active_one(self, account_id: UUID, customer_id: UUID) -> Link | None:
        mine = select(link).where(link.c.account_id == account_id, link.c.customer_id == customer_id, _ACTIVE)
        row = (await self._tx.execute(mine)).first()
        return _to_link(row) if row else None

    async def add(self, new: Link) -> bool:
        values = {
            "id": new.id,
            "account_id": new.account_id,
            "customer_id": new.customer_id,
            "type": new.type,
            "holder_slot": new.holder_slot,
            "type_slot": new.type_slot,
            "created_at": new.created_at,
        }
        # No index is named: whichever slot is taken, the link is not added.
        statement = insert(link).values(values).on_conflict_do_nothing().returning(link.c.id)
        return (await self._tx.execute(statement)).first() is not None

    async def taken(self, account_id: UUID, of: Customer) -> tuple[set[int], set[int]]:
        of_type = (link.c.account_id == account_id) & (link.c.type == of.type)
        near = select(link).where(_ACTIVE, or_(link.c.customer_id == of.id, of_type))
        rows = (await self._tx.execute(near)).all()
        holders = {row.holder_slot for row in rows if row.customer_id == of.id}
        return holders, {row.type_slot for row in rows if row.account_id == account_id and row.type == of.type}

    async def end(self, link_id: UUID, now: datetime) -> bool:
        statement = update(link).where(link.c.id == link_id, _ACTIVE).values(ended_at=now)
        return (await self._tx.execute(statement.returning(link.c.id))).first() is not None


def _to_link(row: Row[Any]) -> Link:
    return Link(row.id, row.account_id, row.customer_id, row.type, row.holder_slot, row.type_slot, row.created_at)


def _to_linked(row: Row[Any]) -> LinkedCustomer:
    return LinkedCustomer(
        customer=Customer(row.id, row.number, row.type, row.organisation_id),
        linked_at=row.created_at,
        asked_at=row.asked_at or row.created_at,
        data=None if row.data is None else data_from_json(row.data_as_of, row.data),
    )
