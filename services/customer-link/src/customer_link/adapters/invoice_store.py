"""Invoices as PDF in PostgreSQL; their content is in the file store (ADR 0019)."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Transaction
from customer_link.adapters.tables import customer, customer_data, invoice_document
from customer_link.domain.invoice_document import InvoiceDocument

_row = invoice_document.c
_DOCUMENT = (
    _row.id,
    _row.customer_id,
    _row.invoice,
    _row.file_id,
    _row.size,
    _row.sha256,
    _row.as_of,
    _row.received_at,
)
_named = exists().where(
    customer_data.c.customer_id == _row.customer_id,
    customer_data.c.document["invoices"].contains(
        func.jsonb_build_array(func.jsonb_build_object("number", _row.invoice))
    ),
)


class PostgresInvoiceDocuments:
    """See invoice_ports.InvoiceDocuments."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def held(self, customer_id: UUID, invoice: str) -> InvoiceDocument | None:
        # The number first, as whoever links or decides does: nobody waits in a circle.
        number = select(customer.c.id).where(customer.c.id == customer_id)
        await self._tx.execute(number.with_for_update(key_share=True))
        wanted = select(*_DOCUMENT).where(_row.customer_id == customer_id, _row.invoice == invoice)
        row = (await self._tx.execute(wanted)).first()
        return InvoiceDocument(*row) if row else None

    async def keep(self, document: InvoiceDocument) -> None:
        values = asdict(document)
        newer = {name: values[name] for name in ("file_id", "size", "sha256", "as_of", "received_at")}
        added = insert(invoice_document).values(values)
        await self._tx.execute(added.on_conflict_do_update(index_elements=["customer_id", "invoice"], set_=newer))

    async def named(self, customer_id: UUID) -> list[InvoiceDocument]:
        wanted = select(*_DOCUMENT).where(_row.customer_id == customer_id, _named).order_by(_row.invoice)
        return [InvoiceDocument(*row) for row in await self._tx.execute(wanted)]

    async def forget_unnamed(self, received_before: datetime, limit: int) -> list[UUID]:
        old = select(_row.id).where(_row.received_at < received_before, ~_named).limit(limit)
        gone = delete(invoice_document).where(_row.id.in_(old)).returning(_row.file_id)
        return list(await self._tx.scalars(gone))

    async def known(self, keys: Collection[UUID]) -> set[UUID]:
        return set(await self._tx.scalars(select(_row.file_id).where(_row.file_id.in_(keys))))
