"""Write what happens to an account into its history, in the transaction in which it happens."""

from uuid import UUID

from identity.domain.history import ActorKind, HistoryAction, HistoryEntry
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules


async def record_own(
    account_id: UUID, action: HistoryAction, *, records: Records, rules: SessionRules, **details: str
) -> None:
    """The person did it; `details` holds no value that says who somebody is."""
    entry = HistoryEntry(
        id=rules.new_id(),
        account_id=account_id,
        at=rules.clock(),
        actor_kind=ActorKind.SELF,
        actor_id=account_id,
        action=action,
        details=details,
    )
    await records.history.add(entry)


async def record_by_client(
    account_id: UUID,
    client_id: UUID,
    action: HistoryAction,
    *,
    records: Records,
    rules: SessionRules,
    reason: str = "",
    **details: str,
) -> None:
    """Another system did it, through the JSON API."""
    entry = HistoryEntry(
        id=rules.new_id(),
        account_id=account_id,
        at=rules.clock(),
        actor_kind=ActorKind.CLIENT,
        actor_id=client_id,
        action=action,
        reason=reason,
        details=details,
    )
    await records.history.add(entry)
