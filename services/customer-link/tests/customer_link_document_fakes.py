"""Documents of requests and invoices in memory; the contract suite holds them to the real ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from customer_link.domain.customer_data import CustomerData
from customer_link.domain.invoice_document import InvoiceDocument
from customer_link.domain.link_request import LinkRequest
from customer_link.domain.request_document import RequestDocument


@dataclass
class FakeInvoiceDocuments:
    data: Mapping[UUID, CustomerData]
    kept: dict[tuple[UUID, str], InvoiceDocument] = field(default_factory=dict)

    async def held(self, customer_id: UUID, invoice: str) -> InvoiceDocument | None:
        return self.kept.get((customer_id, invoice))

    async def keep(self, document: InvoiceDocument) -> None:
        place = (document.customer_id, document.invoice)
        before = self.kept.get(place)
        self.kept[place] = replace(document, id=before.id) if before else document

    async def named(self, customer_id: UUID) -> list[InvoiceDocument]:
        mine = [one for one in self.kept.values() if one.customer_id == customer_id and self._is_named(one)]
        return sorted(mine, key=lambda one: one.invoice)

    async def forget_unnamed(self, received_before: datetime, limit: int) -> list[UUID]:
        stale = [one for one in self.kept.values() if one.received_at < received_before and not self._is_named(one)]
        for one in stale[:limit]:
            del self.kept[one.customer_id, one.invoice]
        return [one.file_id for one in stale[:limit]]

    async def known(self, keys: Collection[UUID]) -> set[UUID]:
        return {one.file_id for one in self.kept.values()} & set(keys)

    def _is_named(self, document: InvoiceDocument) -> bool:
        data = self.data.get(document.customer_id)
        return data is not None and document.invoice in {one.number for one in data.invoices}


@dataclass
class FakeRequestDocuments:
    asked: Mapping[UUID, LinkRequest]
    kept: dict[UUID, RequestDocument] = field(default_factory=dict)

    async def add(self, documents: Sequence[RequestDocument]) -> None:
        self.kept |= {one.id: one for one in documents}

    async def of_request(self, request_id: UUID) -> list[RequestDocument]:
        mine = [one for one in self.kept.values() if one.request_id == request_id]
        return sorted(mine, key=lambda one: (one.name, one.id))

    async def mine(self, account_id: UUID, request_id: UUID, document_id: UUID) -> RequestDocument | None:
        found = await self.get(request_id, document_id)
        return found if found and self.asked[request_id].account_id == account_id else None

    async def get(self, request_id: UUID, document_id: UUID) -> RequestDocument | None:
        found = self.kept.get(document_id)
        return found if found and found.request_id == request_id else None

    async def forget(self, ended_before: datetime, limit: int) -> list[UUID]:
        old = [one.id for one in self.kept.values() if self._ended(one, ended_before)][:limit]
        for key in old:
            del self.kept[key]
        return old

    async def known(self, keys: Collection[UUID]) -> set[UUID]:
        return self.kept.keys() & set(keys)

    def _ended(self, document: RequestDocument, before: datetime) -> bool:
        ended = self.asked[document.request_id].decided_at
        return ended is not None and ended < before
