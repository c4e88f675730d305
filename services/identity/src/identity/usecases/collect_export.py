"""Put an export together: ask every service, keep what came, and make the file when nothing is missing.

What has come is kept sealed, so that a repeated job asks only for the rest.
"""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from uuid import UUID

from chassis.errors import DomainError
from identity.domain.personal_export import SOURCES, PersonalExport, SealedFile
from identity.domain.security_change import SecurityChange
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.ports import Clock, Records

COLLECT_EXPORT = "collect_export"
"""The name of the job."""
OpenRecords: TypeAlias = Callable[[], AbstractAsyncContextManager[Records]]
"""Records of a transaction of its own; it is committed at the end of the block."""


class PersonalDataSource(Protocol):
    """One service that holds something about people."""

    async def export(self, account_id: UUID) -> bytes:
        """Its document as JSON; raises DomainError when the service cannot be asked."""
        ...

    async def erase(self, account_id: UUID, request_id: str) -> int:
        """Erases what need not be kept, once per request id; how many records. Raises DomainError likewise."""
        ...


class MakeArchive(Protocol):
    """Makes the file that a person downloads."""

    async def __call__(self, export: PersonalExport, language: str, documents: Mapping[str, bytes]) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Collecting:
    """What it takes to put exports together."""

    open: OpenRecords
    sources: Mapping[str, PersonalDataSource]
    archive: MakeArchive
    sealer: FactorKeys
    clock: Clock


async def collect_export(export_id: UUID, *, by: Collecting) -> None:
    """One try; nothing when the export is finished or gone.

    Raises:
        DomainError: a service did not answer. What the others said is kept.
    """
    async with by.open() as records:
        export = await records.exports.find(export_id)
        kept = await records.exports.parts(export_id) if export and not export.ready_at else None
    if export is None or kept is None:
        return
    failure = await _ask_missing(export, kept.keys(), by)
    if failure:
        raise failure
    await _finish(export, by)


async def _ask_missing(export: PersonalExport, kept: Collection[str], by: Collecting) -> DomainError | None:
    failure = None
    for source in SOURCES:
        if source in kept:
            continue
        try:
            document = await by.sources[source].export(export.account_id)
        except DomainError as error:
            failure = error
            continue
        sealed = SealedFile(by.sealer.current, by.sealer.seal(document, bound_to(export.id, source)))
        async with by.open() as records:
            await records.exports.add_part(export.id, source, sealed)
    return failure


async def _finish(export: PersonalExport, by: Collecting) -> None:
    async with by.open() as records:
        parts = await records.exports.parts(export.id)
        account = await records.accounts.get(export.account_id)
    if account is None:
        return
    documents = {source: open_sealed(parts[source], export.id, source, by.sealer) for source in SOURCES}
    file = await by.archive(export, account.language, documents)
    sealed = SealedFile(by.sealer.current, by.sealer.seal(file, bound_to(export.id, FILE)))
    async with by.open() as records:
        if await records.exports.finish(export.id, by.clock(), sealed, len(file)):
            await records.announcements.security_changed(export.account_id, SecurityChange.DATA_EXPORTED)


FILE = "file"


def bound_to(export_id: UUID, name: str) -> bytes:
    """What a sealed file opens with: it cannot be passed off as another person's or another part."""
    return export_id.bytes + name.encode()


def open_sealed(file: SealedFile, export_id: UUID, name: str, sealer: FactorKeys) -> bytes:
    """The bytes; raises LookupError when the key is gone."""
    opened = sealer.unseal(file.key_id, file.sealed, bound_to(export_id, name))
    if opened is None:
        raise LookupError(f"the key {file.key_id} of an export is gone")
    return opened
