"""Activation codes in PostgreSQL, never in the clear."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.customer_store import CUSTOMER, customer_of
from customer_link.adapters.tables import activation_code, customer
from customer_link.domain.code_state import OPEN, ActivationCode, CodeState, Reason
from customer_link.domain.customer import Customer
from customer_link.usecases.ports import KeptCode

_row = activation_code.c
CODE = (
    _row.id,
    _row.customer_id,
    _row.state,
    _row.issued_at,
    _row.valid_until,
    _row.superseded_at,
    _row.used_at,
    _row.issued_by,
)
IS_OPEN = _row.state.in_(sorted(OPEN))


def code_of(row: Sequence[Any]) -> ActivationCode:
    """A row that begins with the columns CODE."""
    return ActivationCode(row[0], row[1], CodeState(row[2]), row[3], row[4], row[5], row[6], row[7])


class PostgresCodes:
    """See ports.Codes."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def match(self, macs: Sequence[bytes], number_key: str) -> tuple[ActivationCode, Customer] | None:
        statement = (
            select(*CUSTOMER, *(column.label(f"code_{column.name}") for column in CODE))
            .join(activation_code, _row.customer_id == customer.c.id)
            .where(_row.mac.in_(macs), customer.c.number_key == number_key)
            # First the number, then its codes, as whoever issues does: nobody waits in a circle.
            .with_for_update(of=[customer, activation_code], key_share=True)
        )
        found = (await self._tx.execute(statement)).first()
        return (code_of(found[len(CUSTOMER) :]), customer_of(found)) if found else None

    async def add(self, code: ActivationCode, kept: KeptCode) -> bool:
        values = {
            "id": code.id,
            "customer_id": code.customer_id,
            "state": code.state,
            "key_id": kept.key_id,
            "mac": kept.mac,
            "sealed": kept.sealed,
            "issued_at": code.issued_at,
            "valid_until": code.valid_until,
            "issued_by": code.issued_by,
        }
        statement = insert(activation_code).values(values).on_conflict_do_nothing(index_elements=["id"])
        return (await self._tx.execute(statement.returning(_row.id))).first() is not None

    async def supersede(self, customer_id: UUID, at: datetime) -> None:
        number = select(customer.c.id).where(customer.c.id == customer_id).with_for_update(key_share=True)
        await self._tx.execute(number)
        values = {"state": CodeState.SUPERSEDED, "superseded_at": at, "sealed": None}
        await self._tx.execute(update(activation_code).where(_row.customer_id == customer_id, IS_OPEN).values(values))

    async def use(self, code: ActivationCode, account_id: UUID, at: datetime) -> None:
        used = {"state": CodeState.USED, "used_at": at, "used_by": account_id, "sealed": None}
        await self._tx.execute(update(activation_code).where(_row.id == code.id).values(used))
        replaced = {"state": CodeState.WITHDRAWN, "withdrawn_at": at, "withdrawal": Reason.REPLACED}
        older = (_row.customer_id == code.customer_id) & (_row.state == CodeState.SUPERSEDED)
        await self._tx.execute(update(activation_code).where(older).values(replaced))

    async def sealed(self, code_id: UUID) -> tuple[ActivationCode, KeptCode] | None:
        statement = select(*CODE, _row.key_id, _row.mac, _row.sealed).where(
            _row.id == code_id, _row.sealed.is_not(None)
        )
        found = (await self._tx.execute(statement)).first()
        return (code_of(found), KeptCode(found.key_id, found.mac, found.sealed)) if found else None

    async def erase_sealed(self, issued_before: datetime, now: datetime) -> int:
        done = or_(_row.issued_at <= issued_before, _row.valid_until <= now)
        statement = update(activation_code).where(_row.sealed.is_not(None), done).values(sealed=None)
        return (await self._tx.execute(statement)).rowcount
