"""`PUT /api/v1/customers/{number}/invoices/{invoice}/document`: an invoice as PDF, from other systems (A11)."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from chassis.api_document import problems
from chassis.errors import DomainError, ErrorKind
from customer_link.domain.customer_number import number_key
from customer_link.domain.invoice_document import LARGEST_INVOICE
from customer_link.entrypoints.api.customer_models import Sent, Time
from customer_link.entrypoints.api.customers import PATH, Number, Writer
from customer_link.entrypoints.invoice_intake import InvoiceIntake, read_invoice_number
from customer_link.entrypoints.workplace import Workplace

# Invoices may be called 2026/17, and the gateway lets no encoded slash through: it is sent as it is.
DOCUMENT = f"{PATH}/{{number}}/invoices/{{invoice:path}}/document"
_PDF = "application/pdf"
_BODY = {"required": True, "content": {_PDF: {"schema": {"type": "string", "format": "binary"}}}}
_log = structlog.get_logger(__name__)

Invoice = Annotated[str, Path(description="As in the number's data; a slash in it is sent as it is, not encoded.")]


class DocumentParameters(Sent):
    """Which state of the document it is."""

    as_of_time: Time = Field(description="When your system made it, with its offset. The newest wins.")


class InvoiceDocumentApi:
    """One route. It may be sent again: what is there already changes nothing."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._intake = InvoiceIntake(workplace)
        self.router = APIRouter(tags=["customers"])
        self.router.add_api_route(
            DOCUMENT,
            self.put,
            methods=["PUT"],
            summary="Bring an invoice as PDF",
            status_code=204,
            response_class=Response,
            responses=problems(415),
            openapi_extra={"requestBody": _BODY},
            max_body_size=LARGEST_INVOICE,
        )

    async def put(
        self,
        request: Request,
        caller: Writer,
        number: Number,
        invoice: Invoice,
        asked: Annotated[DocumentParameters, Query()],
    ) -> Response:
        """3 MiB at most, before or after the data that name the invoice; without them it goes after a day.

        It takes the place of an older one; an older one than the present is answered in the same way and left.
        """
        _require_pdf(request)
        told = read_invoice_number(invoice)
        async with self._workplace.open() as records:
            customer = await records.customers.numbered(number_key(number))
        if customer is None:
            raise DomainError(ErrorKind.NOT_FOUND, "customer_unknown", "There is no such customer number.")
        applied = await self._intake.take(customer.id, told, asked.as_of_time, await request.body())
        _log.info("invoice_document_put", client_id=str(caller.client_id), applied=applied)
        return Response(status_code=204)


def _require_pdf(request: Request) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _PDF:
        raise HTTPException(415)
