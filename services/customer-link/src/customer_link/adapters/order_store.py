"""Ordered letters in PostgreSQL. Every order takes the same statements, whether the number exists or not."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text, update

from chassis.database import Transaction
from customer_link.adapters.tables import code_order, customer, organisation
from customer_link.domain.code_order import ORDER_AGAIN_AFTER, CodeOrder, OpenOrder
from customer_link.domain.guesses import DAY

_row = code_order.c
_ORDER = (_row.id, _row.account_id, _row.number_key, _row.ordered_at, _row.due_at)
# The unique index on open orders lets one of two at once be the open one; the other one becomes void below.
_ADD = text(
    """
    WITH known AS (
        SELECT (SELECT id FROM customer WHERE number_key = :number_key) AS customer_id
    ), opened AS (
        INSERT INTO code_order (id, account_id, number_key, customer_id, ordered_at, due_at, state)
        SELECT :id, :account_id, :number_key, known.customer_id, :ordered_at, :due_at, 'open' FROM known
        WHERE known.customer_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM code_order earlier WHERE earlier.customer_id = known.customer_id
            AND earlier.state IN ('open', 'done') AND earlier.ordered_at > :again_before
        )
        ON CONFLICT DO NOTHING RETURNING id
    )
    INSERT INTO code_order (id, account_id, number_key, ordered_at, due_at, state)
    SELECT :id, :account_id, :number_key, :ordered_at, :due_at, 'void' WHERE NOT EXISTS (SELECT FROM opened)
    """
)


class PostgresOrders:
    """See code_ports.CodeOrders."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def today(self, account_id: UUID, now: datetime) -> int:
        await self._tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"order {account_id}", 0))))
        wanted = (_row.account_id == account_id, _row.ordered_at > now - DAY)
        return int(await self._tx.scalar(select(func.count()).select_from(code_order).where(*wanted)) or 0)

    async def add(self, order: CodeOrder) -> CodeOrder:
        again_before = order.ordered_at - ORDER_AGAIN_AFTER
        wanted = (_row.account_id == order.account_id, _row.number_key == order.number_key)
        earlier = select(*_ORDER).where(*wanted, _row.ordered_at > again_before).order_by(_row.ordered_at.desc())
        found = (await self._tx.execute(earlier.limit(1))).first()
        if found is not None:
            return CodeOrder(*found)
        values = {
            "id": order.id,
            "account_id": order.account_id,
            "number_key": order.number_key,
            "ordered_at": order.ordered_at,
            "due_at": order.due_at,
            "again_before": again_before,
        }
        await self._tx.execute(_ADD, values)
        return order

    async def mine(self, account_id: UUID, order_id: UUID) -> CodeOrder | None:
        wanted = (_row.id == order_id, _row.account_id == account_id)
        row = (await self._tx.execute(select(*_ORDER).where(*wanted))).first()
        return CodeOrder(*row) if row else None

    async def open(self, limit: int) -> list[OpenOrder]:
        statement = (
            select(customer.c.id, customer.c.number, organisation.c.name, _row.ordered_at, _row.due_at)
            .join(customer, customer.c.id == _row.customer_id)
            .join(organisation, organisation.c.id == customer.c.organisation_id)
            .where(_row.state == "open")
            .order_by(_row.ordered_at, customer.c.number_key)
            .limit(limit)
        )
        return [OpenOrder(*row) for row in await self._tx.execute(statement)]

    async def done(self, customer_ids: Sequence[UUID]) -> None:
        wanted = (_row.customer_id.in_(customer_ids)) & (_row.state == "open")
        await self._tx.execute(update(code_order).where(wanted).values(state="done"))

    async def forget(self, before: datetime) -> int:
        wanted = (_row.state != "open") & (_row.ordered_at < before)
        return (await self._tx.execute(delete(code_order).where(wanted))).rowcount
