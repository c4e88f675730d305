"""The alphabet and the check symbol: every single typo and every swap is caught."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_link.domain.activation_code import ALPHABET, LENGTH, MistypedCodeError, make_code, read_code, shown_code


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


def caught(typed: str) -> bool:
    """Whether it is told as a typo."""
    try:
        read_code(typed)
    except MistypedCodeError as error:
        return error.reason == "check"
    return False


@given(codes())
def test_every_single_wrong_symbol_is_caught(code: str) -> None:
    typos = (code[:place] + symbol + code[place + 1 :] for place in range(LENGTH) for symbol in ALPHABET)
    assert [typed for typed in typos if typed != code and not caught(typed)] == []


@given(codes())
def test_every_swap_is_caught(code: str) -> None:
    pairs = ((one, other) for other in range(LENGTH) for one in range(other))
    swaps = (code[:i] + code[j] + code[i + 1 : j] + code[i] + code[j + 1 :] for i, j in pairs)
    assert [typed for typed in swaps if typed != code and not caught(typed)] == []


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
