"""Files are deleted after the commit that took their rows, and by the clock when no row claims them (ADR 0019)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog

from chassis.file_store import sweep_orphans
from chassis.jobs import JobHandler, Periodic
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.forget_documents import forget_documents

_log = structlog.get_logger(__name__)
DELETE_FILES = "delete_files"
FORGET_DOCUMENTS = "forget_documents"
SWEEP_FILES = "sweep_files"
PERIODIC_OF_FILES = (Periodic(FORGET_DOCUMENTS, "27 * * * *"), Periodic(SWEEP_FILES, "37 3 * * *"))


def file_handlers(workplace: Workplace) -> dict[str, JobHandler]:
    """The jobs about files by name."""

    async def delete(payload: Mapping[str, Any]) -> None:
        await workplace.files.delete([UUID(key) for key in payload["keys"]])

    async def forget(_payload: Mapping[str, Any]) -> None:
        kept, clock = workplace.documents_kept, workplace.rules.clock
        async with workplace.open() as records:
            gone = await forget_documents(records=records, clock=clock, kept=kept)
        if gone:
            _log.info("swept", sweep=FORGET_DOCUMENTS, rows=gone)

    async def known(keys: Sequence[UUID]) -> Collection[UUID]:
        async with workplace.open() as records:
            return await records.documents.known(keys)

    async def sweep(_payload: Mapping[str, Any]) -> None:
        swept = await sweep_orphans(workplace.files, known, workplace.rules.clock())
        if swept:
            _log.info("swept", sweep=SWEEP_FILES, files=swept)

    return {DELETE_FILES: delete, FORGET_DOCUMENTS: forget, SWEEP_FILES: sweep}
