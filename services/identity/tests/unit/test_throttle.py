"""How failures slow down (A12): gently at first, and never for ever before the hundredth."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from identity.domain.challenge import LIFETIMES, Purpose
from identity.domain.throttle import LOGIN, MAILS, NEVER, SOURCE, Pace, Tally
from identity_builders import NOW


def tries(pace: Pace, count: int, *, apart: timedelta = timedelta(0)) -> list[timedelta]:
    """The pauses after each of so many tries, each made as soon as it may be."""
    tally, now, pauses = None, NOW, []
    for _ in range(count):
        tally = pace.after_try(tally, now)
        pauses.append(tally.wait(now))
        now += tally.wait(now) + apart
    return pauses


def test_four_typing_errors_cost_nothing_and_the_fifth_half_a_minute() -> None:
    assert tries(LOGIN, 5) == [timedelta(0)] * 4 + [timedelta(seconds=30)]


def test_pauses_double_up_to_an_hour() -> None:
    minutes = [pause / timedelta(minutes=1) for pause in tries(LOGIN, 14)[4:]]
    assert minutes == [0.5, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_sec_a12_at_the_hundredth_failure_in_a_row_guessing_is_over() -> None:
    pauses = tries(LOGIN, 100)
    assert pauses[98] == timedelta(hours=1)
    assert pauses[99] == NEVER


def test_a_stop_is_not_forgotten_by_waiting() -> None:
    stopped = Tally(100, NOW, NOW + timedelta(hours=1))
    assert LOGIN.after_try(stopped, NOW + timedelta(days=400)).tries == 101


def test_a_day_of_rest_forgets() -> None:
    tired = Tally(20, NOW, NOW + timedelta(hours=1))
    assert LOGIN.after_try(tired, NOW + timedelta(hours=24)).tries == 21
    assert LOGIN.after_try(tired, NOW + timedelta(hours=25)).tries == 1


def test_one_password_against_many_accounts_is_paused_by_the_source() -> None:
    assert sum(pause == timedelta(0) for pause in tries(SOURCE, 100)) < 30


def test_there_is_always_a_mailed_reset_link_that_works() -> None:
    assert MAILS.longest < LIFETIMES[Purpose.RESET_PASSWORD]


@given(st.integers(1, 99), st.integers(0, 400))
def test_waiting_longer_never_makes_it_worse(count: int, minutes: int) -> None:
    impatient, patient = tries(LOGIN, count), tries(LOGIN, count, apart=timedelta(minutes=minutes))
    assert all(calm <= hasty for calm, hasty in zip(patient, impatient, strict=True))
