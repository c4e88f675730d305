"""`python -m customer_link admin …`: what operations do by hand. Each command gives what is to be printed."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.customer_import import ImportKind
from customer_link.entrypoints.contact_file import read_contact_file
from customer_link.entrypoints.customer_file import CustomerFile
from customer_link.entrypoints.demo_pack import demo_part, read_demo
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.import_contacts import import_contacts
from customer_link.usecases.import_lines import ImportReport
from customer_link.usecases.load_demo import DemoMeans, load_demo
from customer_link.usecases.remove_contact import remove_contact
from customer_link.usecases.run_import import begin_run, in_batches
from ui.brand import Brand


@dataclass(frozen=True, slots=True)
class Admin:
    """The commands and what they need."""

    brand: Brand
    workplace: Workplace

    async def load_demo(self) -> dict[str, Any]:
        """The pack's demo data; the answer is this service's part of demo.json."""
        demo, rules = self.brand.demo(), self.workplace.rules
        means = DemoMeans(
            limits=rules.limits,
            keeper=rules.keeper,
            clock=rules.clock,
            new_id=rules.new_id,
            random_below=secrets.randbelow,
        )
        async with self.workplace.open() as records:
            codes = await load_demo(read_demo(demo, self.brand.language), records=records, means=means)
        return demo_part(demo, codes)

    async def import_contacts(self, file: Path, *, dry_run: bool) -> dict[str, Any]:
        """Contact persons of a CSV file with the columns organisation, email, display_name and, if wanted, language.

        Every bad line is named; while there is one, nobody is imported.
        """
        lines = read_contact_file(file)
        async with self.workplace.open() as records:
            rules = self.workplace.importing.contacts
            report = await import_contacts(lines, records=records, rules=rules, dry_run=dry_run)
        return {
            "dry_run": dry_run,
            "imported": 0 if dry_run or report.faults else report.added,
            "new": report.added,
            "present": report.present,
            "bad_lines": [{"line": number, "problem": fault.value} for number, fault in report.faults],
        }

    async def import_customers(self, file: Path, kind: ImportKind, *, dry_run: bool) -> dict[str, Any]:
        """A CSV file of customers, contracts or invoices, streamed: what the page of staff imports, at once.

        Good lines are imported although others are bad. A crash leaves whole batches, and the file can come again.

        Raises:
            DomainError: INVALID when the file cannot be read, or names columns that do not exist.
        """
        try:
            with file.open(encoding="utf-8-sig", errors="replace", newline="") as source:
                report = await self._imported(CustomerFile(source, kind), kind, dry_run=dry_run)
        except OSError as error:
            raise DomainError(ErrorKind.INVALID, "file_unreadable", type(error).__name__) from error
        bad = [{"line": one.line, "column": one.column, "problem": one.problem} for one in report.bad]
        return {"dry_run": dry_run, **report.counts, "bad_lines": bad}

    async def _imported(self, file: CustomerFile, kind: ImportKind, *, dry_run: bool) -> ImportReport:
        run = begin_run(kind, self.workplace.importing, self.workplace.rules.clock(), dry_run=dry_run)
        for batch in in_batches(file.lines()):
            async with self.workplace.open() as records:
                await run.take(batch, records)
        return run.report

    async def remove_contact(self, organisation: str, email: str) -> dict[str, Any]:
        """Ends a contact; out everywhere within a second.

        Raises:
            DomainError: NOT_FOUND when there is no such contact or not exactly one such organisation.
        """
        async with self.workplace.open() as records:
            named = await records.customers.organisations_named(organisation)
            if len(named) != 1:
                code = "organisation_ambiguous" if named else "organisation_unknown"
                raise DomainError(ErrorKind.NOT_FOUND, code)
            removed = await remove_contact(named[0].id, email, records=records, clock=self.workplace.rules.clock)
        if removed is None:
            raise DomainError(ErrorKind.NOT_FOUND, "contact_unknown")
        return {"removed": str(removed.id)}
