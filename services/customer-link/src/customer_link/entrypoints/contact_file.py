"""The CSV file of an import of contact persons (M2, S6)."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from customer_link.usecases.import_contacts import ContactLine

COLUMNS = ("email", "display_name", "organisation", "language")


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be imported, and why."""

    line: int
    problem: str


def read_contacts(file: Path, languages: Sequence[str]) -> Iterator[tuple[int, ContactLine | BadLine]]:
    """Every line with its number. Excel's mark at the beginning and semicolons are fine."""
    with file.open(encoding="utf-8-sig", newline="") as source:
        separator = ";" if ";" in source.readline() else ","
        source.seek(0)
        for number, row in enumerate(csv.DictReader(source, delimiter=separator), start=2):
            yield number, _read(number, row, languages)


def _read(number: int, row: dict[str, str | None], languages: Sequence[str]) -> ContactLine | BadLine:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    email = _address(values["email"])
    language = values["language"] or languages[0]
    if email is None:
        return BadLine(number, "email_invalid")
    if not values["organisation"]:
        return BadLine(number, "organisation_missing")
    if language not in languages:
        return BadLine(number, "language_unknown")
    return ContactLine(email, values["display_name"] or email, values["organisation"], language)


def _address(text: str) -> str | None:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None
