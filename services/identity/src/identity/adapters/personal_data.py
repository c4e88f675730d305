"""What identity holds about a person: the account and every row that bears its id, but no secret and no hash."""

from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Table, delete, select

from chassis.database import Transaction
from chassis.personal_data import Holdings
from identity.adapters.tables import account, metadata

_MOST = 1000
_SECRET = ("hash", "key", "key_id", "secret", "sealed", "token", "mac", "public_key")
_NOT_TOLD = frozenset({"account_id", "actor_id"})
"""The person's own id stands at the account; who of staff acted is another person's."""


class HeldByIdentity:
    """A PersonalData of the chassis. A new table with `account_id` takes part without being named here."""

    async def export(self, tx: Transaction, account_id: UUID) -> Holdings:
        """A section a table."""
        found = {"account": await _rows(tx, account, account.c.id == account_id)}
        for table in _tables():
            found[table.name] = await _rows(tx, table, table.c.account_id == account_id)
        return found

    async def erase(self, tx: Transaction, account_id: UUID) -> int:
        """The account and all that hangs on it; name and address are free again."""
        for table in _tables():
            await tx.execute(delete(table).where(table.c.account_id == account_id))
        return (await tx.execute(delete(account).where(account.c.id == account_id))).rowcount


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if "account_id" in table.c and table.name != "closing"]


async def _rows(tx: Transaction, table: Table, mine: Any) -> list[dict[str, object]]:
    told = [column for column in table.c if _told(column)]
    if not told:
        return []
    return [dict(row) for row in (await tx.execute(select(*told).where(mine).limit(_MOST))).mappings()]


def _told(column: Column[Any]) -> bool:
    words = column.name.rpartition("_")[2]
    secret = isinstance(column.type, LargeBinary) or column.name in _SECRET or words in _SECRET
    return not secret and column.name not in _NOT_TOLD
