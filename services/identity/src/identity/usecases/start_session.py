"""Start a session. Its token is always new: an id that a browser brought along never becomes one (S01, S02)."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.sessions import token_hash
from identity.domain.account import Account
from identity.domain.session import PENDING_LIFETIME, REMEMBERED_MARK, Session, SessionLimits
from identity.usecases.ports import Clock, NewId, NewToken, SessionStore


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How long sessions last, and where their ids and tokens come from."""

    customers: SessionLimits
    staff: SessionLimits
    remembered: timedelta
    """How long whoever asked for it stays logged in."""
    clock: Clock
    new_id: NewId
    new_token: NewToken

    def limits(self, account: Account) -> SessionLimits:
        """The limits for this account."""
        return self.staff if account.staff else self.customers

    def ends(self, account: Account, now: datetime, *, remembered: bool) -> tuple[datetime, datetime]:
        """When a session that begins now ends without activity, and when in any case."""
        if remembered:
            return now + self.remembered, now + self.remembered
        limits = self.limits(account)
        return now + limits.idle, now + limits.absolute

    def idle_until(self, session: Session, account: Account) -> datetime:
        """When a session ends that has just been used."""
        return session.expires_at if session.remembered else self.clock() + self.limits(account).idle

    def allows(self, session: Session, account: Account) -> bool:
        """False once somebody who is staff now has a session from before that is longer than staff may have."""
        return not account.staff or self.clock() < session.authenticated_at + self.staff.absolute


async def start_session(
    account: Account,
    *,
    browser: str,
    sessions: SessionStore,
    rules: SessionRules,
    second_factor: bool = False,
    pending: bool = False,
    remembered: bool = False,
    device_name: str = "",
) -> str:
    """The value of the cookie; it is kept nowhere. Staff are never remembered.

    A pending session keeps the wish to be remembered, for the one that comes after it.
    """
    now, lasts = rules.clock(), remembered and not account.staff
    idle_until, expires_at = rules.ends(account, now, remembered=lasts)
    if pending:
        idle_until = expires_at = now + PENDING_LIFETIME
    mark = REMEMBERED_MARK if lasts and not pending else ""
    token = mark + base64.urlsafe_b64encode(rules.new_token()).rstrip(b"=").decode()
    await sessions.add(
        Session(
            id=rules.new_id(),
            account_id=account.id,
            token_hash=token_hash(token),
            authenticated_at=now,
            seen_at=now,
            idle_until=idle_until,
            expires_at=expires_at,
            second_factor=second_factor,
            pending=pending,
            browser=browser,
            remembered=lasts,
            device_name=device_name if lasts else "",
        )
    )
    return token
