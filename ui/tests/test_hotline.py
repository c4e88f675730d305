"""The direct line: when somebody answers, and when again (M17)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.hotline import Hotline
from ui_site import load_brand

VIENNA = ZoneInfo("Europe/Vienna")
LINE = load_brand("musik").hotline


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIENNA)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens_next"),
    [
        ("2026-11-23T08:59", False, "2026-11-23T09:00"),
        ("2026-11-23T09:00", True, "2026-11-24T09:00"),
        ("2026-11-23T14:59", True, "2026-11-24T09:00"),
        ("2026-11-23T15:00", False, "2026-11-24T09:00"),
        ("2026-11-27T12:00", False, "2026-11-30T09:00"),
        ("2026-11-22T10:00", False, "2026-11-23T09:00"),
        ("2026-12-08T10:00", False, "2026-12-09T09:00"),
        ("2026-12-23T16:00", False, "2026-12-28T09:00"),
        ("2026-12-31T10:00", False, "2027-01-04T09:00"),
    ],
)
def test_hours_weekends_and_holidays(moment: str, is_open: bool, opens_next: str) -> None:
    assert LINE.open_at(at(moment)) is is_open
    assert LINE.next_opening(at(moment)) == at(opens_next)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)))  # noqa: DTZ001 - the zone comes below
def test_the_next_opening_is_later_and_open(naive: datetime) -> None:
    moment = naive.replace(tzinfo=VIENNA)
    following = LINE.next_opening(moment)
    assert following is not None
    assert following > moment
    assert LINE.open_at(following)
    assert not LINE.open_at(following - timedelta(minutes=1))


def test_a_line_without_hours_never_opens() -> None:
    silent = Hotline(number="1", dial="1", mail="a@b.example", label={}, hours_text={}, hours=())
    assert silent.next_opening(at("2026-11-23T10:00")) is None
