import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.domain.search_text import numbers_of, prefixes_of, words_of
from ticketing.domain.ticket_number import TicketNumber

NUMBERS = st.builds(TicketNumber, st.integers(1000, 9999), st.integers(1, 999_999_999))


@given(NUMBERS)
def test_a_number_survives_its_text_and_its_integer(number: TicketNumber) -> None:
    assert TicketNumber.parse(str(number)) == number
    assert TicketNumber.of(number.value) == number


@given(NUMBERS, NUMBERS)
def test_integers_sort_like_numbers(one: TicketNumber, other: TicketNumber) -> None:
    assert (one < other) is (one.value < other.value)


def test_how_it_looks() -> None:
    assert str(TicketNumber(2026, 1482)) == "T-2026-01482"
    assert str(TicketNumber(2026, 123_456)) == "T-2026-123456"


@pytest.mark.parametrize("typed", ["T-2026-01482", "t-2026-1482", " 2026-01482 ", "T 2026 1482"])
def test_what_people_type_for_it(typed: str) -> None:
    assert TicketNumber.parse(typed) == TicketNumber(2026, 1482)


@pytest.mark.parametrize("typed", ["", "T-26-1", "Rechnung 2026-118204", "T-2026-", "T-2026-1234567890"])
def test_what_is_no_number(typed: str) -> None:
    assert TicketNumber.parse(typed) is None


def test_a_mere_serial_means_one_ticket_a_year() -> None:
    assert TicketNumber(2026, 1482) in numbers_of("1482", 2026)
    assert len(numbers_of("1482", 2026)) == len({number.year for number in numbers_of("1482", 2026)})
    assert numbers_of("0", 2026) == []


@given(st.text(max_size=300))
def test_nothing_typed_reaches_the_database_as_a_sign_that_means_something(typed: str) -> None:
    for word in words_of(typed):
        assert word.isalnum() or not set(word) & set("&|!():*<>'\\\"")
    assert set(prefixes_of(words_of(typed))) <= set(words_of(typed))
