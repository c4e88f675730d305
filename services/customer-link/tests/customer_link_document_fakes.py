"""Documents of requests in memory; the contract suite holds them to the real ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from customer_link.domain.link_request import LinkRequest
from customer_link.domain.request_document import RequestDocument


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
