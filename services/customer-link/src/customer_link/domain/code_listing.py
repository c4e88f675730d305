"""What staff see of codes: lists, one code with its life, figures. Never a code itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from customer_link.domain.code_state import ActivationCode, Handover, Reason, Standing
from customer_link.domain.customer import Customer

PAGE_SIZE = 50
FIGURES_OF = timedelta(days=30)
"""Over which time codes are counted."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page; the next page begins below it. `at` is when it was issued, or expired."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class CodeQuery:
    """Which codes; `number_key` is the beginning of a customer number."""

    standing: Standing | None = None
    number_key: str = ""
    below: Cursor | None = None
    size: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class CodeTrail:
    """What happened to a code beside its state."""

    printed_at: datetime | None = None
    handed_over_at: datetime | None = None
    handover: Handover | None = None
    withdrawn_at: datetime | None = None
    reason: Reason | None = None
    sealed: bool = False
    """Whether it can still be read."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One code as a row or a page shows it."""

    code: ActivationCode
    customer: Customer
    organisation: str
    trail: CodeTrail

    def place(self, standing: Standing | None) -> Cursor:
        """Where it stands in the list of codes of a standing: who expired last comes first, else the newest."""
        at = self.code.valid_until if standing is Standing.EXPIRED else self.code.issued_at
        return Cursor(at, self.code.id)


@dataclass(frozen=True, slots=True)
class CodePage:
    """Rows, and where the next page begins, if there is one."""

    rows: tuple[CodeEntry, ...]
    next: Cursor | None = None


@dataclass(frozen=True, slots=True)
class CodeFigures:
    """Issued, used and expired unused within FIGURES_OF; failed tries within a day."""

    issued: int = 0
    used: int = 0
    expired: int = 0
    failures: int = 0
