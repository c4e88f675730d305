"""Import organisations, customer numbers and contact persons, many at once (STEPS S6, M2).

A line has an organisation and a customer number, a contact person, or both. What is known is left as it is, so the same
file can come again. A dry run looks at the same things and writes nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from customer_link.domain.contact import Contact, email_key
from customer_link.domain.customer import Customer, Organisation
from customer_link.domain.customer_number import LONGEST, number_key
from customer_link.usecases.import_contacts import ImportRules, contact_fault, name_contact
from customer_link.usecases.ports import Records

COLUMNS = ("organisation", "customer_number", "type", "email", "display_name", "language")
"""Of a file, in the order of its empty template."""
BATCH = 500
"""Lines of one transaction."""
MOST_NAMED = 5000
"""Mistakes that a report names; it counts all."""
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of a file as it was read; `problem` when it could not be."""

    line: int
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """One thing that is wrong with a line: which column, empty for the whole line, and a code."""

    line: int
    column: str
    problem: str


@dataclass(slots=True)
class ImportReport:
    """What became of the lines, or would."""

    organisations: int = 0
    customers: int = 0
    contacts: int = 0
    known: int = 0
    """Lines that had nothing new."""
    refused: int = 0
    """Lines with something wrong."""
    bad: list[BadLine] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many there were of each."""
        return {name: getattr(self, name) for name in ("organisations", "customers", "contacts", "known", "refused")}

    def refuse(self, line: int, problems: Mapping[str, str]) -> None:
        """Notes what is wrong with one line."""
        self.refused += 1
        room = max(0, MOST_NAMED - len(self.bad))
        self.bad += [BadLine(line, column, problem) for column, problem in problems.items()][:room]


class CustomerImports(Protocol):
    """What an import asks, for many lines in one statement."""

    async def begin(self) -> None:
        """Other imports wait until this transaction has ended: names of organisations are not unique by themselves."""
        ...

    async def add(self, organisations: Sequence[Organisation], customers: Sequence[Customer]) -> None:
        """New ones, in a statement each; a number that came meanwhile stays as it is."""
        ...

    async def organisations(self, name_keys: Collection[str]) -> Mapping[str, Sequence[UUID]]:
        """Those that have one of these names, by its compared form."""
        ...

    async def customers(self, number_keys: Collection[str]) -> Mapping[str, Customer]:
        """Known numbers by their compared form."""
        ...

    async def contacts(self, email_keys: Collection[str]) -> Collection[tuple[UUID, str]]:
        """Organisation and address of those who are named already."""
        ...


@dataclass(frozen=True, slots=True)
class CustomerImportRules:
    """How lines are read."""

    contacts: ImportRules
    types: Collection[str]


@dataclass(slots=True)
class _Row:
    line: int
    organisation: str
    number: str
    type: str
    email: str
    display_name: str
    language: str

    @property
    def key(self) -> str:
        return name_key(self.organisation)


def name_key(name: str) -> str:
    """The form in which names of organisations are compared."""
    return name.strip().casefold()


@dataclass(slots=True)
class _Known:
    """What the database knows of a batch."""

    organisations: Mapping[str, Sequence[UUID]]
    customers: Mapping[str, Customer]
    contacts: Collection[tuple[UUID, str]]


@dataclass(slots=True)
class _New:
    """What a batch adds."""

    organisations: list[Organisation] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)

    async def write(self, records: Records) -> None:
        await records.imports.add(self.organisations, self.customers)
        for contact in self.contacts:
            await name_contact(contact, records=records)


@dataclass(slots=True)
class CustomerImport:
    """One run over a file. Keeps a hash of each number and address it met, so that a file cannot contradict itself."""

    rules: CustomerImportRules
    dry_run: bool = False
    report: ImportReport = field(default_factory=ImportReport)
    _met: set[int] = field(default_factory=set)
    _founded: dict[int, UUID] = field(default_factory=dict)

    async def take(self, lines: Sequence[FileLine], records: Records) -> None:
        """Imports some lines; the caller commits."""
        await records.imports.begin()
        rows = [row for line in lines if (row := self._read(line))]
        known = _Known(
            await records.imports.organisations({row.key for row in rows}),
            await records.imports.customers({number_key(row.number) for row in rows if row.number}),
            await records.imports.contacts({email_key(row.email) for row in rows if row.email}),
        )
        new = _New()
        for row in rows:
            owner = self._owner(row, known)
            if problems := dict(self._conflicts(row, owner, known)):
                self.report.refuse(row.line, problems)
            else:
                self._note(row, owner, known, new)
        if not self.dry_run:
            await new.write(records)

    def _read(self, line: FileLine) -> _Row | None:
        if line.problem:
            self.report.refuse(line.line, {"": line.problem})
            return None
        values = {name: line.values.get(name, "").strip() for name in COLUMNS}
        if problems := _problems(values, self.rules):
            self.report.refuse(line.line, problems)
            return None
        email = self.rules.contacts.read_mail(values["email"]) or ""
        language = values["language"] or self.rules.contacts.languages[0]
        named = (values["organisation"], values["customer_number"], values["type"])
        return _Row(line.line, *named, email, values["display_name"], language)

    def _owner(self, row: _Row, known: _Known) -> UUID | None:
        found = known.organisations.get(row.key, ())
        return found[0] if found else self._founded.get(hash(row.key))

    def _conflicts(self, row: _Row, owner: UUID | None, known: _Known) -> Iterator[tuple[str, str]]:
        if len(known.organisations.get(row.key, ())) > 1:
            yield "organisation", "organisation_ambiguous"
        if row.number:
            there = known.customers.get(number_key(row.number))
            if there and there.organisation_id != owner:
                yield "customer_number", "number_of_another"
            elif there and there.type != row.type:
                yield "type", "type_differs"
            yield from self._twice("customer_number", number_key(row.number))
        if row.email:
            yield from self._twice("email", f"{row.key}\n{email_key(row.email)}")

    def _twice(self, column: str, value: str) -> Iterator[tuple[str, str]]:
        key = hash((column, value))
        if key in self._met:
            yield column, f"{column}_twice"
        self._met.add(key)

    def _note(self, row: _Row, owner: UUID | None, known: _Known, new: _New) -> None:
        new_id, before = self.rules.contacts.new_id, self.report.organisations
        organisation_id = owner or self._found(row, new)
        customer = bool(row.number) and number_key(row.number) not in known.customers
        contact = bool(row.email) and (organisation_id, email_key(row.email)) not in known.contacts
        if customer:
            new.customers.append(Customer(new_id(), row.number, row.type, organisation_id))
        if contact:
            new.contacts.append(Contact(new_id(), organisation_id, row.email, row.display_name, row.language))
        self.report.customers += customer
        self.report.contacts += contact
        self.report.known += not (customer or contact or self.report.organisations > before)

    def _found(self, row: _Row, new: _New) -> UUID:
        organisation = Organisation(self.rules.contacts.new_id(), row.organisation)
        self._founded[hash(row.key)] = organisation.id
        self.report.organisations += 1
        new.organisations.append(organisation)
        return organisation.id


def _problems(values: Mapping[str, str], rules: CustomerImportRules) -> dict[str, str]:
    found: dict[str, str] = {}
    name, number = values["organisation"], values["customer_number"]
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        found["organisation"] = "organisation_invalid" if name else "organisation_missing"
    if not number and not values["email"]:
        found["customer_number"] = "nothing_to_import"
    if number and (len(number) > LONGEST or not number_key(number) or not number.isprintable()):
        found["customer_number"] = "number_invalid"
    if number and values["type"] not in rules.types:
        found["type"] = "type_unknown"
    if values["email"]:
        found |= _contact_problem(values, rules.contacts)
    return found


def _contact_problem(values: Mapping[str, str], rules: ImportRules) -> dict[str, str]:
    language = values["language"] or rules.languages[0]
    fault = contact_fault(rules.read_mail(values["email"]), values["display_name"], language, rules)
    if fault is None:
        return {}
    return {{"email": "email", "name": "display_name"}.get(fault.value.partition("_")[0], "language"): fault.value}
