"""PersonalDataService of a service: what it holds about a person, and its erasure (GDPR Art. 15, 17, 20)."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from kundenportal.privacy.v1 import personal_data_service_pb2 as messages
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import PersonalDataServiceServicer

from chassis.database import Database, Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_server import Grants
from chassis.idempotency import StoredAnswer, form_hash, keep, replay

Holdings: TypeAlias = Mapping[str, Sequence[Mapping[str, object]]]
"""Section → entries, the newest first. Values are texts, numbers, moments, ids, lists of these or None."""

PERSONAL_DATA_GRANTS: Grants = {
    f"/kundenportal.privacy.v1.PersonalDataService/{method}": frozenset({"identity"})
    for method in ("ExportPersonalData", "ErasePersonalData")
}
MEDIA_TYPE = "application/json"
LARGEST = 3 * 1024 * 1024
"""Bytes of a document: a message of gRPC has at most 4 MiB."""
_CALLER, _ROUTE = "grpc", "ErasePersonalData"


class PersonalData(Protocol):
    """What one service knows about people."""

    async def export(self, tx: Transaction, account_id: UUID) -> Holdings:
        """All that is held about this person, nothing about others; a bounded number of entries a section."""
        ...

    async def erase(self, tx: Transaction, account_id: UUID) -> int:
        """Erases what need not be kept; how many records. A second time finds nothing."""
        ...


class PersonalDataServicer(PersonalDataServiceServicer):
    """The gRPC face over a service's PersonalData."""

    def __init__(self, database: Database, held: PersonalData, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._held = held
        self._clock = clock

    async def ExportPersonalData(  # noqa: N802 - the name of the RPC
        self, request: messages.ExportPersonalDataRequest, _context: Any
    ) -> messages.ExportPersonalDataResponse:
        """One document, empty sections and all."""
        account_id = _read_id(request.account_id)
        async with self._database.transaction() as tx:
            holdings = await self._held.export(tx, account_id)
        document, truncated = to_document(holdings)
        return messages.ExportPersonalDataResponse(media_type=MEDIA_TYPE, document=document, truncated=truncated)

    async def ErasePersonalData(  # noqa: N802 - the name of the RPC
        self, request: messages.ErasePersonalDataRequest, _context: Any
    ) -> messages.ErasePersonalDataResponse:
        """Erases once per request id, and gives the same receipt again."""
        account_id, key = _read_id(request.account_id), request.request_id
        body = form_hash({"account_id": str(account_id)})
        async with self._database.transaction() as tx:
            stored = await replay(tx, _CALLER, _ROUTE, key, body, strict=True)
            if stored:
                return _receipt(stored.body)
            receipt = f"{await self._held.erase(tx, account_id)} {self._clock().isoformat()}"
            await keep(tx, _CALLER, _ROUTE, key, body, StoredAnswer(200, None, receipt))
        return _receipt(receipt)


def to_document(holdings: Holdings, largest: int = LARGEST) -> tuple[bytes, bool]:
    """The JSON of holdings in at most so many bytes, and whether the oldest entries had to go for it."""
    kept = {section: list(entries) for section, entries in holdings.items()}
    truncated = False
    while len(document := _json(kept)) > largest:
        longest = max(kept.values(), key=len)
        del longest[len(longest) // 2 :]
        truncated = True
    return document, truncated


def _json(holdings: Holdings) -> bytes:
    return json.dumps(holdings, ensure_ascii=False, indent=1, default=_plain).encode()


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a document")


def _receipt(text: str) -> messages.ErasePersonalDataResponse:
    count, _, moment = text.partition(" ")
    receipt = messages.ErasePersonalDataResponse(erased_count=int(count))
    receipt.erase_time.FromDatetime(datetime.fromisoformat(moment))
    return receipt


def _read_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise DomainError(ErrorKind.INVALID, "id_invalid", "An account id is a UUID.") from error
