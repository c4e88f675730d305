"""How long sessions live, and how they end."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.callers import token_hash
from chassis.errors import DomainError
from identity.domain.session import REMEMBERED_MARK
from identity.usecases.change_password import change_password
from identity.usecases.end_sessions import end_sessions
from identity.usecases.log_in import sign_in
from identity_builders import VISITOR, a_session, an_account
from identity_world import World


async def test_idle_time_is_extended_at_most_once_a_minute(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account)
    session = next(iter(world.records.sessions.rows.values()))
    world.clock.forward(seconds=59)
    assert await world.lives(token, activity=True)
    assert world.records.sessions.rows[session.id] == session
    world.clock.forward(seconds=1)
    assert await world.lives(token, activity=True)
    assert world.records.sessions.rows[session.id].idle_until == world.clock() + timedelta(minutes=30)


async def test_watching_does_not_keep_a_session_alive(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account)
    for _ in range(29):
        world.clock.forward(minutes=1)
        assert await world.lives(token, activity=False)
    world.clock.forward(minutes=1)
    assert not await world.lives(token, activity=False)


async def test_no_activity_extends_a_session_beyond_twelve_hours(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account)
    for _ in range(12 * 3 - 1):
        world.clock.forward(minutes=20)
        assert await world.lives(token, activity=True)
    world.clock.forward(minutes=20)
    assert not await world.lives(token, activity=True)


async def test_who_stays_logged_in_does_so_for_thirty_days_whatever_they_do(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account, remembered=True, device_name="Küche")
    assert token.startswith(REMEMBERED_MARK)
    world.clock.forward(days=29)
    assert await world.lives(token, activity=True)
    session = next(iter(world.records.sessions.rows.values()))
    assert (session.name, session.idle_until) == ("Küche", session.expires_at)
    world.clock.forward(days=1)
    assert not await world.lives(token, activity=True)


async def test_staff_cannot_stay_logged_in(world: World) -> None:
    account = world.has(an_account(roles=frozenset({"agent"})))
    token = await world.signed_in(account, second_factor=True, remembered=True, device_name="Büro")
    assert not token.startswith(REMEMBERED_MARK)
    session = next(iter(world.records.sessions.rows.values()))
    assert (session.remembered, session.name) == (False, "Firefox")
    world.clock.forward(minutes=30)
    assert not await world.lives(token)


async def test_who_becomes_staff_keeps_no_session_longer_than_staff_may(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account, remembered=True)
    world.has(replace(account, roles=frozenset({"agent"})))
    world.clock.forward(hours=11, minutes=59)
    assert await world.lives(token, activity=True)
    world.clock.forward(minutes=1)
    assert not await world.lives(token, activity=True)


@given(steps=st.lists(st.integers(min_value=0, max_value=90), max_size=60), remembered=st.booleans())
async def test_sec_s05_no_use_outlives_the_limits(steps: list[int], remembered: bool) -> None:
    """Whatever minutes pass between uses: idle for half an hour or older than the end, and it is over for good."""
    world = World()
    token = await world.signed_in(world.has(an_account()), remembered=remembered)
    age, end = 0, 30 * 24 * 60 if remembered else 12 * 60
    idle_limit, alive = end if remembered else 30, True
    for step in steps:
        world.clock.forward(minutes=step)
        age += step
        alive = alive and step < idle_limit and age < end
        assert await world.lives(token, activity=True) == alive


async def test_the_second_factor_does_not_lose_the_wish_to_stay(world: World) -> None:
    account = world.has(an_account())
    pending = await world.signed_in(account, pending=True, remembered=True, device_name="Küche")
    assert not pending.startswith(REMEMBERED_MARK)
    visitor = replace(VISITOR, old_session=token_hash(pending))
    token = await sign_in(account, visitor, records=world.records, rules=world.rules, second_factor=True)
    assert token.startswith(REMEMBERED_MARK)
    (session,) = world.records.sessions.rows.values()
    assert (session.remembered, session.device_name) == (True, "Küche")


async def test_nobody_inherits_another_persons_wish_nor_one_that_is_over(world: World) -> None:
    anna, berta = world.has(an_account("anna")), world.has(an_account("berta"))
    for account, days in ((berta, 0), (anna, 30)):
        old = await world.signed_in(anna, remembered=True)
        world.clock.forward(days=days)
        visitor = replace(VISITOR, old_session=token_hash(old))
        token = await sign_in(account, visitor, records=world.records, rules=world.rules, second_factor=False)
        assert not token.startswith(REMEMBERED_MARK)


async def test_staff_are_idle_for_half_an_hour(world: World) -> None:
    account = world.has(an_account(roles=frozenset({"agent"})))
    token = await world.signed_in(account, second_factor=True)
    world.clock.forward(minutes=30)
    assert not await world.lives(token)


async def test_ending_sessions_tells_the_others_which(world: World) -> None:
    account = world.has(an_account())
    session = a_session(account)
    await world.records.sessions.add(session)
    await end_sessions(account.id, records=world.records)
    await end_sessions(account.id, records=world.records)
    assert world.records.announcements.said == [("session.revoked", account.id, (session.id,))]


async def test_changing_the_password_ends_every_session_and_starts_one(world: World) -> None:
    account = world.has(an_account())
    here, there = await world.signed_in(account), await world.signed_in(account)
    token = await change_password(
        account, "new", browser="Firefox", second_factor=False, records=world.records, rules=world.rules
    )
    assert [await world.lives(each) for each in (here, there, token)] == [False, False, True]
    assert world.records.announcements.names == ["session.revoked", "password.changed"]


async def test_of_two_changes_at_once_the_later_one_is_refused(world: World) -> None:
    account = world.has(an_account())
    world.has(replace(account, password_hash="changed meanwhile"))
    with pytest.raises(DomainError, match="password_changed_meanwhile"):
        await change_password(account, "new", browser="", second_factor=False, records=world.records, rules=world.rules)
