"""Start a session. Its token is always new: an id that a browser brought along never becomes one (S01, S02)."""

import base64
from dataclasses import dataclass

from chassis.sessions import token_hash
from identity.domain.account import Account
from identity.domain.session import PENDING_LIFETIME, Session, SessionLimits
from identity.usecases.ports import Clock, NewId, NewToken, SessionStore


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long sessions last, and where their ids and tokens come from."""

    customers: SessionLimits
    staff: SessionLimits
    clock: Clock
    new_id: NewId
    new_token: NewToken

    def limits(self, account: Account) -> SessionLimits:
        """The limits for this account."""
        return self.staff if account.staff else self.customers


async def start_session(
    account: Account,
    *,
    browser: str,
    sessions: SessionStore,
    rules: SessionRules,
    second_factor: bool = False,
    pending: bool = False,
) -> str:
    """The value of the cookie; it is kept nowhere."""
    token = base64.urlsafe_b64encode(rules.new_token()).rstrip(b"=").decode()
    now, limits = rules.clock(), rules.limits(account)
    await sessions.add(
        Session(
            id=rules.new_id(),
            account_id=account.id,
            token_hash=token_hash(token),
            authenticated_at=now,
            seen_at=now,
            idle_until=now + (PENDING_LIFETIME if pending else limits.idle),
            expires_at=now + (PENDING_LIFETIME if pending else limits.absolute),
            second_factor=second_factor,
            pending=pending,
            browser=browser,
        )
    )
    return token
