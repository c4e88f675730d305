"""Documents of requests in PostgreSQL; their content is in the file store (ADR 0019)."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select

from chassis.database import Transaction
from customer_link.adapters.tables import link_request, request_document
from customer_link.domain.request_document import RequestDocument

_row = request_document.c
_DOCUMENT = (_row.id, _row.request_id, _row.name, _row.media_type, _row.size, _row.sha256, _row.added_at)


class PostgresRequestDocuments:
    """See document_ports.RequestDocuments."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def add(self, documents: Sequence[RequestDocument]) -> None:
        if documents:
            await self._tx.execute(insert(request_document), [asdict(one) for one in documents])

    async def of_request(self, request_id: UUID) -> list[RequestDocument]:
        named = select(*_DOCUMENT).where(_row.request_id == request_id).order_by(_row.name, _row.id)
        return [_document_of(row) for row in await self._tx.execute(named)]

    async def mine(self, account_id: UUID, request_id: UUID, document_id: UUID) -> RequestDocument | None:
        asked = select(link_request.c.id).where(link_request.c.account_id == account_id)
        return await self._one(request_id, document_id, _row.request_id.in_(asked))

    async def get(self, request_id: UUID, document_id: UUID) -> RequestDocument | None:
        return await self._one(request_id, document_id)

    async def forget(self, ended_before: datetime, limit: int) -> list[UUID]:
        old = (
            select(_row.id)
            .join(link_request, link_request.c.id == _row.request_id)
            .where(link_request.c.decided_at < ended_before)
            .limit(limit)
        )
        return list(await self._tx.scalars(delete(request_document).where(_row.id.in_(old)).returning(_row.id)))

    async def known(self, keys: Collection[UUID]) -> set[UUID]:
        return set(await self._tx.scalars(select(_row.id).where(_row.id.in_(keys))))

    async def _one(self, request_id: UUID, document_id: UUID, *limited: Any) -> RequestDocument | None:
        wanted = select(*_DOCUMENT).where(_row.id == document_id, _row.request_id == request_id, *limited)
        row = (await self._tx.execute(wanted)).first()
        return _document_of(row) if row else None


def _document_of(row: Sequence[Any]) -> RequestDocument:
    return RequestDocument(*row)
