"""Choose one's own password after a generated one (M5 `mailed`), before anything else."""

from dataclasses import replace

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.challenge import Purpose
from identity.domain.history import HistoryAction
from identity.domain.mailed_password import is_same
from identity.domain.session import Session
from identity.usecases.close_resets import close_resets
from identity.usecases.end_sessions import end_sessions
from identity.usecases.mail_password import mailed_password
from identity.usecases.ports import Records, Signer
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules, start_session


async def find_due(
    token_hash: bytes | None, *, records: Records, rules: SessionRules
) -> tuple[Session, Account] | None:
    """The browser that has used a generated password (and given its second factor), and owes a password of its own."""
    found = await records.sessions.find(token_hash) if token_hash else None
    if found is None:
        return None
    session, account = found
    due = account.state is AccountState.ACTIVE and account.password_hash is None
    return found if due and session.live(rules.clock()) else None


async def is_the_mailed_one(account: Account, typed: str, *, records: Records, signer: Signer) -> bool:
    """Whether somebody would go on with the generated password, which stands in a mail."""
    challenge = await records.challenges.latest(account.id, Purpose.MAILED_PASSWORD)
    expected = mailed_password(challenge, signer) if challenge else None
    return expected is not None and is_same(typed, expected)


async def choose_due_password(
    session: Session, account: Account, password_hash: str, *, records: Records, rules: SessionRules
) -> str:
    """The value of the new cookie. Lifts what was counted against the account, as every reset does.

    Raises:
        DomainError: UNAUTHENTICATED when the session or the account is over, or the password was chosen meanwhile.
    """
    current = await records.accounts.get(account.id, lock=True)
    ended = await records.sessions.delete(account.id, [session.id])
    if not ended or current is None or current.state is not AccountState.ACTIVE or current.password_hash is not None:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "password_not_due")
    await records.accounts.save(replace(current, password_hash=password_hash))
    await close_resets(account.id, records=records, now=rules.clock())
    await records.throttles.clear_account(account.id)
    await end_sessions(account.id, records=records)
    await records.announcements.password_changed(account.id, by_reset=True)
    await record_own(account.id, HistoryAction.PASSWORD_RESET, records=records, rules=rules)
    return await start_session(
        current,
        browser=session.browser,
        sessions=records.sessions,
        rules=rules,
        second_factor=session.second_factor,
        remembered=session.remembered,
        device_name=session.device_name,
    )
