"""Take an invoice as PDF from the organisation's own system; the newest wins (STEPS A11)."""

from dataclasses import replace
from datetime import timedelta

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.invoice_document import InvoiceDocument
from customer_link.usecases.ports import Clock, Records

_SKEW = timedelta(minutes=5)
_WAITS_FOR_DATA = timedelta(days=1)
_BATCH = 500


async def settled_without_file(sent: InvoiceDocument, *, records: Records) -> bool | None:
    """Whether it is what is held, as far as that can be said without keeping its content; else None.

    Raises:
        DomainError: NOT_FOUND for an unknown customer, INVALID for a document from the future.
    """
    if sent.as_of > sent.received_at + _SKEW:
        raise DomainError(ErrorKind.INVALID, "document_from_the_future", "as_of_time lies in the future.")
    if await records.customers.get(sent.customer_id) is None:
        raise DomainError(ErrorKind.NOT_FOUND, "customer_unknown", "There is no such customer.")
    held = await records.invoices.held(sent.customer_id, sent.invoice)
    if held is None:
        return None
    if held.as_of > sent.as_of:
        return False
    if held.sha256 != sent.sha256:
        return None
    await records.invoices.keep(replace(held, as_of=sent.as_of))
    return True


async def put_invoice_document(sent: InvoiceDocument, *, records: Records) -> bool:
    """Takes it, with its content kept before; False when a newer one came in the meantime. The old file goes."""
    held = await records.invoices.held(sent.customer_id, sent.invoice)
    if held is not None and held.as_of > sent.as_of:
        return False
    await records.invoices.keep(sent)
    if held is not None:
        await records.announcements.files_unwanted([held.file_id])
    return True


async def forget_unnamed_invoices(*, records: Records, clock: Clock) -> int:
    """Documents go whose invoices stand in no data any more; a new one may wait for its data for a day."""
    keys = await records.invoices.forget_unnamed(clock() - _WAITS_FOR_DATA, _BATCH)
    if keys:
        await records.announcements.files_unwanted(keys)
    return len(keys)
