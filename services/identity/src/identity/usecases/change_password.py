"""Change one's password, knowing the current one (M8)."""

from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.history import HistoryAction
from identity.domain.throttle import LOGIN
from identity.usecases.close_resets import close_resets
from identity.usecases.count_attempt import account_key, count_attempt
from identity.usecases.end_sessions import end_sessions
from identity.usecases.ports import Clock, Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules, start_session


async def count_current_password(account_id: UUID, *, records: Records, clock: Clock) -> Account:
    """The account, when its current password may be tried now: whoever finds an open browser must not guess on.

    Raises:
        DomainError: RATE_LIMITED; UNAUTHENTICATED when the account is gone.
    """
    await count_attempt(current_password_key(account_id), LOGIN, throttles=records.throttles, now=clock())
    account = await records.accounts.get(account_id)
    if account is None:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
    return account


async def change_password(
    account: Account,
    password_hash: str,
    *,
    browser: str,
    second_factor: bool,
    records: Records,
    rules: SessionRules,
) -> str:
    """The value of the new cookie: every session ends, this browser gets a new one at once (S01).

    The current password has been verified by the caller against `account`.

    Raises:
        DomainError: CONFLICT `password_changed_meanwhile`; UNAUTHENTICATED when the account is gone or locked.
    """
    current = await records.accounts.get(account.id, lock=True)
    if current is None or current.state is not AccountState.ACTIVE:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "account_gone")
    if current.password_hash != account.password_hash:
        raise DomainError(ErrorKind.CONFLICT, "password_changed_meanwhile")
    await records.accounts.save(replace(current, password_hash=password_hash))
    await close_resets(account.id, records=records, now=rules.clock())
    await records.throttles.clear([current_password_key(account.id)])
    await end_sessions(account.id, records=records)
    await records.announcements.password_changed(account.id, by_reset=False)
    await record_own(account.id, HistoryAction.PASSWORD_CHANGED, records=records, rules=rules)
    return await start_session(
        current, browser=browser, sessions=records.sessions, rules=rules, second_factor=second_factor
    )


def current_password_key(account_id: UUID) -> str:
    """Counts tries of a signed-in browser with its own password, on whatever page."""
    return account_key("change", account_id)
