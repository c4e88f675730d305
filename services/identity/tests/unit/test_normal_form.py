"""Names that a person reads as the same are the same (A19)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.normal_form import normal_key, username_problem


@pytest.mark.parametrize("spelling", ["mu\u0308ller", "MÜLLER", " Müller ", "mÜller", "Ｍüller"])
def test_sec_a19_spellings_of_one_name_collide(spelling: str) -> None:
    assert normal_key(spelling) == normal_key("Müller")


def test_sharp_s_and_its_capital_spelling_collide() -> None:
    assert normal_key("Straße") == normal_key("STRASSE")


@given(st.text())
def test_a_key_is_its_own_key(text: str) -> None:
    assert normal_key(normal_key(text)) == normal_key(text)


@given(st.text())
def test_composition_makes_no_difference(text: str) -> None:
    assert normal_key(unicodedata.normalize("NFD", text)) == normal_key(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("name", ["anna", "Anna.Muster", "müller_2", "a-b", "x" * 40, "  anna  "])
def test_good_names(name: str) -> None:
    assert username_problem(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "username_missing"),
        ("   ", "username_missing"),
        ("ab", "username_length"),
        ("x" * 41, "username_length"),
        ("anna muster", "username_characters"),
        ("anna@beispiel.at", "username_characters"),
        ("anna.", "username_characters"),
        (".anna", "username_characters"),
        ("аnna", "username_characters"),
        ("anna\u200b", "username_characters"),
    ],
)
def test_bad_names(name: str, problem: str | None) -> None:
    assert username_problem(name) == problem
