"""The state machine of invitations and members against a plain model, on the fakes."""

import asyncio
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.testing_edges import START
from customer_link.domain.invitation import expiry
from customer_link_builders import stock
from customer_link_fakes import fake_stores
from member_life import ACTS, MemberLife


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 999)), max_size=40))
def test_members_and_invitations_go_the_way_of_the_model(acts: list[tuple[str, int]]) -> None:
    async def walk() -> None:
        life = MemberLife(fake_stores().records)
        await stock(life.records)
        await life.begin()
        for name, pick in acts:
            await life.act(name, pick)
            await life.compare()

    asyncio.run(walk())


def test_an_invitation_is_open_no_longer_than_the_access_lasts() -> None:
    assert expiry(START, None) == START + timedelta(days=14)
    assert expiry(START, START + timedelta(days=3)) == START + timedelta(days=3)
