"""Open a closed account again, as long as it is not erased: somebody closed it by mistake."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import AccountState
from identity.domain.history import ActorKind, HistoryAction, HistoryEntry
from identity.usecases.ports import Clock, NewId, Records


async def reopen_account(account_id: UUID, reason: str, *, records: Records, clock: Clock, new_id: NewId) -> None:
    """The person logs in as before, by the same name; links to customer numbers have ended and are made anew by codes.

    Raises:
        DomainError: NOT_FOUND `account_not_closed`; CONFLICT `address_taken` when somebody else has the address by now.
    """
    account = await records.accounts.get(account_id, lock=True)
    if account is None or account.state is not AccountState.CLOSED:
        raise DomainError(ErrorKind.NOT_FOUND, "account_not_closed", "There is no such closed account.")
    state = AccountState.ACTIVE if account.password_hash else AccountState.INVITED
    if not await records.accounts.save(replace(account, state=state)):
        raise DomainError(ErrorKind.CONFLICT, "address_taken", "The mail address belongs to another account now.")
    if account.known_as != account.username:
        await records.accounts.change_address(account_id, email=account.email, username=account.known_as)
    await records.closings.remove(account_id)
    await records.history.add(
        HistoryEntry(
            id=new_id(),
            account_id=account_id,
            at=clock(),
            actor_kind=ActorKind.SYSTEM,
            action=HistoryAction.REOPENED,
            reason=reason,
        )
    )
    await records.announcements.account_changed(account_id)
