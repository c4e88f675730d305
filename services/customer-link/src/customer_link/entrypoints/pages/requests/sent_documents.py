"""Documents that come with the form of a request: read, judged, and kept before the request is made (A15, ADR 0019)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from uuid import UUID

import structlog
from starlette.datastructures import UploadFile

from chassis.errors import DomainError, ErrorKind
from chassis.uploaded_file import AcceptedFile, FileProblem, RefusedFileError, accept
from customer_link.domain.request_document import LARGEST_DOCUMENT, LARGEST_TOGETHER, MOST_DOCUMENTS, RequestDocument
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.ports import Records
from ui.forms import Message
from ui.translations import N_

FIELD = "documents"
BODY_LIMIT = LARGEST_TOGETHER + 64 * 1024
_log = structlog.get_logger(__name__)
_TOO_MANY = N_("Choose at most %(count)s files")
_PROBLEMS = {
    FileProblem.EMPTY: N_("“%(name)s” is empty. Please choose another file"),
    FileProblem.TOO_LARGE: N_("“%(name)s” is larger than 10 MB. Please choose a smaller file"),
    FileProblem.KIND: N_("“%(name)s” is of a kind that we do not take. Please choose for example a PDF or a photo"),
    FileProblem.CONTENT: N_("“%(name)s” is damaged, or not what its name says. Please choose another file"),
}


@dataclass(slots=True)
class SentDocuments:
    """The documents of one sending. A form sent twice is told by `fingerprint`, for it keeps no file itself."""

    accepted: Sequence[AcceptedFile] = ()
    kept: Sequence[RequestDocument] = ()
    taken: bool = False

    @property
    def fingerprint(self) -> str:
        """Names and hashes."""
        return " ".join(f"{one.name} {one.sha256.hex()}" for one in self.accepted)

    async def give(self, request_id: UUID, records: Records) -> None:
        """To the request that was made."""
        await records.documents.add([_of(request_id, one) for one in self.kept])
        self.taken = True


async def read_documents(uploads: Sequence[UploadFile]) -> Sequence[AcceptedFile] | Message:
    """The files that may be kept, or what is wrong with the first that may not."""
    if len(uploads) > MOST_DOCUMENTS:
        return Message(_TOO_MANY, {"count": MOST_DOCUMENTS})
    try:
        return [await accept(one, LARGEST_DOCUMENT) for one in uploads]
    except RefusedFileError as refused:
        return Message(_PROBLEMS[refused.problem], {"name": refused.name})


@asynccontextmanager
async def keeping(accepted: Sequence[AcceptedFile], workplace: Workplace) -> AsyncIterator[SentDocuments]:
    """Keeps the files, for the block's transaction to give them to a request; what no request took goes again.

    Where it is unknown whether the transaction was committed they stay: without a row they are swept after a day.
    """
    sent = SentDocuments(accepted)
    sent.kept = [await _keep(one, workplace) for one in accepted]
    try:
        yield sent
    except DomainError as error:
        if error.kind is not ErrorKind.UNAVAILABLE:
            await _drop(sent, workplace)
        raise
    if not sent.taken:
        await _drop(sent, workplace)


def _of(request_id: UUID, document: RequestDocument) -> RequestDocument:
    return replace(document, request_id=request_id)


async def _keep(accepted: AcceptedFile, workplace: Workplace) -> RequestDocument:
    key = workplace.rules.new_id()
    stored = await workplace.files.put(key, accepted.chunks())
    now = workplace.rules.clock()
    return RequestDocument(key, key, accepted.name, accepted.media_type, stored.size, stored.sha256, now)


async def _drop(sent: SentDocuments, workplace: Workplace) -> None:
    try:
        await workplace.files.delete([one.id for one in sent.kept])
    except DomainError:
        _log.warning("files_left_for_the_sweep", files=len(sent.kept))
