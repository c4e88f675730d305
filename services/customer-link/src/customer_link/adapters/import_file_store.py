"""Files that staff handed in, and their lines, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, Select, cast, delete, exists, func, insert, select, true, update
from sqlalchemy.dialects.postgresql import JSONB

from chassis.database import Transaction
from customer_link.adapters.import_tables import customer_import, customer_import_part
from customer_link.domain.customer_import import CustomerImportFile, ImportKind, ImportPhase
from customer_link.usecases.import_lines import BadLine, FileLine

_file, _part = customer_import.c, customer_import_part.c
_HAS_LINES = exists().where(_part.import_id == _file.id)
_UNFINISHED = _file.phase != ImportPhase.DONE.value
_BEFORE_IMPORT = _file.phase.in_([ImportPhase.CHECKING.value, ImportPhase.CHECKED.value])
_COLUMNS = [each.name for each in fields(CustomerImportFile) if each.name != "has_lines"]


class PostgresImportFiles:
    """See import_ports.ImportFiles."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, file: CustomerImportFile) -> None:
        values = {name: getattr(file, name) for name in _COLUMNS}
        await self._tx.execute(insert(customer_import).values(values | {"phase": file.phase.value}))

    async def add_lines(self, import_id: UUID, position: int, lines: Sequence[FileLine]) -> None:
        values = {"import_id": import_id, "position": position, "lines": _rows(lines), "bad": []}
        await self._tx.execute(insert(customer_import_part).values(values))

    async def count(self, import_id: UUID, lines: int) -> None:
        await self._change(import_id, lines=lines)

    async def get(self, import_id: UUID) -> CustomerImportFile | None:
        return await self._one(_files().where(_file.id == import_id))

    async def lock(self, import_id: UUID) -> CustomerImportFile | None:
        return await self._one(_files().where(_file.id == import_id).with_for_update(of=customer_import))

    async def recent(self, limit: int) -> list[CustomerImportFile]:
        rows = await self._tx.execute(_files().order_by(_file.created_at.desc(), _file.id).limit(limit))
        return [_file_of(row) for row in rows.mappings()]

    async def lines(self, import_id: UUID, position: int) -> tuple[list[FileLine], list[BadLine]]:
        row = (await self._tx.execute(_parts(import_id).where(_part.position == position))).mappings().first()
        return (_lines_of(row), _bad_of(row)) if row else ([], [])

    async def first_bad(self, import_id: UUID, limit: int) -> list[BadLine]:
        elements = func.jsonb_array_elements(_part.bad).table_valued("value", with_ordinality="place")
        each = elements.render_derived(name="each")
        statement = select(cast(each.c.value, JSONB)).where(_part.import_id == import_id)
        ordered = statement.select_from(customer_import_part.join(each, true())).order_by(_part.position, each.c.place)
        return [BadLine(*one) for one in await self._tx.scalars(ordered.limit(limit))]

    async def bad_lines(self, import_id: UUID, after: int) -> tuple[int, list[FileLine], list[BadLine]] | None:
        statement = _parts(import_id).where(_part.position > after, _part.bad != []).order_by(_part.position).limit(1)
        row = (await self._tx.execute(statement)).mappings().first()
        return (row["position"], _lines_of(row), _bad_of(row)) if row else None

    async def note(self, import_id: UUID, position: int, bad: Sequence[BadLine]) -> None:
        await self._change_part(import_id, position, bad=_bad_rows(bad))

    async def keep_only_bad(self, import_id: UUID, position: int, bad: Sequence[BadLine]) -> None:
        numbers = {one.line for one in bad}
        lines, _ = await self.lines(import_id, position)
        left = _rows([one for one in lines if one.line in numbers])
        if left:
            await self._change_part(import_id, position, lines=left, bad=_bad_rows(bad))
        else:
            await self._tx.execute(delete(customer_import_part).where(_at(import_id, position)))

    async def progress(self, import_id: UUID, done: int, counts: Mapping[str, int]) -> None:
        await self._change(import_id, done=done, counts=dict(counts))

    async def begin_import(self, import_id: UUID, by: UUID) -> bool:
        checked = (_file.id == import_id) & (_file.phase == ImportPhase.CHECKED.value)
        found = select(_file.counts["refused"].as_integer()).where(checked).with_for_update()
        refused = (await self._tx.execute(found)).first()
        if refused is None:
            return False
        counts = {"refused": refused[0] or 0}
        await self._change(import_id, phase=ImportPhase.IMPORTING.value, done=0, counts=counts, imported_by=by)
        return True

    async def finish(self, import_id: UUID, phase: ImportPhase, at: datetime) -> bool:
        wanted = _file.id == import_id
        if phase is ImportPhase.DROPPED:
            wanted &= _BEFORE_IMPORT
        statement = update(customer_import).where(wanted).values(phase=phase.value, finished_at=at)
        changed = (await self._tx.execute(statement.returning(_file.id))).first() is not None
        if changed and phase is ImportPhase.DROPPED:
            await self._tx.execute(delete(customer_import_part).where(_part.import_id == import_id))
        return changed

    async def erase_lines(self, before: datetime) -> int:
        old = select(_file.id).where(_file.created_at < before, _HAS_LINES)
        ids = list(await self._tx.scalars(old.with_for_update()))
        dropped = update(customer_import).where(_file.id.in_(ids), _UNFINISHED)
        await self._tx.execute(dropped.values(phase=ImportPhase.DROPPED.value))
        await self._tx.execute(delete(customer_import_part).where(_part.import_id.in_(ids)))
        return len(ids)

    async def forget(self, before: datetime) -> int:
        return (await self._tx.execute(delete(customer_import).where(_file.created_at < before))).rowcount

    async def _one(self, statement: Select[Any]) -> CustomerImportFile | None:
        row = (await self._tx.execute(statement)).mappings().first()
        return _file_of(row) if row else None

    async def _change(self, import_id: UUID, **values: Any) -> None:
        await self._tx.execute(update(customer_import).where(_file.id == import_id).values(values))

    async def _change_part(self, import_id: UUID, position: int, **values: Any) -> None:
        await self._tx.execute(update(customer_import_part).where(_at(import_id, position)).values(values))


def _at(import_id: UUID, position: int) -> ColumnElement[bool]:
    return (_part.import_id == import_id) & (_part.position == position)


def _files() -> Select[Any]:
    return select(*(_file[name] for name in _COLUMNS), _HAS_LINES.label("has_lines"))


def _parts(import_id: UUID) -> Select[Any]:
    wanted = customer_import.join(customer_import_part, _part.import_id == _file.id)
    columns = (_part.position, _part.lines, _part.bad, _file["columns"])
    return select(*columns).select_from(wanted).where(_file.id == import_id)


def _file_of(row: RowMapping) -> CustomerImportFile:
    values = {name: row[name] for name in (*_COLUMNS, "has_lines")}
    return CustomerImportFile(**values | {"kind": ImportKind(row["kind"]), "phase": ImportPhase(row["phase"])})


def _rows(lines: Sequence[FileLine]) -> list[list[Any]]:
    return [[one.line, one.problem, list(one.cells)] for one in lines]


def _bad_rows(bad: Sequence[BadLine]) -> list[list[Any]]:
    return [[one.line, one.column, one.problem] for one in bad]


def _lines_of(row: RowMapping) -> list[FileLine]:
    head = row["columns"]
    return [
        FileLine(number, {} if problem else dict(zip(head, cells, strict=True)), problem, tuple(cells))
        for number, problem, cells in row["lines"]
    ]


def _bad_of(row: RowMapping) -> list[BadLine]:
    return [BadLine(*one) for one in row["bad"]]
