"""Set a new password with a mailed link (M5 `chosen`), which for an invited person is the first one (M2)."""

from dataclasses import replace

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.challenge import Purpose
from identity.domain.history import HistoryAction
from identity.usecases.close_resets import close_resets
from identity.usecases.end_sessions import end_sessions
from identity.usecases.open_link import OpenedLink
from identity.usecases.ports import Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules


async def set_new_password(link: OpenedLink, password_hash: str, *, records: Records, rules: SessionRules) -> None:
    """Sets the password, ends all sessions, lifts pauses, and does not log in.

    Reading the mail has shown whose address it is, so an invited or unconfirmed account becomes active.

    Raises:
        DomainError: NOT_FOUND `link_over` when the link was used meanwhile or the account may not.
    """
    now = rules.clock()
    account = await records.accounts.get(link.account.id, lock=True)
    used = await records.challenges.use(link.challenge.id, now)
    if not used or account is None or not account.can_choose_password:
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    active = replace(account, state=AccountState.ACTIVE, password_hash=password_hash)
    if not await records.accounts.save(active):
        raise DomainError(ErrorKind.NOT_FOUND, "link_over")
    await close_resets(account.id, records=records, now=now)
    await records.challenges.replace_open(account.id, Purpose.CONFIRM_REGISTRATION, now)
    await records.throttles.clear_account(account.id)
    await end_sessions(account.id, records=records)
    await _announce(account, records)
    await record_own(account.id, HistoryAction.PASSWORD_RESET, records=records, rules=rules)


async def _announce(account: Account, records: Records) -> None:
    if account.state is not AccountState.ACTIVE:
        await records.announcements.account_confirmed(account.id)
    await records.announcements.password_changed(account.id, by_reset=True)
