"""The part of CustomerService that takes invoices as PDF."""

import hashlib
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from kundenportal.customer_link.v1 import customer_service_pb2 as messages

from chassis.errors import DomainError, ErrorKind
from chassis.uploaded_file import kind_of
from customer_link.domain.invoice_document import LARGEST_INVOICE, LONGEST_NUMBER, InvoiceDocument
from customer_link.entrypoints.ids import read_id
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.ports import NewId
from customer_link.usecases.put_invoice_document import put_invoice_document, settled_without_file


class InvoiceDocumentCalls:
    """The file is kept before the transaction that takes it, and goes again when that does not (ADR 0019)."""

    _workplace: Workplace

    async def PutInvoiceDocument(  # noqa: N802 - the name of the RPC
        self, request: messages.PutInvoiceDocumentRequest, _context: Any
    ) -> messages.PutInvoiceDocumentResponse:
        """Takes a PDF; the same one again is the same as once."""
        rules = self._workplace.rules
        sent = _read(request, rules.clock(), rules.new_id)
        async with self._workplace.open() as records:
            applied = await settled_without_file(sent, records=records)
        if applied is None:
            await self._workplace.files.put(sent.file_id, _once(request.content))
            applied = await self._take(sent)
        return messages.PutInvoiceDocumentResponse(applied=applied)

    async def _take(self, sent: InvoiceDocument) -> bool:
        async with self._workplace.open() as records:
            applied = await put_invoice_document(sent, records=records)
        if not applied:
            await self._workplace.files.delete([sent.file_id])
        return applied


def _read(request: messages.PutInvoiceDocumentRequest, now: datetime, new_id: NewId) -> InvoiceDocument:
    number, content = request.invoice_number.strip(), request.content
    if not 0 < len(number) <= LONGEST_NUMBER or not number.isprintable():
        raise DomainError(ErrorKind.INVALID, "invoice_number_invalid", "An invoice number has 1 to 60 characters.")
    if not request.HasField("as_of_time"):
        raise DomainError(ErrorKind.INVALID, "document_incomplete", "A document needs as_of_time.")
    if len(content) > LARGEST_INVOICE or kind_of("invoice.pdf", io.BytesIO(content)) is None:
        raise DomainError(ErrorKind.INVALID, "document_no_pdf", "A document is a PDF of at most 3 MiB.")
    return InvoiceDocument(
        id=new_id(),
        customer_id=read_id(request.customer_id),
        invoice=number,
        file_id=new_id(),
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        as_of=request.as_of_time.ToDatetime(UTC),
        received_at=now,
    )


async def _once(content: bytes) -> AsyncIterator[bytes]:
    yield content
