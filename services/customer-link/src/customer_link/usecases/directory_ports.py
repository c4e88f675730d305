"""What staff's view of customers needs of the world; one contract suite holds fake and real store to it."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.domain.customer_search import CustomerQuery
from customer_link.domain.customer_view import CustomerPage, CustomerView


class CustomerDirectory(Protocol):
    """All customer numbers, for staff."""

    async def page(self, query: CustomerQuery) -> CustomerPage:
        """In the order of the numbers."""
        ...

    async def view(self, customer_id: UUID) -> CustomerView | None: ...

    async def contact(self, customer_id: UUID, contact_id: UUID) -> Contact | None:
        """An active contact of the organisation that has the number."""
        ...

    async def note_look(self, customer_id: UUID, staff_id: UUID, at: datetime) -> None:
        """A colleague looked; once within LOOK_AGAIN_AFTER."""
        ...

    async def forget_looks(self, before: datetime) -> int:
        """How many there were."""
        ...
