"""What imports of every kind of file share: lines as they were read, and the report of what became of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from customer_link.domain.customer_entry import SKEW
from customer_link.usecases.import_contacts import ImportRules
from customer_link.usecases.ports import Clock, Records

BATCH = 500
"""Lines of one transaction."""
MOST_NAMED = 5000
"""Mistakes that a report in memory names; it counts all."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One line of a file as it was read; `problem` when it could not be."""

    line: int
    values: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    cells: Sequence[str] = ()
    """As they stood there, for whoever mends the line."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """One thing that is wrong with a line: which column, empty for the whole line, and a code."""

    line: int
    column: str
    problem: str


def in_order(bad: Iterable[BadLine]) -> list[BadLine]:
    """As the lines stand in the file."""
    return sorted(bad, key=lambda one: one.line)


@dataclass(slots=True)
class ImportReport:
    """What became of the lines, or would."""

    organisations: int = 0
    customers: int = 0
    contacts: int = 0
    removed: int = 0
    """Contact persons who are no longer named."""
    added: int = 0
    """Contracts or invoices."""
    changed: int = 0
    """Known numbers with other data; known contracts or invoices that are different now."""
    known: int = 0
    """Lines that had nothing new."""
    refused: int = 0
    """Lines with something wrong."""
    bad: list[BadLine] = field(default_factory=list)

    @classmethod
    def of(cls, counts: Mapping[str, int]) -> "ImportReport":
        """A report that was kept, without what is wrong."""
        report = cls()
        for name in _COUNTED:
            setattr(report, name, counts.get(name, 0))
        return report

    @property
    def counts(self) -> dict[str, int]:
        """How many there were of each."""
        return {name: getattr(self, name) for name in _COUNTED}

    @property
    def changes(self) -> int:
        """How much there is to import."""
        return sum(getattr(self, name) for name in _COUNTED if name not in {"known", "refused"})

    def refuse(self, line: int, problems: Mapping[str, str]) -> None:
        """Notes what is wrong with one line."""
        self.refused += 1
        room = max(0, MOST_NAMED - len(self.bad))
        self.bad += [BadLine(line, column, problem) for column, problem in problems.items()][:room]


_COUNTED = ("organisations", "customers", "contacts", "removed", "added", "changed", "known", "refused")


@dataclass(frozen=True, slots=True)
class CustomerImportRules:
    """How lines are read."""

    contacts: ImportRules
    types: Collection[str]
    clock: Clock
    zone: ZoneInfo
    """In which days begin."""
    refresh_after: timedelta
    """When a backend is asked again for data that came."""

    def is_future(self, moment: datetime) -> bool:
        """Whether data of that time would stay for ever."""
        return moment > self.clock() + SKEW


class Import(Protocol):
    """One run over a file. A run may be a dry one, which looks at the same things and writes nothing."""

    report: ImportReport

    async def take(self, lines: Sequence[FileLine], records: Records) -> None:
        """Imports some lines; the caller commits."""
        ...


class MetBefore:
    """Keeps a hash of each number and address that a file named, so that it cannot contradict itself."""

    def __init__(self) -> None:
        self._met: set[int] = set()

    def again(self, column: str, value: str) -> bool:
        """Whether the file had this before."""
        key = hash((column, value))
        known = key in self._met
        self._met.add(key)
        return known


def is_text(written: str, longest: int) -> bool:
    """Whether it can stand in one line of a page."""
    return len(written) <= longest and written.isprintable()
