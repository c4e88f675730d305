"""Codes as staff see them, in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_, update

from chassis.database import Transaction
from customer_link.adapters.code_store import CODE, IS_OPEN, code_of
from customer_link.adapters.customer_store import CUSTOMER, customer_of
from customer_link.adapters.tables import activation_code, code_failure, customer, customer_data, organisation
from customer_link.domain.code_listing import FIGURES_OF, CodeEntry, CodeFigures, CodePage, CodeQuery, CodeTrail
from customer_link.domain.code_state import WITHDRAWABLE, ActivationCode, CodeState, Handover, Reason, Standing
from customer_link.domain.guesses import DAY
from customer_link.usecases.code_ports import SealedCode
from customer_link.usecases.ports import KeptCode

_row = activation_code.c
_TRAIL = (_row.printed_at, _row.handed_over_at, _row.handover, _row.withdrawn_at, _row.withdrawal)
_OWNED = (
    *CODE,
    *(column.label(f"customer_{column.name}") for column in CUSTOMER),
    organisation.c.name.label("organisation_name"),
)
_FROM = activation_code.join(customer, customer.c.id == _row.customer_id).join(
    organisation, organisation.c.id == customer.c.organisation_id
)


class PostgresCodeRegister:
    """See code_ports.CodeRegister."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def page(self, query: CodeQuery, now: datetime) -> CodePage:
        at = _row.valid_until if query.standing is Standing.EXPIRED else _row.issued_at
        statement = _entries().order_by(at.desc(), _row.id.desc()).limit(query.size + 1)
        if query.standing is not None:
            statement = statement.where(*_stands(query.standing, now))
        if query.number_key:
            statement = statement.where(customer.c.number_key.startswith(query.number_key, autoescape=True))
        if query.below is not None:
            statement = statement.where(tuple_(at, _row.id) < (query.below.at, query.below.id))
        rows = tuple(_entry_of(row) for row in await self._tx.execute(statement))
        shown = rows[: query.size]
        return CodePage(shown, shown[-1].place(query.standing) if len(rows) > query.size else None)

    async def get(self, code_id: UUID) -> CodeEntry | None:
        row = (await self._tx.execute(_entries().where(_row.id == code_id))).first()
        return _entry_of(row) if row else None

    async def figures(self, now: datetime) -> CodeFigures:
        since = now - FIGURES_OF
        counts = [
            _count(_row.issued_at > since),
            _count(_row.used_at > since),
            _count(IS_OPEN, _row.valid_until > since, _row.valid_until <= now),
            select(func.count()).where(code_failure.c.failed_at > now - DAY).scalar_subquery(),
        ]
        return CodeFigures(*(await self._tx.execute(select(*counts))).one())

    async def sealed(self, code_ids: Sequence[UUID]) -> list[SealedCode]:
        kept = (_row.key_id, _row.mac, _row.sealed, customer_data.c.document)
        statement: Select[Any] = (
            select(*_OWNED, *kept)
            .select_from(_FROM.outerjoin(customer_data, customer_data.c.customer_id == customer.c.id))
            .where(_row.id.in_(code_ids), _row.sealed.is_not(None), IS_OPEN)
            .order_by(customer.c.number_key)
        )
        return [_sealed_of(row) for row in await self._tx.execute(statement)]

    async def mark_printed(self, code_ids: Sequence[UUID], at: datetime) -> int:
        values = {"state": CodeState.PRINTED, "printed_at": at}
        wanted = (_row.id.in_(code_ids), _row.state == CodeState.ISSUED)
        return (await self._tx.execute(update(activation_code).where(*wanted).values(values))).rowcount

    async def hand_over(self, code_ids: Sequence[UUID], how: Handover, by: UUID, at: datetime) -> int:
        values = {"handed_over_at": at, "handed_over_by": by, "handover": how, "sealed": None}
        wanted = (_row.id.in_(code_ids), IS_OPEN, _row.handed_over_at.is_(None))
        return (await self._tx.execute(update(activation_code).where(*wanted).values(values))).rowcount

    async def withdraw(self, code_id: UUID, reason: Reason, by: UUID, at: datetime) -> ActivationCode | None:
        values = {
            "state": CodeState.WITHDRAWN,
            "withdrawn_at": at,
            "withdrawn_by": by,
            "withdrawal": reason,
            "sealed": None,
        }
        wanted = (_row.id == code_id, _row.state.in_(sorted(WITHDRAWABLE)))
        row = (await self._tx.execute(update(activation_code).where(*wanted).values(values).returning(*CODE))).first()
        return code_of(row) if row else None


def _entries() -> Select[Any]:
    return select(*_OWNED, *_TRAIL, _row.sealed.is_not(None).label("readable")).select_from(_FROM)


def _stands(standing: Standing, now: datetime) -> Sequence[ColumnElement[bool]]:
    if standing is Standing.EXPIRED:
        return IS_OPEN, _row.valid_until <= now
    if standing in {Standing.ISSUED, Standing.PRINTED}:
        return _row.state == standing, _row.valid_until > now
    return (_row.state == standing,)


def _count(*wanted: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(activation_code).where(*wanted).scalar_subquery()


def _entry_of(row: Row[Any]) -> CodeEntry:
    owner = customer_of(row[len(CODE) :])
    trail = CodeTrail(
        printed_at=row.printed_at,
        handed_over_at=row.handed_over_at,
        handover=Handover(row.handover) if row.handover else None,
        withdrawn_at=row.withdrawn_at,
        reason=Reason(row.withdrawal) if row.withdrawal else None,
        sealed=row.readable,
    )
    return CodeEntry(code_of(row), owner, row.organisation_name, trail)


def _sealed_of(row: Row[Any]) -> SealedCode:
    document = row.document or {}
    return SealedCode(
        code=code_of(row),
        customer=customer_of(row[len(CODE) :]),
        organisation=row.organisation_name,
        name=document.get("name", ""),
        address_lines=tuple(document.get("address", ())),
        kept=KeptCode(row.key_id, row.mac, row.sealed),
    )
