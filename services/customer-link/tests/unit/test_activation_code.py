"""The alphabet and the check symbol: every single typo and every swap is caught."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_link.domain.activation_code import ALPHABET, LENGTH, MistypedCodeError, make_code, read_code, shown_code

PLACES = st.integers(0, LENGTH - 1)


@st.composite
def codes(draw: st.DrawFn) -> str:
    return make_code(lambda below: draw(st.integers(0, below - 1)))


@given(codes(), st.sampled_from(["", " ", "-", " - ", "\u2013"]))
def test_case_blanks_and_dashes_do_not_matter(code: str, between: str) -> None:
    assert read_code(code) == code
    assert read_code(shown_code(code)) == code
    assert read_code(f" {between.join(code.lower())}\t") == code


@given(
    codes(), st.sampled_from(["Freischaltcode:", "Freischaltcode ", "FREISCHALT-CODE: ", "Activation code: ", " Code="])
)
def test_the_label_that_was_pasted_with_it_does_not_matter(code: str, label: str) -> None:
    assert read_code(f"{label}{shown_code(code)} ") == code


@given(codes(), PLACES, st.sampled_from(ALPHABET))
def test_every_single_wrong_symbol_is_caught(code: str, place: int, symbol: str) -> None:
    typed = code[:place] + symbol + code[place + 1 :]
    if typed == code:
        return
    with pytest.raises(MistypedCodeError, match="check"):
        read_code(typed)


@given(codes(), PLACES, PLACES)
def test_every_swap_is_caught(code: str, one: int, other: int) -> None:
    symbols = list(code)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    typed = "".join(symbols)
    if typed == code:
        return
    with pytest.raises(MistypedCodeError, match="check"):
        read_code(typed)


@pytest.mark.parametrize(
    ("typed", "reason", "symbol"),
    [
        ("", "missing", ""),
        (" - ", "missing", ""),
        ("Freischaltcode:", "missing", ""),
        ("7K4M", "length", ""),
        ("7K4M-9QXD-3FWH-7", "length", ""),
        ("0K4M-9QXD-3FWH", "symbol", "0"),
        ("straße", "symbol", "S"),
    ],
)
def test_what_cannot_be_a_code_says_why(typed: str, reason: str, symbol: str) -> None:
    with pytest.raises(MistypedCodeError) as error:
        read_code(typed)
    assert (error.value.reason, error.value.symbol) == (reason, symbol)


@given(st.text())
def test_any_text_is_a_code_or_mistyped(typed: str) -> None:
    try:
        code = read_code(typed)
    except MistypedCodeError:
        return
    assert len(code) == LENGTH


def test_no_symbol_can_be_taken_for_another() -> None:
    assert len(set(ALPHABET)) == 23
    assert not set(ALPHABET) & set("0O1IL2Z5SUAE")
