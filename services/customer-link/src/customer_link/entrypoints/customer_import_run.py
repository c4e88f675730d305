"""Runs an import over the lines of a file: a transaction for each batch."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.import_customers import (
    BATCH,
    CustomerImport,
    CustomerImportRules,
    FileLine,
    ImportReport,
)


@dataclass(frozen=True, slots=True)
class CustomerImporter:
    """What the page and the command import with."""

    workplace: Workplace
    rules: CustomerImportRules

    async def run(self, lines: Iterable[FileLine], *, dry_run: bool) -> ImportReport:
        """Imports a whole file; a crash leaves whole batches, and the file can be sent again.

        Raises:
            DomainError: INVALID when the file as a whole is none.
        """
        run = CustomerImport(self.rules, dry_run)
        for batch in _in_batches(iter(lines)):
            async with self.workplace.open() as records:
                await run.take(batch, records)
        return run.report


def _in_batches(lines: Iterator[FileLine]) -> Iterator[list[FileLine]]:
    while batch := list(islice(lines, BATCH)):
        yield batch
