"""Files of accounts, read line by line as they come: CSV (comma or semicolon) and JSON lines. Memory is bounded."""

import csv
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from chassis.errors import DomainError, ErrorKind
from identity.usecases.import_accounts import IMPORT_BATCH, IMPORT_COLUMNS, FileLine

MOST_LINES = 100_000
_LONGEST_LINE = 16 * 1024
Chunks = AsyncIterator[bytes]


async def csv_lines(chunks: Chunks) -> AsyncIterator[FileLine]:
    """The lines below the head, numbered as an editor does.

    Raises:
        DomainError: INVALID when the head names columns that do not exist, or the file is too long.
    """
    head: Sequence[str] = ()
    delimiter = ","
    async for number, raw in _records(_text_lines(chunks)):
        text = raw.removeprefix("\ufeff") if number == 1 else raw
        if not head:
            delimiter = ";" if text.count(";") > text.count(",") else ","
            head = _head(_cells(text, delimiter))
        elif text.strip():
            yield _csv_line(number, head, _cells(text, delimiter))


async def json_lines(chunks: Chunks) -> AsyncIterator[FileLine]:
    """One object a line, its values texts; null is as if it were not there."""
    async for number, text in _text_lines(chunks):
        if text.strip():
            yield _json_line(number, text)


async def in_batches(lines: AsyncIterator[FileLine]) -> AsyncIterator[list[FileLine]]:
    """The lines, as many at a time as one transaction takes."""
    batch: list[FileLine] = []
    async for line in lines:
        batch.append(line)
        if len(batch) == IMPORT_BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def template() -> str:
    """An empty file with all columns, as spreadsheets of this country read it."""
    return ";".join(IMPORT_COLUMNS) + "\r\n"


async def _text_lines(chunks: Chunks) -> AsyncIterator[tuple[int, str]]:
    """Numbered lines without their ends. Bytes that are no UTF-8 become U+FFFD, which no field takes."""
    waiting, number = b"", 0
    async for chunk in chunks:
        *whole, waiting = (waiting + chunk).split(b"\n")
        for line in whole:
            number += 1
            yield _numbered(number, line)
        if len(waiting) > _LONGEST_LINE:
            raise _too_long("A line is too long.")
    if waiting:
        yield _numbered(number + 1, waiting)


def _numbered(number: int, line: bytes) -> tuple[int, str]:
    if number > MOST_LINES + 1:
        raise _too_long(f"At most {MOST_LINES} lines at once.")
    if len(line) > _LONGEST_LINE:
        raise _too_long("A line is too long.")
    return number, line.removesuffix(b"\r").decode("utf-8", "replace")


async def _records(lines: AsyncIterator[tuple[int, str]]) -> AsyncIterator[tuple[int, str]]:
    """Joins lines of one record: a cell in quotation marks may have line breaks (RFC 4180)."""
    begun, first = "", 0
    async for number, text in lines:
        begun, first = (f"{begun}\n{text}", first) if begun else (text, number)
        if begun.count('"') % 2 == 0:
            yield first, begun
            begun = ""
        elif len(begun) > _LONGEST_LINE:
            raise _too_long("A quotation mark is never closed.")
    if begun:
        yield first, begun


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:  # such as a line break that stands alone
        return []


def _head(cells: Sequence[str]) -> Sequence[str]:
    head = [cell.strip().lower() for cell in cells]
    if unknown := [name for name in head if name not in IMPORT_COLUMNS]:
        raise DomainError(ErrorKind.INVALID, "column_unknown", fields={name[:60]: "column_unknown" for name in unknown})
    if "email" not in head or len(set(head)) < len(head):
        raise DomainError(ErrorKind.INVALID, "column_missing", fields={"email": "column_missing"})
    return head


def _csv_line(number: int, head: Sequence[str], cells: Sequence[str]) -> FileLine:
    if len(cells) != len(head):
        return FileLine(number, problem="columns_differ")
    return _checked(number, dict(zip(head, cells, strict=True)))


def _json_line(number: int, text: str) -> FileLine:
    try:
        values = json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return FileLine(number, problem="not_json")
    if not isinstance(values, dict):
        return FileLine(number, problem="not_json")
    if not values.keys() <= set(IMPORT_COLUMNS):
        return FileLine(number, problem="column_unknown")
    present = {name: value for name, value in values.items() if value is not None}
    if not all(isinstance(value, str) for value in present.values()):
        return FileLine(number, problem="not_text")
    return _checked(number, present)


def _checked(number: int, values: Mapping[str, str]) -> FileLine:
    joined = "".join(values.values())
    unfit = any(sign in "\0\ufffd" or "\ud800" <= sign <= "\udfff" for sign in joined)
    return FileLine(number, problem="encoding_invalid") if unfit else FileLine(number, values)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice")
    return found


def _too_long(detail: str) -> DomainError:
    return DomainError(ErrorKind.INVALID, "file_too_long", detail)
