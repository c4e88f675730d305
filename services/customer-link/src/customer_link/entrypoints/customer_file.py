"""A CSV file of organisations, customer numbers and contact persons, read as a stream in bounded memory (STEPS S6)."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from chassis.errors import DomainError, ErrorKind
from customer_link.usecases.import_customers import COLUMNS, FileLine

MOST_LINES = 100_000
_LONGEST_LINE = 16 * 1024


def customer_lines(texts: Iterable[str]) -> Iterator[FileLine]:
    """The lines below the head, numbered as an editor does; comma or semicolon.

    Args:
        texts: lines of a file that is opened as `utf-8-sig`, errors replaced, with `newline=""`.

    Raises:
        DomainError: INVALID when the head names columns that do not exist, or the file is too long.
    """
    lines = _bounded(texts)
    first = next(lines, "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    head = _head(next(csv.reader([first], delimiter=delimiter), []))
    reader = csv.reader(lines, delimiter=delimiter)
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield FileLine(reader.line_num + 1, problem="line_unreadable")
            continue
        if cells is None:
            return
        if any(cells):
            yield _line(reader.line_num + 1, head, cells)


def template() -> str:
    """An empty file with all columns, as spreadsheets of this country read it."""
    return ";".join(COLUMNS) + "\r\n"


def _bounded(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if number > MOST_LINES:
            raise DomainError(ErrorKind.INVALID, "file_too_long", f"At most {MOST_LINES} lines at once.")
        if len(text) > _LONGEST_LINE:
            raise DomainError(ErrorKind.INVALID, "file_too_long", f"Line {number + 1} is too long.")
        yield text


def _head(cells: Sequence[str]) -> Sequence[str]:
    head = [cell.strip().lower() for cell in cells]
    if unknown := [name for name in head if name not in COLUMNS]:
        raise DomainError(ErrorKind.INVALID, "column_unknown", ", ".join(name[:60] for name in unknown))
    if "organisation" not in head or len(set(head)) < len(head):
        raise DomainError(ErrorKind.INVALID, "column_missing", "organisation")
    return head


def _line(number: int, head: Sequence[str], cells: Sequence[str]) -> FileLine:
    if len(cells) != len(head):
        return FileLine(number, problem="columns_differ")
    if any(sign in "\0\ufffd" or "\ud800" <= sign <= "\udfff" for cell in cells for sign in cell):
        return FileLine(number, problem="encoding_invalid")
    return FileLine(number, dict(zip(head, cells, strict=True)))
