"""A line of a file of organisations, customer numbers, their data and contact persons: what it says or gets wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from customer_link.domain.customer import name_key
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_number import LONGEST, number_key
from customer_link.domain.written_values import read_moment
from customer_link.usecases.import_contacts import contact_fault
from customer_link.usecases.import_lines import CustomerImportRules, FileLine, is_text

ADDRESS = {"name": 200, "street": 200, "postal_code": 20, "city": 100, "country": 100}
"""Columns of a number's data, and how long they may be."""
COLUMNS = (
    "organisation",
    "customer_number",
    "type",
    *ADDRESS,
    "as_of",
    "email",
    "display_name",
    "language",
    "contact",
)
"""Of a file, in the order of its empty template."""
_LEAVES = "remove"
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Particulars:
    """Name and address behind a number; `as_of` where the line says it."""

    name: str
    address_lines: tuple[str, ...]
    as_of: datetime | None

    def upon(self, held: CustomerData | None, now: datetime) -> CustomerData:
        """The data as they are with these; contracts and invoices stay."""
        as_of = self.as_of or now
        if held is None:
            return CustomerData(as_of, self.name, self.address_lines, (), ())
        changed = replace(held, name=self.name, address_lines=self.address_lines)
        return replace(changed, as_of=as_of) if self.as_of or changed != held else held


@dataclass(frozen=True, slots=True)
class Row:
    """What a line says; what it does not say is empty."""

    line: int
    organisation: str
    number: str
    type: str
    particulars: Particulars | None
    email: str
    display_name: str
    language: str
    leaves: bool
    """The person is no longer to be named."""

    @property
    def key(self) -> str:
        """The form in which names of organisations are compared."""
        return name_key(self.organisation)


def read_row(line: FileLine, rules: CustomerImportRules) -> Row | dict[str, str]:
    """The row, or what is wrong by column; the empty one is the whole line."""
    if line.problem:
        return {"": line.problem}
    values = {name: line.values.get(name, "").strip() for name in COLUMNS}
    if problems := _problems(values, rules):
        return problems
    return Row(
        line=line.line,
        organisation=values["organisation"],
        number=values["customer_number"],
        type=values["type"],
        particulars=_particulars(values, rules),
        email=rules.contacts.read_mail(values["email"]) or "",
        display_name=values["display_name"],
        language=values["language"] or rules.contacts.languages[0],
        leaves=bool(values["contact"]),
    )


def _particulars(values: Mapping[str, str], rules: CustomerImportRules) -> Particulars | None:
    if not any(values[name] for name in ADDRESS):
        return None
    town = " ".join(part for part in (values["postal_code"], values["city"]) if part)
    # The last line names the town: lists show it.
    last = ", ".join(part for part in (town, values["country"]) if part)
    lines = tuple(part for part in (values["street"], last) if part)
    as_of = read_moment(values["as_of"], rules.zone) if values["as_of"] else None
    return Particulars(values["name"] or values["organisation"], lines, as_of)


def _problems(values: Mapping[str, str], rules: CustomerImportRules) -> dict[str, str]:
    found: dict[str, str] = {}
    name = values["organisation"]
    if not name or not is_text(name, _LONGEST_NAME):
        found["organisation"] = "organisation_invalid" if name else "organisation_missing"
    if not values["customer_number"] and not values["email"]:
        found["customer_number"] = "nothing_to_import"
    return found | _number_problems(values, rules) | _data_problems(values, rules) | _contact_problems(values, rules)


def _number_problems(values: Mapping[str, str], rules: CustomerImportRules) -> dict[str, str]:
    number = values["customer_number"]
    if not number:
        says_data = any(values[name] for name in ADDRESS)
        return {"customer_number": "number_missing"} if says_data else {}
    found = {} if values["type"] in rules.types else {"type": "type_unknown"}
    return found if is_number(number) else found | {"customer_number": "number_invalid"}


def is_number(written: str) -> bool:
    """Whether it could be a customer number."""
    return is_text(written, LONGEST) and bool(number_key(written))


def _data_problems(values: Mapping[str, str], rules: CustomerImportRules) -> dict[str, str]:
    found = {name: "too_long" for name, longest in ADDRESS.items() if not is_text(values[name], longest)}
    if values["as_of"]:
        moment = read_moment(values["as_of"], rules.zone)
        if moment is None or rules.is_future(moment):
            found["as_of"] = "as_of_invalid" if moment is None else "as_of_future"
    return found


def _contact_problems(values: Mapping[str, str], rules: CustomerImportRules) -> dict[str, str]:
    leaves = values["contact"].casefold()
    if leaves not in {"", _LEAVES}:
        return {"contact": "contact_invalid"}
    address = rules.contacts.read_mail(values["email"])
    if leaves:
        return {} if address else {"email": "email_invalid" if values["email"] else "email_missing"}
    if not values["email"]:
        return {}
    language = values["language"] or rules.contacts.languages[0]
    fault = contact_fault(address, values["display_name"], language, rules.contacts)
    if fault is None:
        return {}
    return {{"email": "email", "name": "display_name"}.get(fault.value.partition("_")[0], "language"): fault.value}
