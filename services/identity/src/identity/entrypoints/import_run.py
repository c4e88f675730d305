"""Runs an import over the lines of a file: a transaction for each batch, none while lines are waited for."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from chassis.database import Database
from identity.entrypoints.account_file import in_batches
from identity.usecases.import_accounts import (
    BY_SYSTEM,
    AccountImport,
    FileLine,
    ImportAuthor,
    ImportReport,
    ImportRules,
)
from identity.usecases.ports import RecordsOn
from identity.usecases.start_session import SessionRules


@dataclass(frozen=True, slots=True)
class Importer:
    """What the API, the page, the job and the command import with."""

    database: Database
    records: RecordsOn
    sessions: SessionRules
    rules: ImportRules
    key_id: str

    def begin(self, *, dry_run: bool, notify: bool = False, author: ImportAuthor = BY_SYSTEM) -> AccountImport:
        """A run over one file."""
        clock, new_id = self.sessions.clock, self.sessions.new_id
        return AccountImport(self.rules, clock, new_id, self.key_id, dry_run=dry_run, notify=notify, author=author)

    async def run(
        self,
        lines: AsyncIterator[FileLine],
        *,
        dry_run: bool,
        notify: bool = False,
        author: ImportAuthor = BY_SYSTEM,
    ) -> ImportReport:
        """Imports a whole file.

        Raises:
            DomainError: INVALID when the file as a whole is none.
        """
        imported = self.begin(dry_run=dry_run, notify=notify, author=author)
        async for batch in in_batches(lines):
            async with self.database.transaction() as tx:
                await imported.take(batch, self.records(tx))
        return imported.report
