"""Staff look at an account: with a reason, which its owner can read, once in a working day (S4)."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account
from identity.domain.history import ActorKind, HistoryAction, HistoryEntry
from identity.domain.staff_reason import StaffReason
from identity.usecases.ports import Records
from identity.usecases.start_session import SessionRules

LOOK_LASTS = timedelta(hours=12)
"""As long as a session of staff at most. Not bound to the session itself: showing again who one is makes a new one."""


@dataclass(frozen=True, slots=True)
class Look:
    """The account, and why it is looked at; None while that was not said."""

    account: Account
    reason: StaffReason | None


async def find_look(account_id: UUID, actor_id: UUID, *, records: Records, rules: SessionRules) -> Look:
    """The account, with the reason that this member of staff gave for looking at it.

    Raises:
        DomainError: NOT_FOUND `account_unknown`.
    """
    account = await records.accounts.get(account_id)
    if account is None:
        raise DomainError(ErrorKind.NOT_FOUND, "account_unknown", "There is no such account.")
    since = rules.clock() - LOOK_LASTS
    entry = await records.history.last_by(account_id, actor_id, HistoryAction.LOOKED_AT, since)
    return Look(account, StaffReason.parse(entry.reason) if entry else None)


async def open_account(
    account_id: UUID, actor_id: UUID, reason: StaffReason, *, records: Records, rules: SessionRules
) -> None:
    """Writes the look into the history; a second press of the button is not another look.

    Raises:
        DomainError: NOT_FOUND `account_unknown`.
    """
    look = await find_look(account_id, actor_id, records=records, rules=rules)
    if look.reason == reason:
        return
    await record_by_staff(account_id, actor_id, HistoryAction.LOOKED_AT, reason, records=records, rules=rules)


async def record_by_staff(
    account_id: UUID,
    actor_id: UUID,
    action: HistoryAction,
    reason: StaffReason,
    *,
    records: Records,
    rules: SessionRules,
    **details: str,
) -> None:
    """Writes what staff did, and why, into the account's history."""
    await records.history.add(
        HistoryEntry(
            id=rules.new_id(),
            account_id=account_id,
            at=rules.clock(),
            actor_kind=ActorKind.STAFF,
            actor_id=actor_id,
            action=action,
            reason=str(reason),
            details=details,
        )
    )
