"""Dates, times, amounts and numbers as people read them: in their language and the brand's zone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as TimeOfDay  # noqa: N812 - `time` is a filter here
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal
from markupsafe import Markup

Clock = Callable[[], datetime]
Moment = datetime
CalendarDay = date
Day = date | datetime

_SOON = timedelta(hours=12)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_MEGABYTE = 1_000_000
_WORDS = {
    "de": {"just now": "gerade eben", "yesterday": "gestern"},
    "en": {"just now": "just now", "yesterday": "yesterday"},
}
_DAY_PATTERNS = {"de": ("d. MMM", "d. MMM y"), "en": ("d MMM", "d MMM y")}


class Formats:
    """The filters of the templates for one language. Moments come with a zone and are stored in UTC."""

    def __init__(self, *, language: str, zone: ZoneInfo, currency: str, clock: Clock) -> None:
        self._language = language
        self._zone = zone
        self._currency = currency
        self._clock = clock

    def date(self, value: Day, length: str = "long") -> str:
        """22. November 2026; `length` short gives 22.11.2026 like Babel's medium."""
        day = self._local_day(value)
        return _day_text(day, "medium" if length == "short" else length, self._language)

    def day(self, value: Day) -> str:
        """22. Nov., with the year only when it is another one than this."""
        day = self._local_day(value)
        same_year = day.year == self._local_day(self._clock()).year
        short, full = _DAY_PATTERNS.get(self._language, _DAY_PATTERNS["en"])
        return _day_text(day, short if same_year else full, self._language)

    def datetime(self, value: Moment) -> str:
        """22. November 2026, 08:12."""
        return f"{self.date(value)}, {self.time(value)}"

    def time(self, value: Moment) -> str:
        """08:12."""
        local = self._local(value)
        return _clock_text(local.hour, local.minute, self._language)

    def weekday(self, value: Moment) -> str:
        """Montag."""
        return format_datetime(self._local(value), "EEEE", locale=self._language)

    def ago(self, value: Moment) -> Markup:
        """Vor 12 Min., with the full time in the element's title; a day and a time when it is longer ago."""
        full = self.datetime(value)
        return Markup('<time datetime="{}" title="{}">{}</time>').format(
            value.isoformat(timespec="seconds"), full, self._near(value)
        )

    def money(self, value: Decimal | int, currency: str | None = None) -> str:
        """128,40 €."""
        return format_currency(value, currency or self._currency, locale=self._language)

    def number(self, value: Decimal | float) -> str:
        """1.482."""
        return format_decimal(value, locale=self._language)

    def size(self, value: int) -> str:
        """1,2 MB: bytes as people count them, by thousands."""
        if value < _MEGABYTE:
            return f"{self.number(max(1, round(value / 1000)))} kB"
        return f"{format_decimal(value / _MEGABYTE, format='#,##0.0', locale=self._language)} MB"

    def _near(self, value: Moment) -> str:
        past = self._clock() - value
        if timedelta() <= past < _MINUTE:
            return self._word("just now")
        if _MINUTE <= past < _SOON:
            return format_timedelta(-past, format="short", add_direction=True, locale=self._language)
        if self._local_day(self._clock()) - self._local_day(value) == _DAY:
            return f"{self._word('yesterday')}, {self.time(value)}"
        return f"{self.day(value)}, {self.time(value)}"

    def _word(self, name: str) -> str:
        return _WORDS.get(self._language, _WORDS["en"])[name]

    def _local(self, value: Moment) -> Moment:
        return value.astimezone(self._zone)

    def _local_day(self, value: Day) -> CalendarDay:
        return self._local(value).date() if isinstance(value, Moment) else value


# Lists show the same few days and times again and again, and Babel takes 10 microseconds for each.
@lru_cache(maxsize=4096)
def _day_text(day: CalendarDay, pattern: str, language: str) -> str:
    return format_date(day, pattern, locale=language)


@lru_cache(maxsize=4096)
def _clock_text(hour: int, minute: int, language: str) -> str:
    return format_time(TimeOfDay(hour, minute), "HH:mm", locale=language)
