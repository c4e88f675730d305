"""Invoices as PDF, for holders of the number and for staff (STEPS A11, S4)."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.attachment import attachment
from chassis.callers import SignedIn
from chassis.uploaded_file import safe_name
from customer_link.domain.invoice_document import InvoiceDocument
from customer_link.entrypoints.pages.directory.site import CustomerStaff
from customer_link.entrypoints.pages.site import Site, customer_unknown, read_customer_id
from customer_link.usecases.ports import Records

_DOCUMENT = "{customer_id}/invoices/{document_id}"


class InvoicePages:
    """Always downloaded. Who does not see the number, or no longer, finds no such document."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._workplace = site.workplace
        self.router = APIRouter()
        self.router.add_api_route(f"/customers/{_DOCUMENT}", self.holders, methods=["GET"])
        self.router.add_api_route(f"/staff/customers/{_DOCUMENT}", self.staffs, methods=["GET"])

    async def holders(self, request: Request, caller: SignedIn, customer_id: str, document_id: str) -> Response:
        """An invoice of one of the caller's numbers."""
        wanted = read_customer_id(document_id)
        linked = await self._site.held(caller, customer_id)
        async with self._workplace.open() as records:
            document = await _one(records, linked.customer.id, wanted)
        return await self._download(request, document)

    async def staffs(self, request: Request, caller: CustomerStaff, customer_id: str, document_id: str) -> Response:
        """An invoice of any number; the look is noted as that at the number's page."""
        customer, wanted = read_customer_id(customer_id), read_customer_id(document_id)
        async with self._workplace.open() as records:
            document = await _one(records, customer, wanted)
            await records.directory.note_look(customer, caller.account_id, self._workplace.rules.clock())
        return await self._download(request, document)

    async def _download(self, request: Request, document: InvoiceDocument) -> Response:
        chunks = await self._workplace.files.read(document.file_id)
        word = self._site.pages.gettext(self._site.pages.language(request))("Invoice")
        name = safe_name(f"{word} {document.invoice.replace('/', '-')}.pdf")
        return attachment(chunks, name=name, media_type="application/pdf", size=document.size)


async def invoices_of(records: Records, customer_id: UUID) -> Mapping[str, InvoiceDocument]:
    """The documents by the numbers of their invoices."""
    return {one.invoice: one for one in await records.invoices.named(customer_id)}


async def _one(records: Records, customer_id: UUID, document_id: UUID) -> InvoiceDocument:
    documents = await records.invoices.named(customer_id)
    found = next((one for one in documents if one.id == document_id), None)
    if found is None:
        raise customer_unknown()
    return found
