"""Accounts that others make, and what is deleted by age."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import DomainError
from identity.domain.account import AccountState
from identity.usecases.add_staff import NewStaff, add_staff, ensure_second_factor
from identity.usecases.choose_language import choose_language
from identity.usecases.ensure_account import NamedPerson, ensure_account
from identity.usecases.reopen_account import reopen_account
from identity.usecases.sweep_expired import Swept, sweep_expired
from identity_builders import KEYS, NOW, a_challenge, a_session, an_account
from identity_world import World

UNCONFIRMED = AccountState.UNCONFIRMED


async def test_choosing_a_language_is_announced_once(world: World) -> None:
    account = world.has(an_account())
    for _ in range(2):
        await choose_language(account.id, "en", records=world.records)
    assert world.now_has(account).language == "en"
    assert world.records.announcements.names == ["account.changed"]


PERSON = NamedPerson(email="b.fischer@stadtwerke.example", display_name="Birgit Fischer", language="de")


async def test_a_named_person_gets_an_account_without_a_password(world: World) -> None:
    account = await ensure_account(PERSON, records=world.records, clock=world.clock, new_id=uuid4)
    assert (account.username, account.state, account.password_hash) == (PERSON.email, AccountState.INVITED, None)
    assert world.records.announcements.said == [("account.registered", account.id, True)]
    again = await ensure_account(PERSON, records=world.records, clock=world.clock, new_id=uuid4)
    assert again == account


async def test_a_named_person_who_has_an_account_keeps_it(world: World) -> None:
    account = world.has(an_account("birgit", email=PERSON.email.upper()))
    assert await ensure_account(PERSON, records=world.records, clock=world.clock, new_id=uuid4) == account


async def test_a_person_named_after_closing_gets_a_new_account_and_the_old_one_stays_closed(world: World) -> None:
    old = world.has(an_account(PERSON.email, email=PERSON.email, state=AccountState.CLOSED, company="Stadtwerke"))
    account = await ensure_account(PERSON, records=world.records, clock=world.clock, new_id=uuid4)
    assert (account.id != old.id, account.state, account.company) == (True, AccountState.INVITED, "")
    with pytest.raises(DomainError, match="address_taken"):
        await reopen_account(old.id, "Versehen", records=world.records, clock=world.clock, new_id=uuid4)
    world.has(replace(account, state=AccountState.CLOSED))
    await reopen_account(old.id, "Versehen", records=world.records, clock=world.clock, new_id=uuid4)
    assert world.now_has(old).username == PERSON.email
    assert world.now_has(account).known_as == PERSON.email


async def test_sweeping_takes_what_is_over_and_nothing_else(world: World) -> None:
    active = world.has(an_account("active"))
    world.has(an_account("fresh", state=UNCONFIRMED, created_at=NOW - timedelta(days=6)))
    stale = world.has(an_account("stale", state=UNCONFIRMED, created_at=NOW - timedelta(days=8)))
    await world.records.sessions.add(a_session(active))
    await world.records.sessions.add(a_session(active, idle_until=NOW - timedelta(minutes=1)))
    await world.records.challenges.add(a_challenge(active, expires_at=NOW - timedelta(days=8)))
    swept = await sweep_expired(records=world.records, clock=world.clock)
    assert swept == Swept(sessions=1, challenges=1, registrations=1, counters=0, history=0, tokens=0, exports=0)
    assert world.records.announcements.said == [("account.closed", stale.id)]
    assert await sweep_expired(records=world.records, clock=world.clock) == Swept(0, 0, 0, 0, 0, 0, 0)


async def test_added_staff_are_invited_with_a_second_factor(world: World) -> None:
    person = NewStaff(
        username="m.bauer", email="m@x.test", display_name="Max Bauer", language="de", roles=frozenset({"admin"})
    )
    secret = await add_staff(person, records=world.records, sealer=KEYS, clock=world.clock, new_id=uuid4)
    account = next(iter(world.records.accounts.rows.values()))
    assert (account.state, account.staff, len(secret)) == (AccountState.INVITED, True, 20)
    assert await ensure_second_factor(account, records=world.records, sealer=KEYS) == secret
    with pytest.raises(DomainError, match="account_exists"):
        await add_staff(person, records=world.records, sealer=KEYS, clock=world.clock, new_id=uuid4)
