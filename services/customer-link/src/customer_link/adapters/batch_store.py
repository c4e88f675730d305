"""Batches of codes in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Row,
    Select,
    Text,
    Uuid,
    bindparam,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from chassis.database import Transaction
from customer_link.adapters.code_store import IS_OPEN
from customer_link.adapters.tables import activation_code, code_batch, code_batch_line, customer, link
from customer_link.domain.code_batch import MOST_NUMBERS, CodeBatch, FaultyLine, LineFault, NewBatch, Source
from customer_link.domain.customer_number import number_key

_batch, _line = code_batch.c, code_batch_line.c
_ADD_NUMBERS = text(
    """
    INSERT INTO code_batch_line (batch_id, position, number, customer_id, fault)
    SELECT :batch_id, given.position, given.number, CASE WHEN given.nth = 1 THEN customer.id END,
           CASE WHEN given.nth > 1 THEN 'twice' WHEN customer.id IS NULL THEN 'unknown' END
    FROM (
        SELECT position, number, key, row_number() OVER (PARTITION BY key ORDER BY position) AS nth
        FROM unnest(:numbers, :keys) WITH ORDINALITY AS written (number, key, position)
    ) AS given
    LEFT JOIN customer ON customer.number_key = given.key
    """
).bindparams(bindparam("numbers", type_=ARRAY(Text)), bindparam("keys", type_=ARRAY(Text)))


class PostgresBatches:
    """See code_ports.CodeBatches."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, batch: NewBatch, numbers: Sequence[str]) -> None:
        await self._add(batch)
        keys = [number_key(number) for number in numbers]
        await self._tx.execute(_ADD_NUMBERS, {"batch_id": batch.id, "numbers": list(numbers), "keys": keys})

    async def add_type(self, batch: NewBatch, type_id: str, now: datetime) -> None:
        await self._add(batch)
        held = exists().where(link.c.customer_id == customer.c.id, link.c.ended_at.is_(None))
        row = activation_code.c
        in_force = exists().where(row.customer_id == customer.c.id, IS_OPEN, row.valid_until > now)
        wanted = (
            select(customer.c.id, customer.c.number, customer.c.number_key)
            .where(customer.c.type == type_id, ~held, ~in_force)
            .order_by(customer.c.number_key)
            .limit(MOST_NUMBERS)
            .subquery()
        )
        position = func.row_number().over(order_by=wanted.c.number_key)
        chosen = select(literal(batch.id, Uuid), position, wanted.c.number, wanted.c.id)
        columns = ["batch_id", "position", "number", "customer_id"]
        await self._tx.execute(insert(code_batch_line).from_select(columns, chosen))

    async def get(self, batch_id: UUID) -> CodeBatch | None:
        row = (await self._tx.execute(_counted().where(_batch.id == batch_id))).first()
        return _batch_of(row) if row else None

    async def recent(self, limit: int) -> list[CodeBatch]:
        rows = await self._tx.execute(_counted().order_by(_batch.created_at.desc(), _batch.id).limit(limit))
        return [_batch_of(row) for row in rows]

    async def faulty(self, batch_id: UUID, limit: int) -> list[FaultyLine]:
        wanted = (_line.batch_id == batch_id, _line.fault.is_not(None))
        statement = select(_line.position, _line.number, _line.fault).where(*wanted).order_by(_line.position)
        rows = await self._tx.execute(statement.limit(limit))
        return [FaultyLine(row.position, row.number, LineFault(row.fault)) for row in rows]

    async def waiting(self, batch_id: UUID, limit: int) -> list[tuple[int, UUID]]:
        wanted = (_line.batch_id == batch_id, _line.code_id.is_(None), _line.fault.is_(None))
        statement = select(_line.position, _line.customer_id).where(*wanted).order_by(_line.position).limit(limit)
        rows = await self._tx.execute(statement.with_for_update(skip_locked=True))
        return [(row.position, row.customer_id) for row in rows]

    async def note_code(self, batch_id: UUID, position: int, code_id: UUID) -> None:
        wanted = (_line.batch_id == batch_id) & (_line.position == position)
        await self._tx.execute(update(code_batch_line).where(wanted).values(code_id=code_id))

    async def finish(self, batch_id: UUID, at: datetime) -> None:
        wanted = (_batch.id == batch_id) & _batch.finished_at.is_(None)
        await self._tx.execute(update(code_batch).where(wanted).values(finished_at=at))

    async def codes(self, batch_id: UUID, after: int, limit: int) -> list[tuple[int, UUID]]:
        wanted = (_line.batch_id == batch_id, _line.code_id.is_not(None), _line.position > after)
        statement = select(_line.position, _line.code_id).where(*wanted).order_by(_line.position).limit(limit)
        return [(row.position, row.code_id) for row in await self._tx.execute(statement)]

    async def hand_over(self, batch_id: UUID, at: datetime) -> bool:
        wanted = (_batch.id == batch_id) & _batch.finished_at.is_not(None) & _batch.handed_over_at.is_(None)
        statement = update(code_batch).where(wanted).values(handed_over_at=at).returning(_batch.id)
        return (await self._tx.execute(statement)).first() is not None

    async def _add(self, batch: NewBatch) -> None:
        values = {
            "id": batch.id,
            "source": batch.source,
            "created_by": batch.created_by,
            "created_at": batch.created_at,
            "valid_until": batch.valid_until,
        }
        await self._tx.execute(insert(code_batch).values(values))


def _counted() -> Select[Any]:
    lines = (
        select(
            func.count().label("total"),
            func.count(_line.code_id).label("issued"),
            func.count(_line.fault).label("faulty"),
        )
        .where(_line.batch_id == _batch.id)
        .lateral()
    )
    columns = (_batch.id, _batch.source, _batch.created_by, _batch.created_at, _batch.valid_until)
    counts = (lines.c.total, lines.c.issued, lines.c.faulty)
    return (
        select(*columns, _batch.finished_at, _batch.handed_over_at, *counts)
        .select_from(code_batch)
        .join(lines, text("true"))
    )


def _batch_of(row: Row[Any]) -> CodeBatch:
    return CodeBatch(
        id=row.id,
        source=Source(row.source),
        created_by=row.created_by,
        created_at=row.created_at,
        valid_until=row.valid_until,
        finished_at=row.finished_at,
        handed_over_at=row.handed_over_at,
        total=row.total,
        issued=row.issued,
        faulty=row.faulty,
    )
