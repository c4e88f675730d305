"""Count a try before it is made, and refuse it while its key is paused. Atomic: parallel guesses queue up."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from identity.domain.throttle import Pace, Tally, window_of
from identity.usecases.ports import ThrottleStore


def attempt_key(scope: str, *parts: str) -> str:
    """A key that names nobody: what was typed is hashed."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{scope}:{digest[:32]}"


def account_key(scope: str, account_id: UUID, device: str = "") -> str:
    """The key of one account, and of one device that it knows; all other devices share one."""
    return f"{account_id}:{scope}:{device}"


async def count_attempt(key: str, pace: Pace, *, throttles: ThrottleStore, now: datetime) -> None:
    """Counts one try.

    Raises:
        DomainError: RATE_LIMITED with `retry_after`; the try is neither made nor counted.
    """
    tally = await throttles.lock(key, now)
    wait = tally.wait(now) if tally else None
    if wait:
        raise DomainError(ErrorKind.RATE_LIMITED, "too_many_attempts", retry_after=wait)
    await throttles.save(key, pace.after_try(tally, now))


async def count_anybodys(limit: int, *, throttles: ThrottleStore, now: datetime) -> timedelta | None:
    """Counts a try towards the failures of everybody (A13); how long strangers must wait, if there are too many.

    A window has a key of its own: what happens all day long would never rest, and so never be forgotten.
    """
    window, left = window_of(now)
    key = anybodys_key(window)
    tally = await throttles.lock(key, now)
    tries = tally.tries if tally else 0
    await throttles.save(key, Tally(tries + 1, now, now))
    return left if tries >= limit else None


def anybodys_key(window: int) -> str:
    """The key of all failed logins of a window."""
    return f"everybody:{window}"


async def may_send_mail(key: str, pace: Pace, *, throttles: ThrottleStore, now: datetime) -> bool:
    """Counts one mail, and says whether it may go; the same statements either way."""
    tally = await throttles.lock(key, now)
    if tally and tally.wait(now):
        await throttles.save(key, tally)
        return False
    await throttles.save(key, pace.after_try(tally, now))
    return True


async def forgive_attempt(key: str, *, throttles: ThrottleStore, now: datetime) -> None:
    """Takes one try back that turned out to be honest: many people may share one address."""
    tally = await throttles.lock(key, now)
    if tally:
        await throttles.save(key, Tally(max(tally.tries - 1, 0), tally.last_at, now))
