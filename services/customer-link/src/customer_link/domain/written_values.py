"""Days, times and amounts as people write them in spreadsheets."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_AMOUNTS = (
    re.compile(r"(?P<whole>-?\d{1,10})(?:[.,](?P<part>\d{1,2}))?"),
    re.compile(r"(?P<whole>-?\d{1,3}(?:\.\d{3}){1,3})(?:,(?P<part>\d{1,2}))?"),
    re.compile(r"(?P<whole>-?\d{1,3}(?:,\d{3}){1,3})\.(?P<part>\d{1,2})"),
)


def read_day(written: str) -> date | None:
    """`2026-11-30` or `30.11.2026`; None for anything else."""
    german = _GERMAN_DAY.fullmatch(written.strip())
    try:
        if german:
            return date(int(german[3]), int(german[2]), int(german[1]))
        return date.fromisoformat(written.strip())
    except ValueError:
        return None


def read_moment(written: str, zone: ZoneInfo) -> datetime | None:
    """A day, meaning its beginning, or day and time such as `2026-11-30 14:30`, in the zone unless it says another."""
    day = read_day(written)
    try:
        read = datetime(day.year, day.month, day.day) if day else datetime.fromisoformat(written.strip())  # noqa: DTZ001
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_cents(written: str) -> int | None:
    """`1234,5`, `1.234,50` and `1,234.50` as hundredths; None for what could be read in two ways."""
    for form in _AMOUNTS:
        if found := form.fullmatch(written.strip()):
            whole = found["whole"].replace(".", "").replace(",", "")
            return int(whole + (found["part"] or "").ljust(2, "0"))
    return None
