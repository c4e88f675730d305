"""A CSV file of customers, contracts or invoices, read as a stream in bounded memory (STEPS S6)."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.customer_import import ImportKind
from customer_link.usecases.import_lines import FileLine
from customer_link.usecases.run_import import COLUMNS_OF

MOST_LINES = 100_000
ADDED_COLUMNS = ("line", "reason")
"""Of a file of bad lines; when it comes back mended they are passed over."""
_LONGEST_LINE = 16 * 1024
_UNFIT = {0: "\ufffd"} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class CustomerFile:
    """One file; its head is read at once.

    Args:
        texts: lines of a file that is opened as `utf-8-sig`, errors replaced, with `newline=""`.
        kind: what its lines are.

    Raises:
        DomainError: INVALID when the head names columns that do not exist.
    """

    def __init__(self, texts: Iterable[str], kind: ImportKind) -> None:
        self._texts = _bounded(texts)
        first = next(self._texts, "")
        self._delimiter = ";" if first.count(";") > first.count(",") else ","
        self._head = _head(first, self._delimiter, COLUMNS_OF[kind])

    @property
    def columns(self) -> Sequence[str]:
        """Those that the lines have."""
        return [name for name in self._head if name not in ADDED_COLUMNS]

    def lines(self) -> Iterator[FileLine]:
        """The lines below the head, numbered as an editor does; empty ones are passed over.

        Raises:
            DomainError: INVALID when the file is too long.
        """
        reader = csv.reader(self._texts, delimiter=self._delimiter)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error:
                yield FileLine(reader.line_num + 1, problem="line_unreadable")
                continue
            if cells is None:
                return
            if any(cells):
                yield _line(reader.line_num + 1, self._head, cells)


def template(kind: ImportKind) -> str:
    """An empty file with all columns, as spreadsheets of this country read it."""
    return ";".join(COLUMNS_OF[kind]) + "\r\n"


def _bounded(texts: Iterable[str]) -> Iterator[str]:
    for number, text in enumerate(texts):
        if number > MOST_LINES:
            raise DomainError(ErrorKind.INVALID, "file_too_long", f"At most {MOST_LINES} lines at once.")
        if len(text) > _LONGEST_LINE:
            raise DomainError(ErrorKind.INVALID, "file_too_long", f"Line {number + 1} is too long.")
        yield text


def _head(first: str, delimiter: str, columns: Sequence[str]) -> Sequence[str]:
    try:
        head = [cell.strip().lower() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error:  # such as a line break that stands alone
        head = []
    if unknown := [name for name in head if name not in {*columns, *ADDED_COLUMNS}]:
        raise DomainError(ErrorKind.INVALID, "column_unknown", ", ".join(name[:60] for name in unknown))
    if columns[0] not in head or len(set(head)) < len(head):
        raise DomainError(ErrorKind.INVALID, "column_missing", columns[0])
    return head


def _line(number: int, head: Sequence[str], cells: Sequence[str]) -> FileLine:
    own = [place for place, name in enumerate(head) if name not in ADDED_COLUMNS]
    fit = tuple(cells[place].translate(_UNFIT) for place in own if place < len(cells))
    if len(cells) != len(head):
        rest = tuple(cell.translate(_UNFIT) for cell in cells[len(head) :])
        return FileLine(number, problem="columns_differ", cells=fit + rest)
    if any("\ufffd" in cell for cell in fit):
        return FileLine(number, problem="encoding_invalid", cells=fit)
    return FileLine(number, dict(zip((head[place] for place in own), fit, strict=True)), cells=fit)
