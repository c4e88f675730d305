"""Files that staff hand in: kept, looked through, imported; a transaction for each part (STEPS S6).

The looking through begins anew when its replica dies. The import goes on after the last part that was committed, and
leaves out the lines in which the looking through found something wrong.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from customer_link.domain.customer_import import (
    CONTENT_KEPT,
    IMPORTS_KEPT,
    CustomerImportFile,
    ImportKind,
    ImportPhase,
)
from customer_link.usecases.import_business import CONTRACT_COLUMNS, INVOICE_COLUMNS, BusinessImport
from customer_link.usecases.import_customer_row import COLUMNS
from customer_link.usecases.import_customers import CustomerImport
from customer_link.usecases.import_lines import (
    BATCH,
    CustomerImportRules,
    FileLine,
    Import,
    ImportReport,
    in_order,
)
from customer_link.usecases.ports import Clock, Records
from customer_link.usecases.provide_account import Transactions

COLUMNS_OF: Mapping[ImportKind, Sequence[str]] = {
    ImportKind.CUSTOMERS: COLUMNS,
    ImportKind.CONTRACTS: CONTRACT_COLUMNS,
    ImportKind.INVOICES: INVOICE_COLUMNS,
}
"""Columns of each kind of file, in the order of its empty template."""


def begin_run(kind: ImportKind, rules: CustomerImportRules, as_of: datetime, *, dry_run: bool) -> Import:
    """A run over a file of a kind that was handed in at a time."""
    if kind is ImportKind.CUSTOMERS:
        return CustomerImport(rules, as_of, dry_run)
    return BusinessImport(COLUMNS_OF[kind], rules, as_of, dry_run)


async def hand_in(file: CustomerImportFile, lines: Iterable[FileLine], *, records: Records) -> None:
    """Keeps a file and has it looked through.

    Raises:
        DomainError: INVALID when the file as a whole is none.
    """
    count = 0
    await records.import_files.add(file)
    for batch in in_batches(iter(lines)):
        await records.import_files.add_lines(file.id, count, batch)
        count += len(batch)
    await records.import_files.count(file.id, count)
    await records.announcements.import_wanted(file.id)


async def begin_import(import_id: UUID, by: UUID, *, records: Records) -> None:
    """Has the good lines imported; a second click finds it under way."""
    if await records.import_files.begin_import(import_id, by):
        await records.announcements.import_wanted(import_id)


async def work_on_import(import_id: UUID, *, transactions: Transactions, rules: CustomerImportRules) -> None:
    """The phase that is due, to its end."""
    async with transactions() as records:
        file = await records.import_files.get(import_id)
        if file and file.phase is ImportPhase.CHECKING:
            await records.import_files.progress(import_id, 0, ImportReport().counts)
    if file and file.phase is ImportPhase.CHECKING:
        looking = _Looking(begin_run(file.kind, rules, file.created_at, dry_run=True))
        while await looking.step(import_id, transactions=transactions, clock=rules.clock):
            pass
    while file and await _import_step(import_id, transactions=transactions, rules=rules):
        pass


@dataclass(slots=True)
class _Looking:
    """A dry run over the parts of a file; another replica that took up the same ends this one."""

    run: Import
    done: int = 0

    async def step(self, import_id: UUID, *, transactions: Transactions, clock: Clock) -> bool:
        async with transactions() as records:
            file = await records.import_files.lock(import_id)
            if file is None or file.phase is not ImportPhase.CHECKING or file.done != self.done:
                return False
            if self.done >= file.lines:
                await records.import_files.finish(import_id, ImportPhase.CHECKED, clock())
                return False
            lines, _ = await records.import_files.lines(import_id, self.done)
            self.run.report = replace(self.run.report, bad=[])
            await self.run.take(lines, records)
            await records.import_files.note(import_id, self.done, in_order(self.run.report.bad))
            await records.import_files.progress(import_id, self.done + len(lines), self.run.report.counts)
        self.done += len(lines)
        return True


async def _import_step(import_id: UUID, *, transactions: Transactions, rules: CustomerImportRules) -> bool:
    async with transactions() as records:
        file = await records.import_files.lock(import_id)
        if file is None or file.phase is not ImportPhase.IMPORTING:
            return False
        if file.done >= file.lines:
            await records.import_files.finish(import_id, ImportPhase.DONE, rules.clock())
            return False
        await _import_part(file, records, rules)
    return True


async def _import_part(file: CustomerImportFile, records: Records, rules: CustomerImportRules) -> None:
    lines, bad = await records.import_files.lines(file.id, file.done)
    wrong = {one.line for one in bad}
    run = begin_run(file.kind, rules, file.created_at, dry_run=False)
    run.report = ImportReport.of(file.counts)
    await run.take([one for one in lines if one.line not in wrong], records)
    await records.import_files.keep_only_bad(file.id, file.done, in_order([*bad, *run.report.bad]))
    await records.import_files.progress(file.id, file.done + len(lines), run.report.counts)


async def erase_old_imports(*, records: Records, clock: Clock) -> int:
    """Erases lines that nobody imported or mended in time, and forgets imports of long ago; how many."""
    erased = await records.import_files.erase_lines(clock() - CONTENT_KEPT)
    return erased + await records.import_files.forget(clock() - IMPORTS_KEPT)


def in_batches(lines: Iterator[FileLine]) -> Iterator[list[FileLine]]:
    """The lines, as many at a time as one transaction takes."""
    while batch := list(islice(lines, BATCH)):
        yield batch
