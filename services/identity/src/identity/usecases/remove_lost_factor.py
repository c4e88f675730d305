"""Remove a second factor that its owner has lost: an administrator does it (S4), or operations when none is left."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.history import ActorKind, HistoryAction, HistoryEntry
from identity.domain.security_change import SecurityChange
from identity.usecases.end_sessions import end_sessions
from identity.usecases.ports import Clock, NewId, Records
from identity.usecases.staff_act import StaffAct


async def remove_lost_factor(act: StaffAct) -> None:
    """App, passkeys and recovery codes go, all sessions end; staff set up a new factor at the next login."""
    await _remove_all(act.account.id, act.records)
    await act.note(HistoryAction.FACTOR_REMOVED)


async def reset_factor(account_id: UUID, reason: str, *, records: Records, clock: Clock, new_id: NewId) -> None:
    """The same by a command, for whoever has no administrator to ask.

    Raises:
        DomainError: NOT_FOUND `factor_gone` when there is nothing to remove.
    """
    await records.accounts.get(account_id, lock=True)
    if not (await records.second_factors.factors(account_id, lock=True)).to_remove:
        raise DomainError(ErrorKind.NOT_FOUND, "factor_gone", "There is no second factor.")
    await _remove_all(account_id, records)
    entry = HistoryEntry(
        id=new_id(),
        account_id=account_id,
        at=clock(),
        actor_kind=ActorKind.SYSTEM,
        action=HistoryAction.FACTOR_REMOVED,
        reason=reason,
    )
    await records.history.add(entry)


async def _remove_all(account_id: UUID, records: Records) -> None:
    factors = await records.second_factors.factors(account_id)
    await records.second_factors.remove(account_id)
    for passkey in await records.passkeys.of_account(account_id):
        await records.passkeys.remove(account_id, passkey.id)
    await records.recovery_codes.replace(account_id, [])
    await end_sessions(account_id, records=records)
    changes = {SecurityChange.FACTOR_REMOVED: factors.app, SecurityChange.PASSKEY_REMOVED: factors.passkeys > 0}
    for change in (change for change, happened in changes.items() if happened):
        await records.announcements.security_changed(account_id, change)
