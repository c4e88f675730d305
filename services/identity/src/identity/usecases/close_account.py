"""Close one's account: at once for the person, for good after two weeks (GDPR Art. 17)."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.closing import REOPENABLE, Closing
from identity.domain.history import HistoryAction
from identity.domain.permission import Role
from identity.domain.security_change import SecurityChange
from identity.usecases.account_act import AccountAct
from identity.usecases.close_resets import close_resets
from identity.usecases.end_sessions import end_sessions
from identity.usecases.ports import Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules


async def close_account(account_id: UUID, *, records: Records, rules: SessionRules) -> None:
    """The person does it; a second time nothing.

    Raises:
        DomainError: CONFLICT `last_administrator`: somebody must be able to make the next one.
    """
    admins = await records.accounts.lock_staff(Role.ADMIN)
    account = await records.accounts.get(account_id, lock=True)
    if account is None or account.state is AccountState.CLOSED:
        return
    if [admin.id for admin in admins] == [account_id]:
        raise DomainError(ErrorKind.CONFLICT, "last_administrator", "The last administrator cannot leave.")
    await _close(account, records=records, rules=rules)
    await record_own(account_id, HistoryAction.CLOSED, records=records, rules=rules)
    await records.announcements.security_changed(account_id, SecurityChange.CLOSED)


async def close_for_person(act: AccountAct) -> None:
    """Another system does it for somebody who is no member of staff."""
    await _close(act.account, records=act.records, rules=act.rules)
    await act.note(HistoryAction.CLOSED, SecurityChange.CLOSED, before=act.account.state.value, after="closed")


async def _close(account: Account, *, records: Records, rules: SessionRules) -> None:
    """Ends every session and mailed link, and tells the other services."""
    now = rules.clock()
    await records.accounts.save(replace(account, state=AccountState.CLOSED))
    await records.closings.add(Closing(account_id=account.id, closed_at=now, erase_at=now + REOPENABLE))
    await end_sessions(account.id, records=records)
    await close_resets(account.id, records=records, now=now)
    await records.announcements.account_closed(account.id)
