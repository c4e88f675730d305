"""The state machine of codes and links against a plain model, on the fakes."""

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from code_life import ACTS, CodeLife
from customer_link_builders import stock
from customer_link_fakes import fake_stores


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 999)), max_size=40), st.integers(0, 2**32))
def test_codes_and_links_go_the_way_of_the_model(acts: list[tuple[str, int]], seed: int) -> None:
    async def walk() -> None:
        life = CodeLife(fake_stores().records, Random(seed))
        await stock(life.records)
        for name, pick in acts:
            await life.act(name, pick)
            await life.compare()

    asyncio.run(walk())
