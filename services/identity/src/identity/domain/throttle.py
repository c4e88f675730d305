"""How failures slow down whoever makes them. Pure arithmetic; the counters live in the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NEVER = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of one key: how many tries, the last one, and until when the next must wait."""

    tries: int
    last_at: datetime
    paused_until: datetime

    def wait(self, now: datetime) -> timedelta:
        """How long to wait before the next try; zero when it may be made."""
        return max(self.paused_until - now, timedelta(0))


@dataclass(frozen=True, slots=True)
class Pace:
    """`free` tries without a pause, then pauses doubling from `first` to `longest`; forgotten after `forget` of rest.

    At `stop` tries in a row only a success elsewhere or a reset helps (NIST SP 800-63B-4: at most 100).
    """

    free: int
    first: timedelta
    longest: timedelta
    forget: timedelta
    stop: int | None = None

    def after_try(self, tally: Tally | None, now: datetime) -> Tally:
        """The tally when one more try has been made."""
        tries = 1 if tally is None or self._forgotten(tally, now) else tally.tries + 1
        return Tally(tries, now, now + self._pause(tries))

    def _forgotten(self, tally: Tally, now: datetime) -> bool:
        # Counted from the end of a pause: sitting one out is not rest.
        rest = now - max(tally.last_at, tally.paused_until)
        return rest >= self.forget and not self._stopped(tally.tries)

    def _stopped(self, tries: int) -> bool:
        return self.stop is not None and tries >= self.stop

    def _pause(self, tries: int) -> timedelta:
        if self._stopped(tries):
            return NEVER
        if tries < self.free:
            return timedelta(0)
        doublings = min(tries - self.free, 30)
        pause: timedelta = self.first * (1 << doublings)
        return min(pause, self.longest)


def window_of(now: datetime) -> tuple[int, timedelta]:
    """The window in which a moment lies, by its number, and how much of it is left."""
    number, gone = divmod(now.timestamp(), WINDOW.total_seconds())
    return int(number), WINDOW - timedelta(seconds=gone)


LOGIN = Pace(free=5, first=timedelta(seconds=30), longest=timedelta(hours=1), forget=timedelta(days=1), stop=100)
"""Passwords and one-time codes, per account and known device; all strangers to an account share one tally."""
SOURCE = Pace(free=30, first=timedelta(minutes=1), longest=timedelta(hours=1), forget=timedelta(hours=1))
"""Failed logins from one address, whatever the account (A13)."""
WINDOW = timedelta(minutes=10)
"""Of the failures of everybody together."""
FAILURES_OF_ALL = 1000
"""In a window, unless an installation says otherwise."""
HINTS = Pace(free=120, first=timedelta(minutes=5), longest=timedelta(hours=1), forget=timedelta(hours=1))
"""Questions from one address whether a user name is taken: some for each name that is being typed."""
NAMES = Pace(free=10, first=timedelta(minutes=15), longest=timedelta(hours=1), forget=timedelta(hours=1))
"""Tries of one account to get another user name."""
MAILS = Pace(free=3, first=timedelta(minutes=15), longest=timedelta(minutes=15), forget=timedelta(minutes=15))
"""Mails to one address. The window is shorter than a reset link lives, so there is always one that works."""
CLIENT_TRIES = Pace(free=10, first=timedelta(seconds=30), longest=timedelta(hours=1), forget=timedelta(hours=1))
"""Wrong secrets of one API client from one address."""
TOKENS = Pace(free=60, first=timedelta(minutes=1), longest=timedelta(minutes=1), forget=timedelta(hours=1))
"""Access tokens of one API client: each lives an hour, so more than a few means that it keeps none."""
