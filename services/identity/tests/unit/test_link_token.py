"""The word in a mailed link."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.link_token import pack, unpack


@given(st.uuids(), st.binary(min_size=32, max_size=32))
def test_what_is_packed_is_unpacked(challenge_id: UUID, mac: bytes) -> None:
    assert unpack(pack(challenge_id, mac)) == (challenge_id, mac)


def test_it_stands_in_a_path_as_it_is() -> None:
    assert set(pack(UUID(int=2**128 - 1), b"\xff" * 32)) <= set("_")


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    found = unpack(text)
    assert found is None or pack(*found) == text


@pytest.mark.parametrize("text", ["", "x", "=" * 64, "ä" * 64, "A" * 63, "A" * 68, "A" * 60 + "\n\n\n\n"])
def test_other_words_are_none(text: str) -> None:
    assert unpack(text) is None
