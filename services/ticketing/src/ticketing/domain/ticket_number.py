"""The number that people use for a ticket: T-2026-01482."""

import re
from dataclasses import dataclass

_YEAR = 1_000_000_000
_FORM = re.compile(r"T?[\s-]*(\d{4})[\s-]+(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class TicketNumber:
    """Sequential in a year, unique for ever; gaps are allowed."""

    year: int
    serial: int

    def __str__(self) -> str:
        return f"T-{self.year}-{self.serial:05d}"

    @property
    def value(self) -> int:
        """One integer that sorts like the number; this is what the database holds."""
        return self.year * _YEAR + self.serial

    @classmethod
    def of(cls, value: int) -> "TicketNumber":
        """Give the number of such an integer."""
        return cls(*divmod(value, _YEAR))

    @classmethod
    def parse(cls, text: str) -> "TicketNumber | None":
        """Read what a person typed: `T-2026-01482`, `t 2026 1482`; None when it is no number."""
        found = _FORM.fullmatch(text.strip())
        return cls(int(found[1]), int(found[2])) if found else None
