"""Customer numbers as other systems tell of them (STEPS M2, S6, A11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from customer_link.domain.customer import Customer
from customer_link.domain.customer_data import CustomerData

SKEW = timedelta(minutes=5)
"""By so much another system's clock may be ahead."""


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation; `reference` is what another system calls it, empty if none has said so."""

    id: UUID
    name: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class NamedOrganisation:
    """An organisation as another system names it: by our id, by its own reference, or by the name alone."""

    id: UUID | None = None
    reference: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class CustomerEntry:
    """What another system says of one number; what it does not say stays as it is."""

    number: str
    type: str = ""
    organisation: NamedOrganisation | None = None
    data: CustomerData | None = None


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number that is known, and the time of the data that are held."""

    customer: Customer
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """All that other systems may read of one number."""

    customer: Customer
    organisation: KnownOrganisation
    as_of: datetime | None
    data: CustomerData | None = None
    """Left out of lists."""


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """Which numbers, in their order. Everything empty means all."""

    customer_id: UUID | None = None
    organisation_id: UUID | None = None
    reference: str = ""
    type: str = ""
    after: str = ""
    """The compared form of the last number of the page before."""
    size: int = 25


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Records without their data, and where the next page begins; empty at the end."""

    records: tuple[CustomerRecord, ...]
    next: str = ""


class Outcome(StrEnum):
    """What became of an entry."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PutAnswer:
    """What became of one entry, or would; `problems` by field when it was refused."""

    outcome: Outcome
    customer_id: UUID | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
