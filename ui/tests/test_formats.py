"""Dates, amounts and how long ago."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ui.formats import Formats

NOW = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)


def formats(language: str = "de") -> Formats:
    return Formats(language=language, zone=ZoneInfo("Europe/Vienna"), currency="EUR", clock=lambda: NOW)


def test_german_and_english_dates() -> None:
    assert formats().date(NOW) == "22. November 2026"
    assert formats().date(date(2026, 3, 3), "short") == "03.03.2026"
    assert formats().datetime(NOW) == "22. November 2026, 10:20"
    assert formats("en").date(NOW) == "November 22, 2026"
    assert formats().weekday(NOW) == "Sonntag"


def test_a_day_names_the_year_only_when_it_is_another() -> None:
    assert formats().day(NOW) == "22. Nov."
    assert formats().day(date(2025, 3, 3)) == "3. März 2025"
    assert formats("en").day(NOW) == "22 Nov"


def test_the_zone_decides_on_the_day() -> None:
    assert formats().date(datetime(2026, 11, 21, 23, 30, tzinfo=UTC)) == "22. November 2026"


def test_amounts_and_numbers() -> None:
    assert formats().money(Decimal("128.40")) == "128,40\N{NO-BREAK SPACE}€"
    assert formats("en").money(Decimal("1128.40"), "CHF") == "CHF1,128.40"
    assert formats().number(1482) == "1.482"
    assert formats().size(1) == "1 kB"
    assert formats().size(999_400) == "999 kB"
    assert formats().size(1_250_000) == "1,2 MB"
    assert formats("en").size(10_485_760) == "10.5 MB"


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(seconds=20), "gerade eben"),
        (timedelta(minutes=12), "vor 12 Min."),
        (timedelta(hours=3), "vor 3 Std."),
        (timedelta(hours=17), "gestern, 17:20"),
        (timedelta(days=2), "20. Nov., 10:20"),
        (timedelta(days=400), "18. Okt. 2025, 11:20"),
        (-timedelta(hours=2), "22. Nov., 12:20"),
    ],
)
def test_near_times_are_told_as_people_do_with_the_full_time_in_the_title(past: timedelta, said: str) -> None:
    html = formats().ago(NOW - past)
    assert f">{said}</time>" in html
    assert f'title="{formats().datetime(NOW - past)}"' in html
    assert 'datetime="' in html


def test_english_says_it_too() -> None:
    assert ">12 min. ago</time>" in formats("en").ago(NOW - timedelta(minutes=12))
    assert ">yesterday, 17:20</time>" in formats("en").ago(NOW - timedelta(hours=17))
