"""Import contracts or invoices of known customer numbers, many at once (STEPS S6).

A line adds one to the number, or changes the one that has its reference. None is taken away: a contract ends by its
date, an invoice is paid by its state.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from customer_link.domain.customer import Customer
from customer_link.domain.customer_data import Contract, CustomerData, Invoice, InvoiceState
from customer_link.domain.customer_number import number_key
from customer_link.domain.written_values import read_cents, read_day
from customer_link.usecases.import_customer_row import is_number
from customer_link.usecases.import_customers import write_data
from customer_link.usecases.import_lines import CustomerImportRules, FileLine, ImportReport, MetBefore, is_text
from customer_link.usecases.ports import Records

CONTRACT_COLUMNS = ("customer_number", "reference", "title", "starts", "ends")
INVOICE_COLUMNS = ("customer_number", "number", "issued", "due", "amount", "currency", "state")
MOST_OF_A_NUMBER = 1000
"""Contracts, or invoices, of one number."""
_LONGEST_REFERENCE = 60
_LONGEST_TITLE = 200
_CURRENCY = "EUR"
_CURRENCY_LENGTH = 3

Item = Contract | Invoice


def read_contract(values: Mapping[str, str]) -> Item | dict[str, str]:
    """The contract, or what is wrong by column."""
    starts, ends = read_day(values["starts"]), read_day(values["ends"])
    found = _reference_problem(values, "reference")
    if not values["title"] or not is_text(values["title"], _LONGEST_TITLE):
        found["title"] = "too_long" if values["title"] else "missing"
    if starts is None:
        found["starts"] = "day_invalid"
    if values["ends"] and (ends is None or (starts and ends < starts)):
        found["ends"] = "day_invalid" if ends is None else "ends_before_start"
    if found or starts is None:
        return found
    return Contract(values["reference"], values["title"], starts, ends)


def read_invoice(values: Mapping[str, str]) -> Item | dict[str, str]:
    """The invoice, or what is wrong by column."""
    issued, due, cents = read_day(values["issued"]), read_day(values["due"]), read_cents(values["amount"])
    currency, state = values["currency"].upper() or _CURRENCY, values["state"].casefold()
    found = _reference_problem(values, "number")
    found |= {name: "day_invalid" for name, day in (("issued", issued), ("due", due)) if day is None}
    if cents is None:
        found["amount"] = "amount_invalid"
    if len(currency) != _CURRENCY_LENGTH or not (currency.isascii() and currency.isalpha()):
        found["currency"] = "currency_invalid"
    if state not in set(InvoiceState):
        found["state"] = "state_unknown"
    if found or issued is None or due is None or cents is None:
        return found
    return Invoice(values["number"], issued, due, cents, currency, InvoiceState(state))


def _reference_problem(values: Mapping[str, str], name: str) -> dict[str, str]:
    if values[name] and is_text(values[name], _LONGEST_REFERENCE):
        return {}
    return {name: "too_long" if values[name] else "missing"}


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    number: str
    item: Item


@dataclass(slots=True)
class _Known:
    """What the database knows of a batch, and what the batch makes of it."""

    customers: Mapping[str, Customer]
    names: Mapping[UUID, str]
    data: dict[UUID, CustomerData]
    touched: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class BusinessImport:
    """One run over a file. `as_of` is the time of what it says: when the file was handed in."""

    columns: Sequence[str]
    rules: CustomerImportRules
    as_of: datetime
    dry_run: bool = False
    report: ImportReport = field(default_factory=ImportReport)
    _met: MetBefore = field(default_factory=MetBefore)
    _added: Counter[UUID] = field(default_factory=Counter)
    _unseen: Counter[UUID] = field(default_factory=Counter)
    """What a dry run added before this batch, which the database does not know."""

    async def take(self, lines: Sequence[FileLine], records: Records) -> None:
        """Imports some lines; the caller commits."""
        if not self.dry_run:
            self._added.clear()
        self._unseen = self._added.copy()
        rows = [row for line in lines if (row := self._read(line))]
        known = await _ask(rows, records, dry_run=self.dry_run)
        for row in rows:
            if problems := dict(self._conflicts(row, known)):
                self.report.refuse(row.line, problems)
            else:
                self._note(row, known)
        if not self.dry_run:
            changed = {customer_id: known.data[customer_id] for customer_id in known.touched}
            await write_data(changed, records=records, rules=self.rules)

    def _read(self, line: FileLine) -> _Row | None:
        values = {name: line.values.get(name, "").strip() for name in self.columns}
        read = {"": line.problem} if line.problem else self._item(values)
        if isinstance(read, dict):
            self.report.refuse(line.line, read)
            return None
        return _Row(line.line, values["customer_number"], read)

    def _item(self, values: Mapping[str, str]) -> Item | dict[str, str]:
        read = (read_contract if self.columns == CONTRACT_COLUMNS else read_invoice)(values)
        if is_number(values["customer_number"]):
            return read
        return {"customer_number": "number_invalid"} | (read if isinstance(read, dict) else {})

    def _conflicts(self, row: _Row, known: _Known) -> Iterator[tuple[str, str]]:
        customer = known.customers.get(number_key(row.number))
        if customer is None:
            yield "customer_number", "number_unknown"
        elif (held := known.data.get(customer.id)) and held.as_of > self.as_of:
            yield "", "data_newer"
        if self._met.again("reference", f"{number_key(row.number)}\n{_reference(row.item)}"):
            yield self.columns[1], "reference_twice"
        if customer and self._is_full(customer.id, row.item, known):
            yield "customer_number", "too_many_of_number"

    def _is_full(self, customer_id: UUID, item: Item, known: _Known) -> bool:
        items = _items(known.data[customer_id], item) if customer_id in known.data else ()
        full = len(items) + self._unseen[customer_id] >= MOST_OF_A_NUMBER
        return full and _reference(item) not in {_reference(one) for one in items}

    def _note(self, row: _Row, known: _Known) -> None:
        customer = known.customers[number_key(row.number)]
        empty = CustomerData(self.as_of, known.names.get(customer.organisation_id, row.number), (), (), ())
        data = known.data.get(customer.id, empty)
        before = next((one for one in _items(data, row.item) if _reference(one) == _reference(row.item)), None)
        if before == row.item:
            self.report.known += 1
            return
        self.report.added += before is None
        self._added[customer.id] += before is None
        self.report.changed += before is not None
        known.data[customer.id] = replace(_with(data, row.item), as_of=self.as_of)
        known.touched.add(customer.id)


def _reference(item: Item) -> str:
    return item.number if isinstance(item, Invoice) else item.reference


def _items(data: CustomerData, like: Item) -> Sequence[Item]:
    return data.invoices if isinstance(like, Invoice) else data.contracts


def _with(data: CustomerData, item: Item) -> CustomerData:
    """The data with the item in the place of the one with its reference, or before the others: the newest first."""
    if isinstance(item, Invoice):
        others = tuple(one for one in data.invoices if one.number != item.number)
        return replace(data, invoices=tuple(sorted((*others, item), key=lambda one: one.issued, reverse=True)))
    rest = tuple(one for one in data.contracts if one.reference != item.reference)
    return replace(data, contracts=tuple(sorted((*rest, item), key=lambda one: one.starts)))


async def _ask(rows: Sequence[_Row], records: Records, *, dry_run: bool) -> _Known:
    customers = await records.imports.customers({number_key(row.number) for row in rows})
    if not dry_run:
        await records.imports.hold_still({one.id for one in customers.values()})
    owners = await records.customers.organisations({one.organisation_id for one in customers.values()})
    data = await records.imports.data({one.id for one in customers.values()})
    return _Known(customers, {one.id: one.name for one in owners}, dict(data))
