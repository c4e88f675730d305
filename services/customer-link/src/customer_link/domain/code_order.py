"""A new letter that somebody asks for: it goes to the address on file, once a week for a number (DESIGN 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

ORDER_AGAIN_AFTER = timedelta(days=7)
ORDERS_A_DAY = 5
"""Of one account, known numbers and others alike: nobody sends letters to all the world."""


@dataclass(frozen=True, slots=True)
class CodeOrder:
    """What somebody asked for, in the number's compared form."""

    id: UUID
    account_id: UUID
    number_key: str
    ordered_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A letter that waits to be printed."""

    customer_id: UUID
    number: str
    organisation: str
    ordered_at: datetime
    due_at: datetime
