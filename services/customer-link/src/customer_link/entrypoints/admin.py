"""`python -m customer_link admin …`: what operations do by hand. Each command gives what is to be printed."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.errors import DomainError, ErrorKind
from customer_link.entrypoints.contact_file import read_contact_file
from customer_link.entrypoints.customer_file import customer_lines
from customer_link.entrypoints.customer_import_run import CustomerImporter
from customer_link.entrypoints.demo_pack import demo_part, read_demo
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.import_contacts import ImportRules, import_contacts
from customer_link.usecases.import_customers import CustomerImportRules
from customer_link.usecases.load_demo import DemoMeans, load_demo
from customer_link.usecases.ports import ReadMail
from customer_link.usecases.remove_contact import remove_contact
from ui.brand import Brand


@dataclass(frozen=True, slots=True)
class Admin:
    """The commands and what they need."""

    brand: Brand
    workplace: Workplace
    read_mail: ReadMail

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
        rules = ImportRules(self.read_mail, self.workplace.rules.new_id, self.brand.languages)
        async with self.workplace.open() as records:
            report = await import_contacts(lines, records=records, rules=rules, dry_run=dry_run)
        return {
            "dry_run": dry_run,
            "imported": 0 if dry_run or report.faults else report.added,
            "new": report.added,
            "present": report.present,
            "bad_lines": [{"line": number, "problem": fault.value} for number, fault in report.faults],
        }

    async def import_customers(self, file: Path, *, dry_run: bool) -> dict[str, Any]:
        """Organisations, customer numbers and contact persons of a CSV file, streamed.

        Good lines are imported although others are bad.

        Raises:
            DomainError: INVALID when the file cannot be read, or names columns that do not exist.
        """
        contacts = ImportRules(self.read_mail, self.workplace.rules.new_id, self.brand.languages)
        importer = CustomerImporter(self.workplace, CustomerImportRules(contacts, self.workplace.types))
        try:
            with file.open(encoding="utf-8-sig", errors="replace", newline="") as source:
                report = await importer.run(customer_lines(source), dry_run=dry_run)
        except OSError as error:
            raise DomainError(ErrorKind.INVALID, "file_unreadable", type(error).__name__) from error
        bad = [{"line": one.line, "column": one.column, "problem": one.problem} for one in report.bad]
        return {"dry_run": dry_run, **report.counts, "bad_lines": bad}

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
