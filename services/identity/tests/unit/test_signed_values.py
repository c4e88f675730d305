"""Values that a browser keeps and cannot change."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.key_ring import KeyRing
from identity.entrypoints.signed_values import SignedValues
from identity_builders import KEYS, Clock

HOUR = timedelta(hours=1)


def test_what_is_signed_is_read_until_it_is_over() -> None:
    clock = Clock()
    values = SignedValues(KEYS, clock)
    signed = values.sign("device", "a value with blanks", HOUR)
    assert values.read("device", signed) == "a value with blanks"
    clock.forward(hours=1)
    assert values.read("device", signed) is None


def test_another_use_another_value_another_key_are_refused() -> None:
    values = SignedValues(KEYS, Clock())
    signed = values.sign("device", "value", HOUR)
    assert values.read("again", signed) is None
    assert values.read("device", signed[:-2] + "AA") is None
    assert SignedValues(KeyRing({"k1": b"x" * 32}), Clock()).read("device", signed) is None


def test_a_key_that_is_no_longer_the_current_one_is_still_read() -> None:
    signed = SignedValues(KEYS, Clock()).sign("device", "value", HOUR)
    rotated = KeyRing({"k2": b"y" * 32, "k1": bytes(range(32))})
    assert SignedValues(rotated, Clock()).read("device", signed) == "value"


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    assert SignedValues(KEYS, Clock()).read("device", text) is None


@pytest.mark.parametrize("text", [None, "", "A", "AAAA" * 20])
def test_nothing_is_nothing(text: str | None) -> None:
    assert SignedValues(KEYS, Clock()).read("device", text) is None
