"""What a benchmark found, as a line of the table."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its budget; `good` None where there is no budget."""

    name: str
    value: str
    budget: str | None
    good: bool | None


def table(rows: Iterable[Row]) -> str:
    """The rows under one another; a missed budget stands out."""
    marks = {True: "ok", False: "MISSED", None: ""}
    lines = [(row.name, row.value, row.budget or "", marks[row.good]) for row in rows]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in lines)
