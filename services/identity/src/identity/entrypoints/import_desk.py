"""Files of accounts that staff hand in: looked through and imported by a job, a transaction for each batch.

A job that is taken up again by another replica goes on after the last batch that was committed.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from chassis.database import Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.jobs import GiveUp, Periodic, enqueue
from identity.domain.history import ActorKind
from identity.domain.stored_import import IMPORT_KEPT, ImportPhase, StoredImport
from identity.entrypoints.account_file import csv_lines, in_batches
from identity.entrypoints.import_run import Importer
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.import_accounts import BadLine, ImportAuthor, ImportReport
from identity.usecases.import_ports import ImportFileStore

IMPORT_ACCOUNTS = "import_accounts"
SWEEP_IMPORTS = "sweep_imports"
SWEEPING = Periodic(SWEEP_IMPORTS, "23 * * * *")
_REASON = "import"
"""Why staff made the account; the history never names staff without a reason."""
_MOST_KEPT = 5000
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class ImportDesk:
    """What the page and the jobs need."""

    importer: Importer
    files: Callable[[Transaction], ImportFileStore]
    sealer: FactorKeys

    async def hand_in(self, staff_id: UUID, content: bytes) -> UUID:
        """Keeps a file and has it looked through.

        Raises:
            DomainError: INVALID when the file as a whole is none.
        """
        lines = [line async for line in csv_lines(_chunks(content))]
        import_id = self.importer.sessions.new_id()
        stored = StoredImport(
            id=import_id,
            staff_id=staff_id,
            created_at=self.importer.sessions.clock(),
            phase=ImportPhase.CHECKING,
            lines=len(lines),
            key_id=self.sealer.current,
            sealed=self.sealer.seal(content, import_id.bytes),
        )
        async with self.importer.database.transaction() as tx:
            await self.files(tx).add(stored)
            await _enqueue(tx, import_id)
        return import_id

    async def find(self, import_id: UUID, staff_id: UUID) -> StoredImport:
        """The file, for whom handed it in.

        Raises:
            DomainError: NOT_FOUND.
        """
        async with self.importer.database.transaction() as tx:
            stored = await self.files(tx).get(import_id)
        if stored is None or stored.staff_id != staff_id:
            raise DomainError(ErrorKind.NOT_FOUND, "import_unknown")
        return stored

    async def begin_import(self, import_id: UUID, staff_id: UUID, *, notify: bool) -> None:
        """Has the good lines imported; a second click finds it under way."""
        async with self.importer.database.transaction() as tx:
            if await self.files(tx).begin_import(import_id, staff_id, notify=notify):
                await _enqueue(tx, import_id)

    async def work(self, payload: Mapping[str, Any]) -> None:
        """The job: the phase that is due."""
        import_id = UUID(payload["import_id"])
        async with self.importer.database.transaction() as tx:
            stored = await self.files(tx).get(import_id)
        if stored is None or not stored.phase.under_way or stored.sealed is None:
            return
        content = self.sealer.unseal(stored.key_id, stored.sealed, import_id.bytes)
        if content is None:
            raise GiveUp("the key of the file is gone")
        await self._run(stored, content)

    async def sweep(self, _payload: Mapping[str, Any]) -> None:
        """Deletes files and reports of yesterday."""
        async with self.importer.database.transaction() as tx:
            await self.files(tx).delete_older(self.importer.sessions.clock() - IMPORT_KEPT)

    async def _run(self, stored: StoredImport, content: bytes) -> None:
        looking = stored.phase is ImportPhase.CHECKING
        run = self.importer.begin(
            dry_run=looking,
            notify=stored.notify,
            author=ImportAuthor(ActorKind.STAFF, stored.staff_id, _REASON),
        )
        done = 0
        async for batch in in_batches(csv_lines(_chunks(content))):
            done += len(batch)
            if done <= stored.done and not looking:
                continue
            if done - len(batch) == stored.done and not looking:
                run.report = report_of(stored.report)
            async with self.importer.database.transaction() as tx:
                await run.take(batch, self.importer.records(tx))
                await self.files(tx).progress(stored.id, done, _kept(run.report))
        async with self.importer.database.transaction() as tx:
            await self.files(tx).finish(stored.id, ImportPhase.CHECKED if looking else ImportPhase.DONE)


def report_of(kept: Mapping[str, Any]) -> ImportReport:
    """The report as it was kept."""
    return ImportReport(**{**kept, "bad": [BadLine(**bad) for bad in kept.get("bad", ())]})


def _kept(report: ImportReport) -> dict[str, Any]:
    return asdict(replace(report, bad=report.bad[:_MOST_KEPT]))


async def _enqueue(tx: Transaction, import_id: UUID) -> None:
    await enqueue(tx, IMPORT_ACCOUNTS, {"import_id": str(import_id)}, lock=IMPORT_ACCOUNTS)


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _CHUNK):
        yield content[start : start + _CHUNK]
