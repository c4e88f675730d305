"""Tell of a change that protects an account: the person by mail (ASVS 6.3.7), and the account's history."""

from uuid import UUID

from identity.domain.history import HistoryAction
from identity.domain.security_change import SecurityChange
from identity.usecases.ports import Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules


async def tell_change(account_id: UUID, change: SecurityChange, *, records: Records, rules: SessionRules) -> None:
    """The person made the change; both go out with the transaction in which it happens."""
    await records.announcements.security_changed(account_id, change)
    await record_own(account_id, HistoryAction(change.value), records=records, rules=rules)
