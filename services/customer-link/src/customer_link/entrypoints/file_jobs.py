"""Files are deleted after the commit that took their rows, and by the clock when no row claims them (ADR 0019)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog

from chassis.file_store import sweep_orphans
from chassis.jobs import JobHandler, Periodic
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.forget_documents import forget_documents
from customer_link.usecases.put_invoice_document import forget_unnamed_invoices

_log = structlog.get_logger(__name__)
DELETE_FILES = "delete_files"
FORGET_DOCUMENTS = "forget_documents"
FORGET_INVOICES = "forget_invoices"
SWEEP_FILES = "sweep_files"
PERIODIC_OF_FILES = (
    Periodic(FORGET_DOCUMENTS, "27 * * * *"),
    Periodic(FORGET_INVOICES, "32 3 * * *"),
    Periodic(SWEEP_FILES, "37 3 * * *"),
)


def file_handlers(workplace: Workplace) -> dict[str, JobHandler]:
    """The jobs about files by name."""

    async def delete(payload: Mapping[str, Any]) -> None:
        await workplace.files.delete([UUID(key) for key in payload["keys"]])

    async def known(keys: Sequence[UUID]) -> Collection[UUID]:
        async with workplace.open() as records:
            return await records.documents.known(keys) | await records.invoices.known(keys)

    async def sweep(_payload: Mapping[str, Any]) -> None:
        _say(SWEEP_FILES, await sweep_orphans(workplace.files, known, workplace.rules.clock()))

    return {DELETE_FILES: delete, SWEEP_FILES: sweep, **_forgetting(workplace)}


def _forgetting(workplace: Workplace) -> dict[str, JobHandler]:
    clock = workplace.rules.clock

    async def documents(_payload: Mapping[str, Any]) -> None:
        async with workplace.open() as records:
            gone = await forget_documents(records=records, clock=clock, kept=workplace.documents_kept)
        _say(FORGET_DOCUMENTS, gone)

    async def invoices(_payload: Mapping[str, Any]) -> None:
        async with workplace.open() as records:
            gone = await forget_unnamed_invoices(records=records, clock=clock)
        _say(FORGET_INVOICES, gone)

    return {FORGET_DOCUMENTS: documents, FORGET_INVOICES: invoices}


def _say(sweep: str, gone: int) -> None:
    if gone:
        _log.info("swept", sweep=sweep, rows=gone)
