"""Who holds which number, in PostgreSQL; the partial unique indexes of the table decide (DESIGN 18)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.customer_store import CUSTOMER, customer_of
from customer_link.adapters.data_document import from_document
from customer_link.adapters.tables import customer, customer_data, link
from customer_link.domain.customer import Customer, HeldNumber, Link, LinkedCustomer

_ACTIVE = link.c.ended_at.is_(None)
_LINK = (
    link.c.id,
    link.c.account_id,
    link.c.customer_id,
    link.c.type,
    link.c.holder_slot,
    link.c.type_slot,
    link.c.created_at,
)


class PostgresLinks:
    """See ports.Links."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def active_of(self, account_id: UUID, customer_id: UUID) -> list[Link]:
        mine = or_(link.c.account_id == account_id, link.c.customer_id == customer_id)
        return [Link(*row) for row in await self._tx.execute(select(*_LINK).where(mine, _ACTIVE))]

    async def add(self, added: Link) -> bool:
        values = {
            "id": added.id,
            "account_id": added.account_id,
            "customer_id": added.customer_id,
            "type": added.type,
            "holder_slot": added.holder_slot,
            "type_slot": added.type_slot,
            "created_at": added.created_at,
        }
        statement = insert(link).values(values).on_conflict_do_nothing().returning(link.c.id)
        return (await self._tx.execute(statement)).first() is not None

    async def end(self, account_id: UUID, customer_id: UUID, at: datetime) -> Link | None:
        mine = (link.c.account_id == account_id) & (link.c.customer_id == customer_id) & _ACTIVE
        row = (await self._tx.execute(update(link).where(mine).values(ended_at=at).returning(*_LINK))).first()
        return Link(*row) if row else None

    async def holds(self, link_id: UUID) -> Customer | None:
        statement = select(*CUSTOMER).join(link, link.c.customer_id == customer.c.id)
        row = (await self._tx.execute(statement.where(link.c.id == link_id, _ACTIVE))).first()
        return customer_of(row) if row else None

    async def linked(self, account_id: UUID) -> list[LinkedCustomer]:
        statement = _linked(account_id).order_by(link.c.created_at, customer.c.number)
        return [_linked_of(row) for row in await self._tx.execute(statement)]

    async def linked_one(self, account_id: UUID, customer_id: UUID) -> LinkedCustomer | None:
        row = (await self._tx.execute(_linked(account_id).where(customer.c.id == customer_id))).first()
        return _linked_of(row) if row else None

    async def ever_held(self, account_id: UUID, limit: int) -> list[HeldNumber]:
        statement = (
            select(*CUSTOMER, link.c.created_at, link.c.ended_at)
            .join_from(link, customer, customer.c.id == link.c.customer_id)
            .where(link.c.account_id == account_id)
            .order_by(link.c.created_at.desc(), customer.c.number)
            .limit(limit)
        )
        return [HeldNumber(customer_of(row), row.created_at, row.ended_at) for row in await self._tx.execute(statement)]

    async def holders(self, number_key: str) -> list[UUID]:
        statement = select(link.c.account_id).join(customer, customer.c.id == link.c.customer_id)
        return list(await self._tx.scalars(statement.where(customer.c.number_key == number_key, _ACTIVE)))


def _linked(account_id: UUID) -> Select[Any]:
    # Who links a number that another one waited for before waits since the link.
    asked_at = func.greatest(customer.c.asked_at, link.c.created_at).label("asked_at")
    data = (customer_data.c.as_of, customer_data.c.document)
    joined = link.join(customer, customer.c.id == link.c.customer_id).outerjoin(
        customer_data, customer_data.c.customer_id == customer.c.id
    )
    return (
        select(*CUSTOMER, link.c.created_at, asked_at, *data)
        .select_from(joined)
        .where(link.c.account_id == account_id, _ACTIVE)
    )


def _linked_of(row: Row[Any]) -> LinkedCustomer:
    data = from_document(row.document, row.as_of) if row.document is not None else None
    return LinkedCustomer(customer_of(row), row.created_at, row.asked_at, data)
