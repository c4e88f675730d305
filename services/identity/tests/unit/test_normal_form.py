"""Names that a person reads as the same are the same (A19)."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.adapters.mail_address import read_mail_address
from identity.domain.normal_form import mixes_scripts, normal_key, username_problem


@pytest.mark.parametrize("spelling", ["mu\u0308ller", "MÜLLER", " Müller ", "mÜller", "Ｍüller"])
def test_sec_a19_spellings_of_one_name_collide(spelling: str) -> None:
    assert normal_key(spelling) == normal_key("Müller")


@pytest.mark.parametrize("ending", [" ", ".", "...", " . ", "\u3002", "\u00a0", "\uff0e"])
def test_sec_a19_blanks_and_dots_at_the_end_make_no_other_name(ending: str) -> None:
    assert normal_key(f"anna{ending}") == normal_key("anna")
    assert normal_key(f"anna@beispiel.at{ending}") == normal_key("anna@beispiel.at")


@pytest.mark.parametrize(
    "address",
    [
        "anna@MÜLLER.example",
        "anna@mu\u0308ller.example",
        "Anna@xn--mller-kva.example",
        "anna@XN--MLLER-KVA.example.",
        "anna@müller\u3002example",
        "anna@ｍüller．example",
    ],
)
def test_sec_a19_an_international_domain_is_one_however_it_is_written(address: str) -> None:
    assert normal_key(address) == normal_key("anna@müller.example") == "anna@xn--mller-kva.example"


@pytest.mark.parametrize("domain", ["bеispiel.example", "ραypal.example", "app.gοv.example"])
def test_sec_a19_a_domain_of_look_alike_letters_is_refused(domain: str) -> None:
    """Cyrillic and Greek letters in between: another domain, made to be taken for this one."""
    assert mixes_scripts(domain)
    assert read_mail_address(f"anna@{domain}") is None


@pytest.mark.parametrize(
    "domain", ["müller.example", "пример.example", "παράδειγμα.example", "例え.example", "a1.example"]
)
def test_sec_a19_honest_international_domains_are_fine(domain: str) -> None:
    assert not mixes_scripts(domain)
    assert read_mail_address(f"anna@{domain}") == f"anna@{domain}"


def test_a_very_long_text_is_compared_at_once() -> None:
    begun = time.perf_counter()
    normal_key("a@" + "ü" * 20_000)
    assert time.perf_counter() - begun < 0.5


@given(st.emails())
def test_sec_a19_case_and_ending_never_make_another_address(address: str) -> None:
    assert normal_key(f" {address.upper()}. ") == normal_key(address.upper())


def test_sharp_s_and_its_capital_spelling_collide() -> None:
    assert normal_key("Straße") == normal_key("STRASSE")


@given(st.one_of(st.text(), st.builds("{}@{}".format, st.text(max_size=5), st.text(max_size=12))))
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
