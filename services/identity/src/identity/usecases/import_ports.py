"""What an import of accounts needs from the outer world."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from identity.domain.stored_import import ImportPhase, StoredImport


@dataclass(frozen=True, slots=True)
class Taken:
    """Which external ids, user names and claimed addresses are there already; the latter two in normal form."""

    external_ids: Collection[str] = ()
    usernames: Collection[str] = ()
    emails: Collection[str] = ()


class ImportStore(Protocol):
    """What an import asks of the accounts, for many lines at once."""

    async def taken(self, external_ids: Sequence[str], usernames: Sequence[str], emails: Sequence[str]) -> Taken:
        """Those that are taken; names and addresses come in normal form.

        A closed account gives up a name that is its address, so such a name is free.
        """

    async def link(self, external_id: str, account_id: UUID) -> bool:
        """Remembers under which id the older system knows an account; False when the id is another's."""


class ImportFileStore(Protocol):
    """Files that staff handed in."""

    async def add(self, stored: StoredImport) -> None:
        """Keeps a new one."""

    async def get(self, import_id: UUID) -> StoredImport | None:
        """The file of this id; pages show it to whom it belongs."""

    async def progress(self, import_id: UUID, done: int, report: Mapping[str, Any]) -> None:
        """Notes how far the present phase is."""

    async def begin_import(self, import_id: UUID, staff_id: UUID, *, notify: bool) -> bool:
        """From checked to importing; of two clicks at once, one gets True."""

    async def finish(self, import_id: UUID, phase: ImportPhase) -> None:
        """Ends a phase; with the last one the content goes."""

    async def delete_older(self, before: datetime) -> int:
        """Deletes those handed in before that time; returns how many."""
