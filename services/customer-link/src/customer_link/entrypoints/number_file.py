"""Customer numbers as staff give them: typed or pasted, one a line, or a CSV file."""

import csv
import io

from customer_link.domain.code_batch import MOST_NUMBERS
from customer_link.domain.customer_number import LONGEST, number_key

_HEADINGS = frozenset({"KUNDENNUMMER", "CUSTOMERNUMBER", "NUMMER", "NUMBER"})


class NumbersError(ValueError):
    """The list cannot be used; the message says why: unreadable, empty or too_many."""


def read_numbers(content: str) -> list[str]:
    """The numbers in order; of a CSV file the column headed Kundennummer or customer_number, else the first one.

    Raises:
        NumbersError: there is none, or more than MOST_NUMBERS.
    """
    rows = [row for row in csv.reader(io.StringIO(content), delimiter=_delimiter(content)) if any(row)]
    headed = [place for place, cell in enumerate(rows[0]) if number_key(cell) in _HEADINGS] if rows else []
    column = headed[0] if headed else 0
    numbers = [row[column].strip()[: LONGEST + 1] for row in rows[bool(headed) :] if len(row) > column]
    numbers = [number for number in numbers if number]
    if not numbers:
        raise NumbersError("empty")
    if len(numbers) > MOST_NUMBERS:
        raise NumbersError("too_many")
    return numbers


def decode(content: bytes) -> str:
    """UTF-8, as spreadsheets write it.

    Raises:
        NumbersError: it is something else.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NumbersError("unreadable") from error


def _delimiter(content: str) -> str:
    first = content.partition("\n")[0]
    return max(";,\t", key=first.count)
