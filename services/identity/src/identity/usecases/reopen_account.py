"""Open a closed account again, as long as it is not erased: somebody closed it by mistake."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.history import ActorKind, HistoryAction, HistoryEntry
from identity.domain.security_change import SecurityChange
from identity.usecases.ports import Clock, NewId, Records
from identity.usecases.staff_act import StaffAct


async def reopen_account(account_id: UUID, reason: str, *, records: Records, clock: Clock, new_id: NewId) -> None:
    """Operations do it by a command.

    Raises:
        DomainError: NOT_FOUND `account_not_closed`; CONFLICT `reopen_late` when its erasure has begun,
            `address_taken` when somebody else has the address by now.
    """
    account = await records.accounts.get(account_id, lock=True)
    if account is None or account.state is not AccountState.CLOSED:
        raise DomainError(ErrorKind.NOT_FOUND, "account_not_closed", "There is no such closed account.")
    await _reopen(account, records=records, clock=clock)
    entry = HistoryEntry(
        id=new_id(),
        account_id=account_id,
        at=clock(),
        actor_kind=ActorKind.SYSTEM,
        action=HistoryAction.REOPENED,
        reason=reason,
    )
    await records.history.add(entry)
    await records.announcements.security_changed(account_id, SecurityChange.REOPENED)


async def reopen_for_owner(act: StaffAct) -> None:
    """Staff do it when somebody asks.

    Raises:
        DomainError: CONFLICT, as `reopen_account`.
    """
    await _reopen(act.account, records=act.records, clock=act.rules.clock)
    await act.note(HistoryAction.REOPENED, SecurityChange.REOPENED)


async def _reopen(account: Account, *, records: Records, clock: Clock) -> None:
    """The person logs in as before, by the same name; links to customer numbers ended and are made anew by codes."""
    closing = await records.closings.get(account.id)
    if closing and closing.erase_at <= clock():
        raise DomainError(ErrorKind.CONFLICT, "reopen_late", "The account is being erased.")
    state = AccountState.ACTIVE if account.password_hash else AccountState.INVITED
    if not await records.accounts.save(replace(account, state=state)):
        raise DomainError(ErrorKind.CONFLICT, "address_taken", "The mail address belongs to another account now.")
    if account.known_as != account.username:
        await records.accounts.change_address(account.id, email=account.email, username=account.known_as)
    await records.closings.remove(account.id)
    await records.announcements.account_changed(account.id)
