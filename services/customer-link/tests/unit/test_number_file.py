"""Lists of numbers as staff give them, and cells that a spreadsheet leaves alone."""

import pytest

from customer_link.domain.code_batch import MOST_NUMBERS
from customer_link.domain.csv_cell import harmless
from customer_link.entrypoints.number_file import NumbersError, decode, read_numbers


@pytest.mark.parametrize(
    ("content", "numbers"),
    [
        ("4711 0702\n\n 4802 0110 \n", ["4711 0702", "4802 0110"]),
        ("Kundennummer\n1\n2", ["1", "2"]),
        ("name,customer_number\nA,1\n,\nB,2", ["1", "2"]),
        ("Kunden-Nummer;Ort\n1;Wien", ["1"]),
        ('"1"\t"x"\n"2"', ["1", "2"]),
    ],
)
def test_numbers_are_read_from_lines_and_columns(content: str, numbers: list[str]) -> None:
    assert read_numbers(content) == numbers


@pytest.mark.parametrize(
    ("content", "problem"), [("", "empty"), ("Kundennummer\n", "empty"), ("1\n" * (MOST_NUMBERS + 1), "too_many")]
)
def test_an_unusable_list_says_why(content: str, problem: str) -> None:
    with pytest.raises(NumbersError, match=problem):
        read_numbers(content)


def test_only_utf_8_is_read() -> None:
    assert decode("\ufeffä".encode()) == "ä"
    with pytest.raises(NumbersError, match="unreadable"):
        decode("ä".encode("latin-1"))


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_i10_a_cell_that_would_be_calculated_is_not(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("4711 0702") == "4711 0702"
