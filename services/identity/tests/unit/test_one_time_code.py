"""Codes of RFC 6238, and the window in which they are accepted (A15)."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.one_time_code import code_at, matching_step, otpauth_uri, secret_text

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    assert code_at(SECRET, seconds // 30) == code


@given(st.binary(min_size=16, max_size=40), st.integers(0, 4_000_000_000))
def test_same_codes_as_another_implementation(secret: bytes, seconds: int) -> None:
    assert code_at(secret, seconds // 30) == pyotp.TOTP(secret_text(secret)).at(seconds)


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_clock_difference(steps: int, accepted: bool) -> None:
    now = datetime(2026, 11, 22, 9, 0, 10, tzinfo=UTC)
    current = int(now.timestamp()) // 30
    found = matching_step(SECRET, code_at(SECRET, current + steps), now)
    assert found == (current + steps if accepted else None)


def test_blanks_between_the_digits_do_not_matter() -> None:
    now = datetime.fromtimestamp(59, UTC)
    assert matching_step(SECRET, " 287 082 ", now) == 1


@given(st.text(max_size=20))
def test_any_text_is_answered(typed: str) -> None:
    assert matching_step(SECRET, typed, datetime.fromtimestamp(59, UTC) + timedelta(days=9)) in {None, *range(30_000)}


def test_the_address_for_authenticator_apps() -> None:
    uri = pyotp.parse_uri(otpauth_uri(SECRET, "agent@nordwerk.example", "Nord & Werk"))
    assert (uri.name, uri.issuer) == ("agent@nordwerk.example", "Nord & Werk")
    assert uri.at(59) == "287082"
