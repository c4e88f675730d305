"""Ask for all data about oneself in one file."""

from uuid import UUID

from identity.domain.history import HistoryAction
from identity.domain.personal_export import EXPORT_KEPT, EXPORTS, PersonalExport
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.ports import Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules


async def ask_for_export(account_id: UUID, *, records: Records, rules: SessionRules) -> None:
    """Begins to put one together, in place of a finished one; nothing while one is under way.

    Raises:
        DomainError: RATE_LIMITED.
    """
    now = rules.clock()
    export = PersonalExport(id=rules.new_id(), account_id=account_id, asked_at=now, expires_at=now + EXPORT_KEPT)
    if not await records.exports.begin(export):
        return
    await count_attempt(account_key("export", account_id), EXPORTS, throttles=records.throttles, now=now)
    await record_own(account_id, HistoryAction.DATA_REQUESTED, records=records, rules=rules)
    await records.announcements.export_wanted(export.id)
