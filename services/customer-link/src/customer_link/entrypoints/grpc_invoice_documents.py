"""The part of CustomerService that takes invoices as PDF."""

from datetime import UTC
from typing import Any

from kundenportal.customer_link.v1 import customer_service_pb2 as messages

from chassis.errors import DomainError, ErrorKind
from customer_link.entrypoints.ids import read_id
from customer_link.entrypoints.invoice_intake import InvoiceIntake, read_invoice_number
from customer_link.entrypoints.workplace import Workplace


class InvoiceDocumentCalls:
    """Documents are told by the customer's id here."""

    _workplace: Workplace

    async def PutInvoiceDocument(  # noqa: N802 - the name of the RPC
        self, request: messages.PutInvoiceDocumentRequest, _context: Any
    ) -> messages.PutInvoiceDocumentResponse:
        """Takes a PDF; the same one again is the same as once."""
        number = read_invoice_number(request.invoice_number)
        if not request.HasField("as_of_time"):
            raise DomainError(ErrorKind.INVALID, "document_incomplete", "A document needs as_of_time.")
        customer_id, as_of = read_id(request.customer_id), request.as_of_time.ToDatetime(UTC)
        applied = await InvoiceIntake(self._workplace).take(customer_id, number, as_of, request.content)
        return messages.PutInvoiceDocumentResponse(applied=applied)
