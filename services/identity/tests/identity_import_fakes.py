"""The fakes of what an import asks and keeps; they pass contract/test_import_store.py and test_import_file_store.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from identity.domain.account import CLAIMING, Account, AccountState
from identity.domain.normal_form import normal_key
from identity.domain.stored_import import ImportPhase, StoredImport
from identity.usecases.import_ports import Taken


class HasRows(Protocol):
    """The accounts in memory."""

    rows: dict[UUID, Account]


@dataclass
class FakeImportStore:
    accounts: HasRows
    external_ids: dict[str, UUID] = field(default_factory=dict)

    async def taken(self, external_ids: Sequence[str], usernames: Sequence[str], emails: Sequence[str]) -> Taken:
        rows = self.accounts.rows.values()
        names = {normal_key(row.username) for row in rows if not _gives_way(row)}
        mails = {normal_key(row.email) for row in rows if row.state in CLAIMING}
        return Taken(
            self.external_ids.keys() & set(external_ids), names.intersection(usernames), mails.intersection(emails)
        )

    async def link(self, external_id: str, account_id: UUID) -> bool:
        return self.external_ids.setdefault(external_id, account_id) == account_id


def _gives_way(row: Account) -> bool:
    return row.state is AccountState.CLOSED and normal_key(row.username) == normal_key(row.email)


@dataclass
class FakeImportFileStore:
    """An ImportFileStore; passes contract/test_import_file_store.py."""

    rows: dict[UUID, StoredImport] = field(default_factory=dict)

    async def add(self, stored: StoredImport) -> None:
        self.rows[stored.id] = stored

    async def get(self, import_id: UUID) -> StoredImport | None:
        return self.rows.get(import_id)

    async def progress(self, import_id: UUID, done: int, report: Mapping[str, Any]) -> None:
        self._change(import_id, done=done, report=report)

    async def begin_import(self, import_id: UUID, staff_id: UUID, *, notify: bool) -> bool:
        stored = self.rows.get(import_id)
        if stored is None or (stored.phase, stored.staff_id) != (ImportPhase.CHECKED, staff_id):
            return False
        self._change(import_id, phase=ImportPhase.IMPORTING, done=0, report={}, notify=notify)
        return True

    async def finish(self, import_id: UUID, phase: ImportPhase) -> None:
        gone = {"sealed": None} if phase is ImportPhase.DONE else {}
        self._change(import_id, phase=phase, **gone)

    async def delete_older(self, before: datetime) -> int:
        old = [import_id for import_id, stored in self.rows.items() if stored.created_at < before]
        for import_id in old:
            del self.rows[import_id]
        return len(old)

    def _change(self, import_id: UUID, **values: Any) -> None:
        if import_id in self.rows:
            self.rows[import_id] = replace(self.rows[import_id], **values)
