"""What staff's work on codes needs of the world; one contract suite holds fake and real store to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from customer_link.domain.code_batch import CodeBatch, FaultyLine, NewBatch
from customer_link.domain.code_listing import CodeEntry, CodeFigures, CodePage, CodeQuery
from customer_link.domain.code_order import CodeOrder, OpenOrder
from customer_link.domain.code_state import ActivationCode, Handover, Reason
from customer_link.domain.customer import Customer
from customer_link.usecases.ports import KeptCode


@dataclass(frozen=True, slots=True)
class SealedCode:
    """A code that can still be read, and to whom its letter goes; name and lines are empty until data have come."""

    code: ActivationCode
    customer: Customer
    organisation: str
    name: str
    address_lines: tuple[str, ...]
    kept: KeptCode


class CodeRegister(Protocol):
    """All codes, for staff."""

    async def page(self, query: CodeQuery, now: datetime) -> CodePage:
        """Newest first."""
        ...

    async def get(self, code_id: UUID) -> CodeEntry | None: ...

    async def figures(self, now: datetime) -> CodeFigures: ...

    async def sealed(self, code_ids: Sequence[UUID]) -> list[SealedCode]:
        """Those of them that can be read and are open, in the order of their numbers."""
        ...

    async def mark_printed(self, code_ids: Sequence[UUID], at: datetime) -> int:
        """Issued codes become printed; how many did."""
        ...

    async def hand_over(self, code_ids: Sequence[UUID], how: Handover, by: UUID, at: datetime) -> int:
        """Notes it and erases the sealed copies of open codes; how many were open and not handed over before."""
        ...

    async def withdraw(self, code_id: UUID, reason: Reason, by: UUID, at: datetime) -> ActivationCode | None:
        """Ends an open or superseded code and erases its sealed copy; None when there is none in such a state."""
        ...


class CodeBatches(Protocol):
    """Codes for many numbers at once."""

    async def add(self, batch: NewBatch, numbers: Sequence[str]) -> None:
        """A batch of numbers as they were written; unknown and doubled ones become faulty lines."""
        ...

    async def add_type(self, batch: NewBatch, type_id: str, now: datetime) -> None:
        """A batch of all numbers of a type that nobody holds and that have no code in force; at most MOST_NUMBERS."""
        ...

    async def get(self, batch_id: UUID) -> CodeBatch | None: ...

    async def recent(self, limit: int) -> list[CodeBatch]:
        """The newest first."""
        ...

    async def faulty(self, batch_id: UUID, limit: int) -> list[FaultyLine]: ...

    async def waiting(self, batch_id: UUID, limit: int) -> list[tuple[int, UUID]]:
        """Position and customer of lines without an outcome; locked, passing over those that another one has."""
        ...

    async def note_code(self, batch_id: UUID, position: int, code_id: UUID) -> None: ...

    async def finish(self, batch_id: UUID, at: datetime) -> None: ...

    async def codes(self, batch_id: UUID, after: int, limit: int) -> list[tuple[int, UUID]]:
        """Position and code of issued lines, in order, after a position."""
        ...

    async def hand_over(self, batch_id: UUID, at: datetime) -> bool:
        """False when it was handed over before or is not finished."""
        ...


class CodeOrders(Protocol):
    """New letters that customers asked for. Unknown numbers are kept alike: nothing tells them from known ones."""

    async def today(self, account_id: UUID, now: datetime) -> int:
        """How many the account made within a day; others of the account wait until this transaction has ended."""
        ...

    async def add(self, order: CodeOrder) -> CodeOrder:
        """The order, or the account's own earlier one for the number within ORDER_AGAIN_AFTER.

        Another account's order of that time makes this one void: one letter a number in a week.
        """
        ...

    async def mine(self, account_id: UUID, order_id: UUID) -> CodeOrder | None:
        """An order of the account."""
        ...

    async def open(self, limit: int) -> list[OpenOrder]:
        """Letters to be printed, the oldest first."""
        ...

    async def done(self, customer_ids: Sequence[UUID]) -> None:
        """Their letters are made."""
        ...

    async def forget(self, before: datetime) -> int:
        """Void and done ones that were made before; how many."""
        ...


class Press(Protocol):
    """Makes what is printed."""

    def picture(self, address: str) -> str:
        """A QR code that opens the address, as SVG."""
        ...

    async def pdf(self, content: Mapping[str, Any], letters: Sequence[Mapping[str, Any]]) -> bytes:
        """Letters in the brand's layout, a page each; at most letter.MOST_LETTERS."""
        ...
