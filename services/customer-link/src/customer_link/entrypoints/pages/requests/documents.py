"""Documents of requests, for who sent them and for staff who decide (STEPS A15, S3)."""

import structlog
from fastapi import APIRouter, Response

from chassis.attachment import attachment
from chassis.callers import SignedIn
from customer_link.domain.request_document import RequestDocument
from customer_link.entrypoints.pages.requests.own import read_request_id, request_unknown
from customer_link.entrypoints.pages.requests.queue import RequestStaff
from customer_link.entrypoints.pages.site import Site

_log = structlog.get_logger(__name__)
_DOCUMENT = "{request_id}/documents/{document_id}"


class DocumentPages:
    """Always downloaded, never shown. For everybody else there is no such document, nor such a request."""

    def __init__(self, site: Site) -> None:
        self._workplace = site.workplace
        self.router = APIRouter()
        self.router.add_api_route(f"/customers/requests/{_DOCUMENT}", self.own, methods=["GET"])
        self.router.add_api_route(f"/staff/requests/{_DOCUMENT}", self.staffs, methods=["GET"])

    async def own(self, caller: SignedIn, request_id: str, document_id: str) -> Response:
        """What one sent oneself."""
        wanted = read_request_id(request_id), read_request_id(document_id)
        async with self._workplace.open() as records:
            document = await records.documents.mine(caller.account_id, *wanted)
        return await self._download(document)

    async def staffs(self, caller: RequestStaff, request_id: str, document_id: str) -> Response:
        """What somebody sent, for the decision; who read it is logged."""
        wanted = read_request_id(request_id), read_request_id(document_id)
        async with self._workplace.open() as records:
            document = await records.documents.get(*wanted)
        answer = await self._download(document)
        _log.info("document_read", document_id=document_id, account_id=str(caller.account_id))
        return answer

    async def _download(self, document: RequestDocument | None) -> Response:
        if document is None:
            raise request_unknown()
        chunks = await self._workplace.files.read(document.id)
        return attachment(chunks, name=document.name, media_type=document.media_type, size=document.size)
