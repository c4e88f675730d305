"""Activation codes in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, insert, or_, select, update

from chassis.database import Transaction
from customer_link.adapters.tables import activation_code, customer
from customer_link.domain.code_state import ActivationCode, CodeState
from customer_link.domain.customer import Customer
from customer_link.usecases.ports import SealedCode

_OPEN = activation_code.c.state.in_([CodeState.ISSUED.value, CodeState.PRINTED.value])


class PostgresCodes:
    """Passes the contract of Codes; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, code: ActivationCode, secret: SealedCode) -> None:
        await self._tx.execute(
            update(activation_code)
            .where(activation_code.c.customer_id == code.customer_id, _OPEN)
            .values(state=CodeState.SUPERSEDED.value, superseded_at=code.issued_at)
        )
        values = {
            "id": code.id,
            "customer_id": code.customer_id,
            "state": code.state.value,
            "issued_at": code.issued_at,
            "valid_until": code.valid_until,
            "key_id": secret.key_id,
            "mac": secret.mac,
            "sealed": secret.sealed,
        }
        await self._tx.execute(insert(activation_code).values(values))

    async def lock_matching(self, number_key: str, macs: Sequence[tuple[str, bytes]]) -> ActivationCode | None:
        one_of = [and_(activation_code.c.key_id == key_id, activation_code.c.mac == mac) for key_id, mac in macs]
        statement = (
            select(activation_code)
            .join(customer, customer.c.id == activation_code.c.customer_id)
            .where(customer.c.number_key == number_key, or_(*one_of))
            .with_for_update(of=activation_code)
        )
        row = (await self._tx.execute(statement)).first()
        return to_code(row) if row else None

    async def use(self, code: ActivationCode, account_id: UUID, now: datetime) -> None:
        mine = activation_code.c.id == code.id
        await self._tx.execute(
            update(activation_code)
            .where(
                activation_code.c.customer_id == code.customer_id,
                or_(mine, _OPEN, activation_code.c.state == CodeState.SUPERSEDED.value),
            )
            .values(
                # The others of the number are taken back: a letter that is still on its way opens nothing any more.
                state=case((mine, CodeState.USED.value), else_=CodeState.WITHDRAWN.value),
                used_at=case((mine, now)),
                used_by=case((mine, account_id)),
                sealed=None,
            )
        )

    async def sealed(self) -> list[tuple[ActivationCode, Customer, SealedCode]]:
        with_owner = select(activation_code, customer.c.number, customer.c.type, customer.c.organisation_id)
        statement = with_owner.join(customer, customer.c.id == activation_code.c.customer_id)
        rows = await self._tx.execute(
            statement.where(activation_code.c.sealed.is_not(None)).order_by(customer.c.number_key)
        )
        return [
            (
                to_code(row),
                Customer(row.customer_id, row.number, row.type, row.organisation_id),
                SealedCode(row.key_id, row.mac, row.sealed),
            )
            for row in rows
        ]

    async def erase_sealed(self, issued_before: datetime) -> int:
        old = and_(activation_code.c.sealed.is_not(None), activation_code.c.issued_at < issued_before)
        return (await self._tx.execute(update(activation_code).where(old).values(sealed=None))).rowcount


def to_code(row: Row[Any]) -> ActivationCode:
    """A row of the code table."""
    return ActivationCode(
        row.id, row.customer_id, CodeState(row.state), row.issued_at, row.valid_until, row.superseded_at
    )
