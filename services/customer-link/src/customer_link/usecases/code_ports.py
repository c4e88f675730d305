"""What staff's work on codes needs of the world; one contract suite holds fake and real store to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from customer_link.domain.code_listing import CodeEntry, CodeFigures, CodePage, CodeQuery
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


class Press(Protocol):
    """Makes what is printed."""

    def picture(self, address: str) -> str:
        """A QR code that opens the address, as SVG."""
        ...

    async def pdf(self, content: Mapping[str, Any], letters: Sequence[Mapping[str, Any]]) -> bytes:
        """Letters in the brand's layout, a page each; at most letter.MOST_LETTERS."""
        ...
