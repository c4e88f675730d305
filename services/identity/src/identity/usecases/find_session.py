"""Find the live session of a cookie; activity extends its idle time at most once a minute (DESIGN 4.8)."""

from dataclasses import replace

from identity.domain.account import Account, AccountState
from identity.domain.session import Session
from identity.usecases.ports import SessionStore
from identity.usecases.start_session import SessionRules


async def find_session(
    token_hash: bytes, *, activity: bool, sessions: SessionStore, rules: SessionRules
) -> tuple[Session, Account] | None:
    """Session and account; None if unknown, over, waiting for the second factor, or of an account not active.

    An account without a password has used a generated one and owes its own (`choose_due_password`): until then none
    of its sessions is good for anything else.
    """
    found = await sessions.find(token_hash)
    if found is None:
        return None
    session, account = found
    now = rules.clock()
    ready = account.state is AccountState.ACTIVE and account.password_hash is not None
    if not session.live(now) or not ready:
        return None
    if not rules.allows(session, account):
        return None
    if activity and session.wants_touch(now):
        idle_until = rules.idle_until(session, account)
        await sessions.touch(session.id, now, idle_until)
        session = replace(session, seen_at=now, idle_until=idle_until)
    return session, account
