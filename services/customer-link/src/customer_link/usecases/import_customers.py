"""Import organisations, customer numbers, their data and contact persons, many at once (STEPS S6, M2, M2b).

A line has an organisation and a customer number, a contact person, or both. Numbers and persons that are known are left
as they are, so the same file can come again; data change, unless newer ones are there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from customer_link.domain.contact import Contact, email_key
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_number import number_key
from customer_link.usecases.import_customer_row import Row, read_row
from customer_link.usecases.import_lines import CustomerImportRules, FileLine, ImportReport, MetBefore
from customer_link.usecases.ports import Records


@dataclass(slots=True)
class _Known:
    """What the database knows of a batch."""

    organisations: Mapping[str, Sequence[UUID]]
    customers: Mapping[str, Customer]
    contacts: Mapping[tuple[UUID, str], UUID]
    data: Mapping[UUID, CustomerData] = field(default_factory=dict)

    def held(self, row: Row) -> CustomerData | None:
        there = self.customers.get(number_key(row.number))
        return self.data.get(there.id) if there else None


@dataclass(slots=True)
class _New:
    """What a batch adds and changes."""

    organisations: list[Organisation] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    leaving: list[UUID] = field(default_factory=list)
    data: dict[UUID, CustomerData] = field(default_factory=dict)

    async def write(self, records: Records, rules: CustomerImportRules) -> None:
        now = rules.clock()
        await records.imports.add(self.organisations, self.customers)
        added = await records.imports.name(self.contacts)
        await records.announcements.contacts_named([one for one in self.contacts if one.id in added])
        await records.announcements.contacts_removed(await records.imports.unname(self.leaving, now))
        await write_data(self.data, records=records, rules=rules)


async def write_data(data: Mapping[UUID, CustomerData], *, records: Records, rules: CustomerImportRules) -> None:
    """Keeps data and tells of those that changed."""
    now = rules.clock()
    changed = await records.imports.put_data(data, at=now, refresh_at=now + rules.refresh_after)
    await records.announcements.customers_changed(changed)


@dataclass(slots=True)
class CustomerImport:
    """One run over a file. `as_of` is the time of data that say none: when the file was handed in."""

    rules: CustomerImportRules
    as_of: datetime
    dry_run: bool = False
    report: ImportReport = field(default_factory=ImportReport)
    _met: MetBefore = field(default_factory=MetBefore)
    _founded: dict[int, UUID] = field(default_factory=dict)

    async def take(self, lines: Sequence[FileLine], records: Records) -> None:
        """Imports some lines; the caller commits."""
        rows = [row for line in lines if (row := self._read(line))]
        known, new = await _ask(rows, records, dry_run=self.dry_run), _New()
        for row in rows:
            owner = self._owner(row, known)
            if problems := dict(self._conflicts(row, owner, known)):
                self.report.refuse(row.line, problems)
            else:
                self._note(row, owner, known, new)
        if not self.dry_run:
            await new.write(records, self.rules)

    def _read(self, line: FileLine) -> Row | None:
        read = read_row(line, self.rules)
        if isinstance(read, Row):
            return read
        self.report.refuse(line.line, read)
        return None

    def _owner(self, row: Row, known: _Known) -> UUID | None:
        found = known.organisations.get(row.key, ())
        return found[0] if found else self._founded.get(hash(row.key))

    def _conflicts(self, row: Row, owner: UUID | None, known: _Known) -> Iterator[tuple[str, str]]:
        if len(known.organisations.get(row.key, ())) > 1:
            yield "organisation", "organisation_ambiguous"
        if row.number:
            yield from self._conflicts_of_number(row, owner, known)
        if row.email and self._met.again("email", f"{row.key}\n{email_key(row.email)}"):
            yield "email", "email_twice"
        if row.leaves and owner is None:
            yield "organisation", "organisation_unknown"

    def _conflicts_of_number(self, row: Row, owner: UUID | None, known: _Known) -> Iterator[tuple[str, str]]:
        there, held = known.customers.get(number_key(row.number)), known.held(row)
        if there and there.organisation_id != owner:
            yield "customer_number", "number_of_another"
        elif there and there.type != row.type:
            yield "type", "type_differs"
        if row.particulars and held and (row.particulars.as_of or self.as_of) < held.as_of:
            yield "as_of", "data_newer"
        if self._met.again("customer_number", number_key(row.number)):
            yield "customer_number", "customer_number_twice"

    def _note(self, row: Row, owner: UUID | None, known: _Known, new: _New) -> None:
        before = self.report.changes
        organisation_id = owner or self._found(row, new)
        if row.number:
            self._note_number(row, organisation_id, known, new)
        if row.email:
            self._note_contact(row, organisation_id, known, new)
        self.report.known += self.report.changes == before

    def _note_number(self, row: Row, organisation_id: UUID, known: _Known, new: _New) -> None:
        customer = known.customers.get(number_key(row.number))
        if customer is None:
            customer = Customer(self.rules.contacts.new_id(), row.number, row.type, organisation_id)
            new.customers.append(customer)
            self.report.customers += 1
            if row.particulars:
                new.data[customer.id] = row.particulars.upon(None, self.as_of)
        elif row.particulars and (data := row.particulars.upon(known.held(row), self.as_of)) != known.held(row):
            new.data[customer.id] = data
            self.report.changed += 1

    def _note_contact(self, row: Row, organisation_id: UUID, known: _Known, new: _New) -> None:
        there = known.contacts.get((organisation_id, email_key(row.email)))
        if row.leaves and there:
            new.leaving.append(there)
            self.report.removed += 1
        elif not row.leaves and not there:
            new_id = self.rules.contacts.new_id()
            new.contacts.append(Contact(new_id, organisation_id, row.email, row.display_name, row.language))
            self.report.contacts += 1

    def _found(self, row: Row, new: _New) -> UUID:
        organisation = Organisation(self.rules.contacts.new_id(), row.organisation)
        self._founded[hash(row.key)] = organisation.id
        self.report.organisations += 1
        new.organisations.append(organisation)
        return organisation.id


async def _ask(rows: Sequence[Row], records: Records, *, dry_run: bool) -> _Known:
    if not dry_run:
        # First the right to make numbers, then those that are there: the order in which others take both.
        await records.imports.begin()
    customers = await records.imports.customers({number_key(row.number) for row in rows if row.number})
    if not dry_run:
        await records.imports.hold_still({one.id for one in customers.values()})
    says_data = {number_key(row.number) for row in rows if row.particulars}
    return _Known(
        await records.imports.organisations({row.key for row in rows}),
        customers,
        await records.imports.contacts({email_key(row.email) for row in rows if row.email}),
        await records.imports.data({one.id for key, one in customers.items() if key in says_data}),
    )
