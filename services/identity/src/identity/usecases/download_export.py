"""Download the file with all data about oneself."""

from dataclasses import dataclass
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.history import HistoryAction
from identity.usecases.collect_export import FILE, open_sealed
from identity.usecases.factor_ports import FactorKeys
from identity.usecases.ports import Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A ZIP and the name to keep it under."""

    name: str
    content: bytes


async def download_export(account_id: UUID, *, records: Records, rules: SessionRules, sealer: FactorKeys) -> ExportFile:
    """The caller's own file, however often it is fetched within its time.

    Raises:
        DomainError: NOT_FOUND `export_gone` when there is none (any more).
    """
    export = await records.exports.of_account(account_id)
    file = await records.exports.file(account_id)
    if export is None or file is None or export.over(rules.clock()):
        raise DomainError(ErrorKind.NOT_FOUND, "export_gone")
    await record_own(account_id, HistoryAction.DATA_DOWNLOADED, records=records, rules=rules)
    content = open_sealed(file, export.id, FILE, sealer)
    return ExportFile(f"meine-daten-{export.asked_at:%Y-%m-%d}.zip", content)
