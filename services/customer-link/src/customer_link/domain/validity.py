"""Until when a code holds: to the end of a day, as it is printed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=730)
_DAY = timedelta(days=1)
_FORMS = ("%Y-%m-%d", "%d.%m.%Y")


def read_day(typed: str) -> date | None:
    """2027-02-28 or 28.02.2027."""
    for form in _FORMS:
        try:
            return datetime.strptime(typed.strip(), form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which the day is over there."""
    return datetime.combine(day + _DAY, time(), zone).astimezone(UTC)


def day_after(now: datetime, days: int, zone: ZoneInfo) -> date:
    """The day so many days from today there."""
    return now.astimezone(zone).date() + days * _DAY
