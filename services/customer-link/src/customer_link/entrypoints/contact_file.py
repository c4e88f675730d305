"""The CSV file of an import of contact persons (STEPS M2, S6)."""

import csv
from pathlib import Path

from chassis.errors import DomainError, ErrorKind
from customer_link.usecases.import_contacts import ContactLine

_NEEDED = {"organisation", "email", "display_name"}


def read_contact_file(file: Path) -> list[ContactLine]:
    """Every line with its number; columns in any order, a semicolon and a spreadsheet's mark at the start are fine.

    Raises:
        DomainError: INVALID when the file cannot be read or lacks a column.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            separator = ";" if ";" in source.readline() else ","
            source.seek(0)
            reader = csv.DictReader(source, delimiter=separator)
            if missing := _NEEDED - set(reader.fieldnames or ()):
                raise DomainError(ErrorKind.INVALID, "column_missing", ", ".join(sorted(missing)))
            return [_line(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DomainError(ErrorKind.INVALID, "file_unreadable", f"{type(error).__name__}") from error


def _line(number: int, row: dict[str, str | None]) -> ContactLine:
    return ContactLine(
        number=number,
        organisation=row["organisation"] or "",
        email=row["email"] or "",
        display_name=row["display_name"] or "",
        language=row.get("language") or "",
    )
