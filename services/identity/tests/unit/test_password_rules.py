"""Which passwords are refused (A10, A11 with 12 characters)."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from identity.adapters.blocklist import blocked_words
from identity.domain.password_rules import PasswordRules

RULES = PasswordRules(shortest=12, blocked_words=blocked_words(), brand_words=("tonrecht", "Service-Portal"))
PERSONAL = ("anna.muster", "Anna", "Muster", "Gasthaus Zum Goldenen Ton", "anna@beispiel.at")


@pytest.mark.parametrize(
    "password",
    [
        "vier ruhige Wasserfarben",
        "qx7Lm2vR9tKz",
        "regen auf dem blechdach",
        "ÄÖÜ ßßß €€€ 漢字漢",
        "🎻🎺🎷🥁🎸🎹🎤🎧🎼🎵🎶🪕",
        "korrekt pferd batterie",
        "x9" * 3 + "q" * 5 + "w7" * 30,
    ],
)
def test_sec_a10_accepted_without_any_rule_of_composition(password: str) -> None:
    assert RULES.problem(password, PERSONAL) is None


@pytest.mark.parametrize(
    ("length", "problem"), [(11, "password_short"), (12, None), (64, None), (128, None), (129, "password_long")]
)
def test_sec_a10_length(length: int, problem: str | None) -> None:
    password = ("mq7 zr4 kx9 bw2 " * 9)[:length]
    assert RULES.problem(password, PERSONAL) == problem


@pytest.mark.parametrize(
    "password",
    [
        "Kundenportal",
        "KundenportalKundenportal",
        "Kundenportal2026!",
        "Weihnachten2026",
        "!!!Sommer2026!!!",
        "Fussball2024!",
        "P4ssw0rt!2026!",
        "passwordpassword",
        "aaaaaaaaaaaa",
        "121212121212",
        "123456789012",
        "abcdefghijklm",
        "qwertzuiopasdf",
        "9876543210987",
        "Schmetterling1",
        "Mönchengladbach",
    ],
)
def test_sec_a11_guessable_ones_are_refused(password: str) -> None:
    assert RULES.problem(password, PERSONAL) == "password_common"


@pytest.mark.parametrize(
    "password", ["AnnaMuster2026", "muster-anna-1", "tonrechtAnna!!", "beispiel.at.anna", "GasthausTon77"]
)
def test_sec_a11_names_addresses_and_the_brand_are_refused(password: str) -> None:
    assert RULES.problem(password, PERSONAL) == "password_personal"


def test_composed_and_decomposed_umlauts_have_one_length() -> None:
    assert RULES.problem("u\u0308" * 11, PERSONAL) == "password_short"


def test_a_missing_password_is_called_missing() -> None:
    assert RULES.problem("", PERSONAL) == "password_missing"


@settings(max_examples=200)
@given(st.text(max_size=200), st.lists(st.text(max_size=50), max_size=4))
def test_any_input_is_answered(password: str, personal: list[str]) -> None:
    assert RULES.problem(password, personal) in {
        None,
        "password_missing",
        "password_short",
        "password_long",
        "password_common",
        "password_personal",
    }


@pytest.mark.parametrize("password", ["a" * 128, "ab" * 64, "Sommer" * 21, "1!" * 64, "qwertz" * 21])
def test_sec_a11_no_input_takes_long(password: str) -> None:
    begun = time.perf_counter()
    RULES.problem(password, PERSONAL * 10)
    assert time.perf_counter() - begun < 0.05
