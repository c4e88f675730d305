"""What an import asks, in PostgreSQL: one statement for many lines."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Column, and_, not_, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from identity.adapters.import_tables import external_account
from identity.adapters.tables import account
from identity.domain.account import CLAIMING, AccountState
from identity.usecases.import_ports import Taken

_CLAIMING = account.c.state.in_([state.value for state in CLAIMING])
_GIVES_WAY = and_(account.c.state == AccountState.CLOSED.value, account.c.username_key == account.c.email_key)
"""A closed account gives up a name that is its address."""


class PostgresImportStore:
    """Passes the contract of ImportStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def taken(self, external_ids: Sequence[str], usernames: Sequence[str], emails: Sequence[str]) -> Taken:
        return Taken(
            await self._those(external_account.c.external_id, external_ids),
            await self._those(account.c.username_key, usernames, not_(_GIVES_WAY)),
            await self._those(account.c.email_key, emails, _CLAIMING),
        )

    async def link(self, external_id: str, account_id: UUID) -> bool:
        statement = insert(external_account).values(external_id=external_id, account_id=account_id)
        added = statement.on_conflict_do_nothing().returning(external_account.c.external_id)
        return (await self._tx.execute(added)).first() is not None

    async def _those(self, column: Column[str], values: Sequence[str], *limits: Any) -> frozenset[str]:
        return frozenset(await self._tx.scalars(select(column).where(column.in_(values), *limits)))
