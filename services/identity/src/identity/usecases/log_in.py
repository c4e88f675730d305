"""Log in with user name or mail address and password (A7, A8, M7).

In three parts, because hashing takes long and must not hold a transaction: `begin_login`, the caller verifies the
password, `finish_login`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.history import HistoryAction
from identity.domain.normal_form import normal_key
from identity.domain.session import Session
from identity.domain.throttle import FAILURES_OF_ALL, LOGIN, SOURCE, window_of
from identity.usecases.count_attempt import (
    account_key,
    anybodys_key,
    attempt_key,
    count_anybodys,
    count_attempt,
    forgive_attempt,
)
from identity.usecases.end_sessions import end_sessions
from identity.usecases.ports import Clock, Records
from identity.usecases.record_history import record_own
from identity.usecases.start_session import SessionRules, start_session


class _Staying(TypedDict):
    remembered: bool
    device_name: str


class LoginOutcome(StrEnum):
    """What came of it."""

    REFUSED = "refused"
    UNCONFIRMED = "unconfirmed"
    CODE_WANTED = "code_wanted"
    ENROLMENT_WANTED = "enrolment_wanted"
    """Staff without a second factor: they get one before anything else (DESIGN 4.22)."""
    PASSWORD_DUE = "password_due"  # noqa: S105 - an outcome
    SIGNED_IN = "signed_in"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a try comes from. `device` names the browser if `device_of` has signed in with it before."""

    source: str
    device: str = ""
    device_of: UUID | None = None
    browser: str = ""
    old_session: bytes | None = None
    """Hash of the session cookie that it brought along."""
    remember: bool | None = None
    """Whether the person wants to stay logged in; None: as the session in its place did."""
    device_name: str = ""

    def known_to(self, account: Account) -> str:
        """The device, if this account knows it, else the empty name that all strangers share."""
        return self.device if self.device_of == account.id else ""


@dataclass(frozen=True, slots=True)
class LoginResult:
    """The outcome, the account if the password was right, and the cookie's value if a session began."""

    outcome: LoginOutcome
    account: Account | None = None
    token: str | None = None


async def begin_login(
    login: str, visitor: Visitor, *, records: Records, clock: Clock, failures_of_all: int = FAILURES_OF_ALL
) -> Account | None:
    """The account that is meant, if there is one; the try is counted either way.

    Raises:
        DomainError: RATE_LIMITED, the same for known and unknown names; its code is `too_many_everywhere` when so many
            logins failed everywhere that only devices come in that are known.
    """
    now = clock()
    await count_attempt(attempt_key("source", visitor.source), SOURCE, throttles=records.throttles, now=now)
    account = await records.accounts.find_for_login(login)
    key = login_key(account, visitor) if account else attempt_key("login", normal_key(login))
    await count_attempt(key, LOGIN, throttles=records.throttles, now=now)
    wait = await count_anybodys(failures_of_all, throttles=records.throttles, now=now)
    if wait and not (account and visitor.known_to(account)):
        raise DomainError(ErrorKind.RATE_LIMITED, "too_many_everywhere", retry_after=wait)
    return account


def login_key(account: Account, visitor: Visitor) -> str:
    """Known devices count by themselves: a stranger's failures never lock the owner out (A12)."""
    return account_key("login", account.id, visitor.known_to(account))


async def finish_login(
    account: Account | None,
    *,
    matches: bool,
    fresh_hash: str | None,
    visitor: Visitor,
    records: Records,
    rules: SessionRules,
) -> LoginResult:
    """Judges the verified password. `fresh_hash` replaces a hash with outdated costs.

    The account is read again: a password that was changed while the old one was verified does not log in.
    """
    if account is None or not matches:
        return LoginResult(LoginOutcome.REFUSED)
    current = await records.accounts.get(account.id, lock=True)
    if current is None or current.password_hash != account.password_hash:
        return LoginResult(LoginOutcome.REFUSED)
    if current.state is AccountState.UNCONFIRMED:
        return LoginResult(LoginOutcome.UNCONFIRMED, current)
    if current.state is not AccountState.ACTIVE:
        return LoginResult(LoginOutcome.REFUSED)
    await records.throttles.clear([login_key(account, visitor)])
    now = rules.clock()
    for key in (attempt_key("source", visitor.source), anybodys_key(window_of(now)[0])):
        await forgive_attempt(key, throttles=records.throttles, now=now)
    if fresh_hash:
        await records.accounts.save(replace(current, password_hash=fresh_hash))
    outcome = await owed_step(current, records=records)
    pending = outcome is not LoginOutcome.SIGNED_IN
    token = await sign_in(current, visitor, records=records, rules=rules, second_factor=False, pending=pending)
    return LoginResult(outcome, current, token)


async def owed_step(account: Account, *, records: Records) -> LoginOutcome:
    """Whoever has a factor gives it at each login, on whatever device; staff without one get one first."""
    factors = await records.second_factors.factors(account.id)
    if factors.any:
        return LoginOutcome.CODE_WANTED
    return LoginOutcome.ENROLMENT_WANTED if account.staff else LoginOutcome.SIGNED_IN


async def sign_in(
    account: Account,
    visitor: Visitor,
    *,
    records: Records,
    rules: SessionRules,
    second_factor: bool,
    pending: bool = False,
) -> str:
    """The cookie of a new session; a pending one is good for nothing but the second factor."""
    if not pending:
        await record_own(account.id, HistoryAction.SIGNED_IN, records=records, rules=rules, browser=visitor.browser)
    return await renew_session(
        account, visitor, records=records, rules=rules, second_factor=second_factor, pending=pending
    )


async def renew_session(
    account: Account,
    visitor: Visitor,
    *,
    records: Records,
    rules: SessionRules,
    second_factor: bool,
    pending: bool = False,
) -> str:
    """A new session in place of whatever the browser had (S01)."""
    old = await records.sessions.find(visitor.old_session) if visitor.old_session else None
    if old:
        await end_sessions(old[0].account_id, [old[0].id], records=records)
    return await start_session(
        account,
        browser=visitor.browser,
        sessions=records.sessions,
        rules=rules,
        second_factor=second_factor,
        **_staying(account, visitor, old[0] if old and old[0].alive(rules.clock()) else None),
        pending=pending,
    )


def _staying(account: Account, visitor: Visitor, old: Session | None) -> _Staying:
    """A wish told at the login; else what the session before was, so that a second factor does not lose it."""
    if visitor.remember is not None:
        return {"remembered": visitor.remember, "device_name": visitor.device_name}
    if old is None or old.account_id != account.id:
        return {"remembered": False, "device_name": ""}
    return {"remembered": old.remembered, "device_name": old.device_name}
