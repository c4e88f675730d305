"""Tokens of the next page."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError, ErrorKind
from chassis.page_tokens import LONGEST_PAGE_TOKEN, read_page_token, write_page_token

POSITIONS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), max_size=4)


@given(POSITIONS)
def test_position_comes_back(position: list[str]) -> None:
    token = write_page_token(*position)
    assert read_page_token(token, len(position)) == tuple(position)
    assert token.isascii()
    with pytest.raises(DomainError):
        read_page_token(token, len(position) + 1)


def test_first_page_has_no_token() -> None:
    assert read_page_token("", 2) is None


@given(st.text(min_size=1, max_size=LONGEST_PAGE_TOKEN))
def test_anything_else_is_refused(token: str) -> None:
    with pytest.raises(DomainError) as raised:
        read_page_token(token, 7)
    assert (raised.value.kind, raised.value.code) == (ErrorKind.INVALID, "page_token_invalid")


@pytest.mark.parametrize("text", ['[1,"a"]', '["a\\u0000","b"]', '["\\ud800","b"]', '{"a":"b"}', "[" * 300, "null"])
def test_what_no_database_takes_is_refused(text: str) -> None:
    with pytest.raises(DomainError):
        read_page_token(base64.urlsafe_b64encode(text.encode()).decode().rstrip("="), 2)
