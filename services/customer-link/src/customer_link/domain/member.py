"""Members of an organisation: why each of them is one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Holding:
    """A customer number of the organisation that a member holds."""

    customer_id: UUID
    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """An account with every reason for which it belongs to the organisation."""

    account_id: UUID
    holdings: tuple[Holding, ...] = ()
    contact: bool = False
    """Whether staff named it."""

    def holding(self, customer_id: UUID) -> Holding | None:
        """Its hold on one number."""
        return next((one for one in self.holdings if one.customer_id == customer_id), None)
