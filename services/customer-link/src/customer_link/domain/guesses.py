"""How many real failures are let pass. A stranger's guesses never block the honest customer (DESIGN 6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PER_ACCOUNT_A_DAY = 10
PER_SOURCE_AN_HOUR = 30
ALARMING_AT_NUMBER = 20
"""Staff are told from the twentieth failure a day at one number; the number itself stays open."""


class Guessed(StrEnum):
    """Of whom or what staff are told."""

    ACCOUNT = "account"
    SOURCE = "source"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class GuessAlert:
    """What staff have not looked at yet: an account's id, an address, or a number in its compared form."""

    id: int
    kind: Guessed
    subject: str
    failures: int
    first_at: datetime
    last_at: datetime


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

    def alarms(self) -> list[tuple[Guessed, int]]:
        """What staff are to be told of when one more failure comes, and how many there are then."""
        counts = (
            (Guessed.ACCOUNT, self.by_account + 1, PER_ACCOUNT_A_DAY),
            (Guessed.SOURCE, self.by_source + 1, PER_SOURCE_AN_HOUR),
            (Guessed.NUMBER, self.of_number + 1, ALARMING_AT_NUMBER),
        )
        return [(kind, count) for kind, count, limit in counts if count >= limit]
