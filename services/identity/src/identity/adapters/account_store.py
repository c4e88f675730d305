"""Accounts in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, any_, case, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from chassis.database import Transaction
from identity.adapters.tables import account
from identity.domain.account import CLAIMING, Account, AccountState, given_up_name
from identity.domain.normal_form import normal_key
from identity.domain.profile import FIELDS

_CLAIMING = account.c.state.in_([state.value for state in CLAIMING])
_NEWEST = account.c.created_at.desc()
ACCOUNT = tuple(column for column in account.c if column.computed is None)
"""What an account is read from; what only searches need stays in the database."""


class PostgresAccountStore:
    """Passes the contract of AccountStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def get(self, account_id: UUID, *, lock: bool = False) -> Account | None:
        statement = select(*ACCOUNT).where(account.c.id == account_id)
        return await self._first(statement.with_for_update(key_share=True) if lock else statement)

    async def lock_staff(self, role: str) -> list[Account]:
        active = account.c.state == AccountState.ACTIVE.value
        statement = select(*ACCOUNT).where(func.cardinality(account.c.roles) > 0, any_(account.c.roles) == role, active)
        rows = await self._tx.execute(statement.order_by(account.c.id).with_for_update(key_share=True))
        return [to_account(row) for row in rows]

    async def set_unconfirmed_email(self, account_id: UUID, email: str) -> None:
        unconfirmed = account.c.state == AccountState.UNCONFIRMED.value
        statement = update(account).where(account.c.id == account_id, unconfirmed)
        await self._tx.execute(statement.values(email=email, email_key=normal_key(email)))

    async def get_many(self, account_ids: Sequence[UUID]) -> list[Account]:
        rows = await self._tx.execute(select(*ACCOUNT).where(account.c.id.in_(account_ids)))
        return [to_account(row) for row in rows]

    async def find_for_login(self, login: str) -> Account | None:
        by_name, by_mail = _by_name(login), and_(_by_mail(login), _CLAIMING)
        return await self._first(
            select(*ACCOUNT).where(or_(by_name, by_mail)).order_by(case((by_name, 0), else_=1)).limit(1)
        )

    async def find_for_reset(self, login: str) -> Account | None:
        by_name, by_mail = _by_name(login), and_(_by_mail(login), account.c.state != AccountState.CLOSED.value)
        rank = case((by_name, 0), (_CLAIMING, 1), else_=2)
        return await self._first(select(*ACCOUNT).where(or_(by_name, by_mail)).order_by(rank, _NEWEST).limit(1))

    async def find_claiming(self, email: str) -> Account | None:
        return await self._first(select(*ACCOUNT).where(_by_mail(email), _CLAIMING))

    async def add(self, new: Account) -> bool:
        added = await self._insert(new)
        if new.state not in CLAIMING or not await self._free_name(new.id, new.email):
            return added
        return added or await self._insert(new)

    async def save(self, changed: Account) -> bool:
        values = _values(changed)
        for fixed in ("id", "created_at", "username", "username_key", "email", "email_key"):
            del values[fixed]
        return await self._write(changed.id, values, changed.email if changed.state in CLAIMING else None)

    async def change_address(self, account_id: UUID, *, email: str, username: str) -> bool:
        values = {
            "email": email,
            "email_key": normal_key(email),
            "username": username,
            "username_key": normal_key(username),
        }
        return await self._write(account_id, values, email)

    async def delete_unconfirmed(self, account_id: UUID) -> bool:
        statement = delete(account).where(account.c.id == account_id, account.c.state == AccountState.UNCONFIRMED.value)
        return (await self._tx.execute(statement.returning(account.c.id))).first() is not None

    async def stale_registrations(self, before: datetime, limit: int) -> list[UUID]:
        statement = (
            select(account.c.id)
            .where(account.c.state == AccountState.UNCONFIRMED.value, account.c.created_at < before)
            .order_by(account.c.created_at)
            .limit(limit)
        )
        return list(await self._tx.scalars(statement))

    async def _insert(self, new: Account) -> bool:
        # No constraint is named: a taken name and a claimed address are both "not added".
        statement = insert(account).values(_values(new)).on_conflict_do_nothing().returning(account.c.id)
        return (await self._tx.execute(statement)).first() is not None

    async def _free_name(self, claimer_id: UUID, email: str) -> bool:
        closed = and_(account.c.state == AccountState.CLOSED.value, account.c.id != claimer_id)
        name = func.concat(given_up_name(""), account.c.id)
        statement = update(account).where(_by_name(email), closed).values(username=name, username_key=name)
        return (await self._tx.execute(statement)).rowcount > 0

    async def _write(self, account_id: UUID, values: dict[str, Any], claimed: str | None) -> bool:
        try:
            async with self._tx.begin_nested():
                if claimed:
                    await self._free_name(account_id, claimed)
                await self._tx.execute(update(account).where(account.c.id == account_id).values(values))
        except IntegrityError:
            return False
        return True

    async def _first(self, statement: Select[Any]) -> Account | None:
        row = (await self._tx.execute(statement)).first()
        return to_account(row) if row else None


def to_account(row: Row[Any]) -> Account:
    """A row of the account table."""
    return Account(
        id=row.id,
        username=row.username,
        email=row.email,
        display_name=row.display_name,
        **{name: getattr(row, name) for name in FIELDS},
        terms_version=row.terms_version,
        terms_accepted_at=row.terms_accepted_at,
        language=row.language,
        state=AccountState(row.state),
        roles=frozenset(row.roles),
        password_hash=row.password_hash,
        created_at=row.created_at,
    )


def _values(of: Account) -> dict[str, Any]:
    return {
        "id": of.id,
        "username": of.username,
        "username_key": normal_key(of.username),
        "email": of.email,
        "email_key": normal_key(of.email),
        "display_name": of.display_name,
        **{name: getattr(of, name) for name in FIELDS},
        "terms_version": of.terms_version,
        "terms_accepted_at": of.terms_accepted_at,
        "language": of.language,
        "state": of.state.value,
        "roles": sorted(of.roles),
        "password_hash": of.password_hash,
        "created_at": of.created_at,
    }


def _by_name(login: str) -> Any:
    return account.c.username_key == normal_key(login)


def _by_mail(email: str) -> Any:
    return account.c.email_key == normal_key(email)
