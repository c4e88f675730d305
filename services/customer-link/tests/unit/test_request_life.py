"""The state machine of requests against a plain model, on the fakes."""

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from customer_link.domain.link_request import LIFE, REASONS, WAITING, Act, RequestState
from customer_link_builders import stock
from customer_link_fakes import fake_stores
from request_life import ACTS, RequestLife


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 999)), max_size=40),
    st.integers(0, 2**32),
    st.sampled_from([1, 2]),
)
def test_requests_go_the_way_of_the_model(acts: list[tuple[str, int]], seed: int, limit: int) -> None:
    async def walk() -> None:
        life = RequestLife(fake_stores().records, Random(seed), limit)
        await stock(life.records)
        for name, pick in acts:
            await life.act(name, pick)
            await life.compare()

    asyncio.run(walk())


def test_the_table_ends_every_request_and_begins_none_again() -> None:
    assert LIFE.keys() == set(Act)
    assert {after for before, after in LIFE.values()} == set(RequestState)
    assert all(before <= WAITING for before, _ in LIFE.values())
    assert all(reasons for reasons in REASONS.values())
