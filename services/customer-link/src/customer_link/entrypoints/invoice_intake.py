"""Takes invoices as PDF, whichever way the organisation's own system brings them (STEPS A11)."""

import hashlib
import io
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from chassis.uploaded_file import kind_of
from customer_link.domain.invoice_document import LARGEST_INVOICE, LONGEST_NUMBER, InvoiceDocument
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.put_invoice_document import put_invoice_document, settled_without_file


class InvoiceIntake:
    """The file is kept before the transaction that takes it, and goes again when that does not (ADR 0019)."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    async def take(self, customer_id: UUID, invoice: str, as_of: datetime, content: bytes) -> bool:
        """Whether the portal has this PDF now; the same one again is the same as once.

        Raises:
            DomainError: NOT_FOUND for an unknown customer, INVALID for what is no PDF of at most 3 MiB or comes from
                the future.
        """
        sent = self._document(customer_id, invoice, as_of, content)
        async with self._workplace.open() as records:
            applied = await settled_without_file(sent, records=records)
        if applied is None:
            await self._workplace.files.put(sent.file_id, _once(content))
            applied = await self._put(sent)
        return applied

    async def _put(self, sent: InvoiceDocument) -> bool:
        async with self._workplace.open() as records:
            applied = await put_invoice_document(sent, records=records)
        if not applied:
            await self._workplace.files.delete([sent.file_id])
        return applied

    def _document(self, customer_id: UUID, invoice: str, as_of: datetime, content: bytes) -> InvoiceDocument:
        if len(content) > LARGEST_INVOICE or kind_of("invoice.pdf", io.BytesIO(content)) is None:
            raise DomainError(ErrorKind.INVALID, "document_no_pdf", "A document is a PDF of at most 3 MiB.")
        rules = self._workplace.rules
        return InvoiceDocument(
            id=rules.new_id(),
            customer_id=customer_id,
            invoice=invoice,
            file_id=rules.new_id(),
            size=len(content),
            sha256=hashlib.sha256(content).digest(),
            as_of=as_of,
            received_at=rules.clock(),
        )


def read_invoice_number(told: str) -> str:
    """The number without the blanks around it.

    Raises:
        DomainError: INVALID for what cannot be one.
    """
    number = told.strip()
    if not 0 < len(number) <= LONGEST_NUMBER or not number.isprintable():
        raise DomainError(ErrorKind.INVALID, "invoice_number_invalid", "An invoice number has 1 to 60 characters.")
    return number


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
