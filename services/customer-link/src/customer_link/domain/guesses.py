"""How many real failures are let pass. A stranger's guesses never block the honest customer (DESIGN 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PER_ACCOUNT_A_DAY = 10
PER_SOURCE_AN_HOUR = 30
ALARM_EVERY = 20
"""Staff are told at every twentieth failure a day at one number; the number itself stays open."""


@dataclass(frozen=True, slots=True)
class Guesses:
    """What has failed lately; the times are of the oldest failure that still counts."""

    by_account: int = 0
    oldest_by_account: datetime | None = None
    by_source: int = 0
    oldest_by_source: datetime | None = None
    of_number: int = 0

    def paused_until(self) -> datetime | None:
        """When the next try may be made; None: now."""
        ends = []
        if self.by_account >= PER_ACCOUNT_A_DAY and self.oldest_by_account:
            ends.append(self.oldest_by_account + DAY)
        if self.by_source >= PER_SOURCE_AN_HOUR and self.oldest_by_source:
            ends.append(self.oldest_by_source + HOUR)
        return max(ends, default=None)

    @property
    def alarming(self) -> bool:
        """Whether one more failure at this number is something for staff."""
        return (self.of_number + 1) % ALARM_EVERY == 0
