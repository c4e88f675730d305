"""Lock and unlock an account: by staff (S4), or by another system."""

from dataclasses import replace

from identity.domain.account import AccountState
from identity.domain.history import HistoryAction
from identity.domain.security_change import SecurityChange
from identity.usecases.account_act import AccountAct
from identity.usecases.close_resets import close_resets
from identity.usecases.end_sessions import end_sessions


async def lock_account(act: AccountAct) -> None:
    """Nobody gets in with it any more: its sessions end everywhere within a second, mailed links stop working."""
    records, account = act.records, act.account
    await records.accounts.save(replace(account, state=AccountState.LOCKED))
    await end_sessions(account.id, records=records)
    await close_resets(account.id, records=records, now=act.rules.clock())
    await records.announcements.account_changed(account.id)
    await act.note(HistoryAction.LOCKED, SecurityChange.LOCKED, before=account.state.value, after="locked")


async def unlock_account(act: AccountAct) -> None:
    """It works as before; who never had a password is invited again."""
    records, account = act.records, act.account
    state = AccountState.ACTIVE if account.password_hash else AccountState.INVITED
    await records.accounts.save(replace(account, state=state))
    await records.throttles.clear_account(account.id)
    # A login that ended in the moment of the lock.
    await end_sessions(account.id, records=records)
    await records.announcements.account_changed(account.id)
    await act.note(HistoryAction.UNLOCKED, SecurityChange.UNLOCKED, before="locked", after=state.value)
