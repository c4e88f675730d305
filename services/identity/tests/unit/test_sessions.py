"""How long sessions live, and how they end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import DomainError
from identity.usecases.change_password import change_password
from identity.usecases.end_sessions import end_sessions
from identity_builders import a_session, an_account
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
    assert world.records.sessions.rows[session.id].idle_until == world.clock() + timedelta(hours=2)


async def test_watching_does_not_keep_a_session_alive(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account)
    for _ in range(119):
        world.clock.forward(minutes=1)
        assert await world.lives(token, activity=False)
    world.clock.forward(minutes=1)
    assert not await world.lives(token, activity=False)


async def test_no_activity_extends_a_session_beyond_a_day(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account)
    for _ in range(23):
        world.clock.forward(hours=1)
        assert await world.lives(token, activity=True)
    world.clock.forward(hours=1)
    assert not await world.lives(token, activity=True)


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
