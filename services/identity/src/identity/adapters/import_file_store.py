"""Files of accounts in PostgreSQL, sealed."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from chassis.database import Transaction
from identity.adapters.import_tables import account_import
from identity.domain.stored_import import ImportPhase, StoredImport


class PostgresImportFileStore:
    """An ImportFileStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, stored: StoredImport) -> None:
        await self._tx.execute(insert(account_import).values(asdict(stored) | {"phase": stored.phase.value}))

    async def get(self, import_id: UUID) -> StoredImport | None:
        row = (await self._tx.execute(select(account_import).where(account_import.c.id == import_id))).first()
        if row is None:
            return None
        values = {column.name: getattr(row, column.name) for column in account_import.c}
        return StoredImport(**values | {"phase": ImportPhase(row.phase)})

    async def progress(self, import_id: UUID, done: int, report: Mapping[str, Any]) -> None:
        await self._change(import_id, done=done, report=report)

    async def begin_import(self, import_id: UUID, staff_id: UUID, *, notify: bool) -> bool:
        checked = (account_import.c.phase == ImportPhase.CHECKED.value) & (account_import.c.staff_id == staff_id)
        statement = (
            update(account_import)
            .where(account_import.c.id == import_id, checked)
            .values(phase=ImportPhase.IMPORTING.value, done=0, report={}, notify=notify)
            .returning(account_import.c.id)
        )
        return (await self._tx.execute(statement)).first() is not None

    async def finish(self, import_id: UUID, phase: ImportPhase) -> None:
        gone = {"sealed": None} if phase is ImportPhase.DONE else {}
        await self._change(import_id, phase=phase.value, **gone)

    async def delete_older(self, before: datetime) -> int:
        return (await self._tx.execute(delete(account_import).where(account_import.c.created_at < before))).rowcount

    async def _change(self, import_id: UUID, **values: Any) -> None:
        await self._tx.execute(update(account_import).where(account_import.c.id == import_id).values(values))
