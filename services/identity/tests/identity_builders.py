"""Things of the domain with sensible values, of which a test names only those that matter to it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from chassis.key_ring import KeyRing
from identity.domain.account import Account, AccountState
from identity.domain.challenge import LIFETIMES, Challenge, Purpose
from identity.domain.history import ActorKind, HistoryAction, HistoryEntry
from identity.domain.session import Session, SessionLimits
from identity.usecases.log_in import Visitor
from identity.usecases.start_session import SessionRules

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEYS = KeyRing({"k1": bytes(range(32))})
VISITOR = Visitor(source="203.0.113.7", browser="Firefox, Windows")


@dataclass
class Clock:
    """A clock that stands until the test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


def make_rules(clock: Clock) -> SessionRules:
    return SessionRules(
        customers=SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
        remembered=timedelta(days=30),
        staff=SessionLimits(idle=timedelta(minutes=30), absolute=timedelta(hours=12)),
        clock=clock,
        new_id=uuid4,
        new_token=lambda: uuid4().bytes + uuid4().bytes,
    )


def an_account(username: str = "anna", **changes: Any) -> Account:
    values: dict[str, Any] = {
        "id": uuid4(),
        "username": username,
        "email": f"{username}@beispiel.at",
        "display_name": "Anna Muster",
        "language": "de",
        "state": AccountState.ACTIVE,
        "created_at": NOW,
        "password_hash": "hash of the password",
    }
    return Account(**(values | changes))


def a_challenge(account: Account | None, purpose: Purpose = Purpose.RESET_PASSWORD, **changes: Any) -> Challenge:
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": account.id if account else None,
        "purpose": purpose,
        "key_id": "k1",
        "issued_at": NOW,
        "expires_at": NOW + LIFETIMES[purpose],
    }
    return Challenge(**(values | changes))


def a_session(account: Account, **changes: Any) -> Session:
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": account.id,
        "token_hash": uuid4().bytes,
        "authenticated_at": NOW,
        "seen_at": NOW,
        "idle_until": NOW + timedelta(hours=2),
        "expires_at": NOW + timedelta(hours=24),
        "browser": "Firefox, Windows",
    }
    return Session(**(values | changes))


def an_entry(account: Account, **changes: Any) -> HistoryEntry:
    values: dict[str, Any] = {
        "id": uuid4(),
        "account_id": account.id,
        "at": NOW,
        "actor_kind": ActorKind.SELF,
        "actor_id": account.id,
        "action": HistoryAction.SIGNED_IN,
    }
    return HistoryEntry(**(values | changes))
