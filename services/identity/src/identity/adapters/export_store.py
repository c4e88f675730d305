"""Exports in PostgreSQL, sealed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from chassis.database import Transaction
from identity.adapters.tables import personal_export, personal_export_part
from identity.domain.personal_export import PersonalExport, SealedFile

_COLLECTED = (
    select(func.count())
    .where(personal_export_part.c.export_id == personal_export.c.id)
    .scalar_subquery()
    .label("collected")
)
_COLUMNS = [column for column in personal_export.c if column.name not in {"key_id", "sealed"}]


class PostgresExportStore:
    """Passes the contract of ExportStore; bound to one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def begin(self, export: PersonalExport) -> bool:
        finished = (personal_export.c.account_id == export.account_id) & personal_export.c.ready_at.is_not(None)
        await self._tx.execute(delete(personal_export).where(finished))
        values = {name: getattr(export, name) for name in ("id", "account_id", "asked_at", "expires_at")}
        statement = upsert(personal_export).values(values).on_conflict_do_nothing().returning(personal_export.c.id)
        return (await self._tx.execute(statement)).first() is not None

    async def find(self, export_id: UUID) -> PersonalExport | None:
        return await self._first(select(*_COLUMNS, _COLLECTED).where(personal_export.c.id == export_id))

    async def of_account(self, account_id: UUID) -> PersonalExport | None:
        return await self._first(select(*_COLUMNS, _COLLECTED).where(personal_export.c.account_id == account_id))

    async def add_part(self, export_id: UUID, source: str, part: SealedFile) -> None:
        # Selected, not given: an export that was swept meanwhile takes no part, and that is no error.
        there = select(personal_export.c.id, literal(source), literal(part.key_id), literal(part.sealed)).where(
            personal_export.c.id == export_id
        )
        statement = upsert(personal_export_part).from_select(["export_id", "source", "key_id", "sealed"], there)
        await self._tx.execute(statement.on_conflict_do_nothing())

    async def parts(self, export_id: UUID) -> Mapping[str, SealedFile]:
        query = select(personal_export_part).where(personal_export_part.c.export_id == export_id)
        return {row.source: SealedFile(row.key_id, row.sealed) for row in await self._tx.execute(query)}

    async def finish(self, export_id: UUID, at: datetime, file: SealedFile, size: int) -> bool:
        statement = (
            update(personal_export)
            .where(personal_export.c.id == export_id, personal_export.c.ready_at.is_(None))
            .values(ready_at=at, key_id=file.key_id, sealed=file.sealed, size=size)
        )
        finished = (await self._tx.execute(statement)).rowcount == 1
        await self._tx.execute(delete(personal_export_part).where(personal_export_part.c.export_id == export_id))
        return finished

    async def file(self, account_id: UUID) -> SealedFile | None:
        query = select(personal_export.c.key_id, personal_export.c.sealed)
        mine = (personal_export.c.account_id == account_id) & personal_export.c.ready_at.is_not(None)
        row = (await self._tx.execute(query.where(mine))).first()
        return SealedFile(row.key_id, row.sealed) if row else None

    async def delete_expired(self, now: datetime) -> int:
        return (await self._tx.execute(delete(personal_export).where(personal_export.c.expires_at <= now))).rowcount

    async def _first(self, query: Select[Any]) -> PersonalExport | None:
        row = (await self._tx.execute(query)).first()
        return _to_export(row) if row else None


def _to_export(row: Row[Any]) -> PersonalExport:
    return PersonalExport(**row._mapping)  # noqa: SLF001 - its documented name
