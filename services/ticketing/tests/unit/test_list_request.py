from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError
from ticketing.domain.listing import Cursor, Sort
from ticketing.domain.ticket_number import TicketNumber
from ticketing.domain.ticket_state import UNFINISHED, TicketState
from ticketing.entrypoints.list_request import ListRequest, from_token, to_token
from ticketing_builders import a_policy

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001
CURSORS = st.builds(
    Cursor, MOMENTS, st.builds(TicketNumber, st.integers(1999, 2200), st.integers(1, 10**8)), st.uuids()
)


@given(CURSORS)
def test_a_token_leads_exactly_to_where_it_was_made(cursor: Cursor) -> None:
    assert from_token(to_token(cursor)) == cursor


@given(st.text(min_size=1, max_size=60))
def test_no_made_up_token_does_anything_but_be_refused(token: str) -> None:
    try:
        from_token(token)
    except DomainError as error:
        assert error.code == "page_token_invalid"  # noqa: PT017 - any other exception fails the test


def test_filters_are_read() -> None:
    asked = ListRequest.read({"q": " Lauf\x00 ab ", "kind": "idea", "state": "open", "sort": "number"}, a_policy())
    assert (asked.search, asked.kind, asked.sort) == ("Lauf ab", "idea", Sort.NUMBER)
    assert set(asked.states) == UNFINISHED
    assert asked.parameters() == {"q": "Lauf ab", "kind": "idea", "state": "open", "sort": "number"}


def test_what_nobody_offers_is_as_if_it_were_not_there() -> None:
    asked = ListRequest.read({"kind": "nonsense", "state": "nonsense", "sort": "nonsense"}, a_policy())
    assert asked == ListRequest()
    assert not asked.is_narrowed


@pytest.mark.parametrize(
    ("query", "states"),
    [
        ({"state": "all"}, ()),
        ({"state": "waiting"}, (TicketState.WAITING,)),
        ({}, tuple(sorted(UNFINISHED))),
        ({"state": "nonsense"}, tuple(sorted(UNFINISHED))),
    ],
)
def test_a_list_may_begin_with_what_is_unfinished(query: dict[str, str], states: tuple[TicketState, ...]) -> None:
    assert ListRequest.read(query, a_policy(), state="open").states == states
