"""What invoices as PDF need of the world; one contract suite holds fake and real store to it."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from customer_link.domain.invoice_document import InvoiceDocument


class InvoiceDocuments(Protocol):
    """One document an invoice; their content is in the file store, put there before."""

    async def held(self, customer_id: UUID, invoice: str) -> InvoiceDocument | None:
        """What is there now; others that deliver for the customer wait until this transaction has ended."""
        ...

    async def keep(self, document: InvoiceDocument) -> None:
        """In place of the one that is there, under whose id it is found."""
        ...

    async def named(self, customer_id: UUID) -> list[InvoiceDocument]:
        """Those whose invoice the customer's data name; for who may see the customer."""
        ...

    async def forget_unnamed(self, received_before: datetime, limit: int) -> list[UUID]:
        """Forgets those whose invoice no data name; the keys of their files."""
        ...

    async def known(self, keys: Collection[UUID]) -> set[UUID]:
        """Those of the keys that belong to a document."""
        ...
