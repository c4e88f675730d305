"""The generated password (M5 `mailed`): its form, and what using it does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError
from identity.domain.account import Account, AccountState
from identity.domain.mailed_password import is_same, spell
from identity.usecases.choose_due_password import choose_due_password, find_due, is_the_mailed_one
from identity.usecases.close_account import close_account
from identity.usecases.link_for_mail import link_for_mail
from identity.usecases.log_in import LoginOutcome, LoginResult, begin_login
from identity.usecases.mail_password import mail_password
from identity.usecases.reopen_account import reopen_account
from identity.usecases.use_mailed_password import use_mailed_password
from identity_builders import KEYS, NOW, VISITOR, a_challenge, an_account
from identity_world import World, fail, token_hash


@given(st.binary(min_size=32, max_size=32))
def test_it_has_five_groups_of_symbols_that_no_reader_mistakes(mac: bytes) -> None:
    groups = spell(mac).split("-")
    assert [len(group) for group in groups] == [4] * 5
    assert not set("".join(groups)) & set("AEIOU01LIZ25S")
    assert is_same(f" {spell(mac).lower().replace('-', ' ')} ", spell(mac))
    assert not is_same(spell(mac)[:-1], spell(mac))


async def mailed_to(world: World, account: Account) -> str:
    """What the second mail says after the button behind the first link."""
    await mail_password(await world.opened(a_challenge(account)), **world.issuing)
    found = await link_for_mail(world.last_challenge.id, records=world.records, signer=KEYS, clock=world.clock)
    assert found.path == "/login"
    return found.password


async def use(world: World, login: str, password: str) -> LoginResult | None:
    doing: dict[str, Any] = {"records": world.records, "rules": world.rules, "signer": KEYS}
    return await use_mailed_password(login, password, VISITOR, **doing)


async def test_until_it_is_used_the_old_password_and_its_sessions_stay(world: World) -> None:
    account = world.has(an_account("anna"))
    token = await world.signed_in(account)
    password = await mailed_to(world, account)
    assert world.now_has(account) == account
    assert await world.lives(token)
    assert await use(world, "anna", "another") is None
    assert await use(world, "nobody", password) is None
    assert world.now_has(account) == account


async def test_a_closed_account_takes_no_generated_password_and_after_reopening_neither(world: World) -> None:
    account = world.has(an_account("anna"))
    password = await mailed_to(world, account)
    await close_account(account.id, records=world.records, rules=world.rules)
    assert await use(world, "anna", password) is None
    await reopen_account(account.id, "Versehen", records=world.records, clock=world.clock, new_id=uuid4)
    assert await use(world, "anna", password) is None


async def test_using_it_ends_sessions_and_leaves_nothing_to_do_but_choosing(world: World) -> None:
    account = world.has(an_account("anna"))
    before = await world.signed_in(account)
    result = await use(world, "ANNA@beispiel.at", await mailed_to(world, account))
    assert result is not None
    assert (result.outcome, world.now_has(account).password_hash) == (LoginOutcome.PASSWORD_DUE, None)
    assert result.token is not None
    assert (await world.lives(before), await world.lives(result.token)) == (False, False)
    due = await find_due(token_hash(result.token), records=world.records, rules=world.rules)
    assert due is not None
    token = await choose_due_password(*due, "new hash", records=world.records, rules=world.rules)
    assert await world.lives(token)
    assert world.now_has(account).password_hash == "new hash"
    assert world.records.announcements.said[-1] == ("password.changed", account.id, True)
    with pytest.raises(DomainError, match="password_not_due"):
        await choose_due_password(*due, "another hash", records=world.records, rules=world.rules)


async def test_it_works_once(world: World) -> None:
    account = world.has(an_account("anna"))
    password = await mailed_to(world, account)
    assert await use(world, "anna", password) is not None
    assert await use(world, "anna", password) is None


async def test_it_is_over_after_30_minutes(world: World) -> None:
    account = world.has(an_account("anna"))
    password = await mailed_to(world, account)
    world.clock.now = NOW + timedelta(minutes=30)
    assert await use(world, "anna", password) is None


async def test_a_newer_one_replaces_it(world: World) -> None:
    account = world.has(an_account("anna"))
    first = await mailed_to(world, account)
    world.clock.forward(seconds=1)
    second = await mailed_to(world, account)
    assert await use(world, "anna", first) is None
    assert await use(world, "anna", second) is not None


@pytest.mark.parametrize("state", [AccountState.LOCKED, AccountState.CLOSED])
async def test_a_locked_or_closed_account_neither_gets_nor_uses_one(world: World, state: AccountState) -> None:
    account = world.has(an_account("anna"))
    password = await mailed_to(world, account)
    world.has(replace(account, state=state))
    assert await use(world, "anna", password) is None
    with pytest.raises(DomainError, match="link_over"):
        await mail_password(await world.opened(a_challenge(account)), **world.issuing)


async def test_an_invited_person_gets_the_first_password_this_way(world: World) -> None:
    account = world.has(an_account(state=AccountState.INVITED, password_hash=None))
    assert await use(world, "anna", await mailed_to(world, account)) is not None
    assert world.now_has(account).state is AccountState.ACTIVE
    assert "account.confirmed" in world.records.announcements.names


async def test_a_strangers_failures_keep_nobody_from_it_and_choosing_forgets_them(world: World) -> None:
    account = world.has(an_account("anna"))
    password = await mailed_to(world, account)
    await fail(world, "anna", 5)
    with pytest.raises(DomainError, match="too_many_attempts"):
        await begin_login("anna", VISITOR, records=world.records, clock=world.clock)
    result = await use(world, "anna", password)
    assert result is not None
    assert result.token is not None
    due = await find_due(token_hash(result.token), records=world.records, rules=world.rules)
    assert due is not None
    await choose_due_password(*due, "new hash", records=world.records, rules=world.rules)
    await begin_login("anna", VISITOR, records=world.records, clock=world.clock)


async def test_staff_owe_their_second_factor_before_they_choose(world: World) -> None:
    account = world.has(an_account("agent", roles=frozenset({"agent"})))
    result = await use(world, "agent", await mailed_to(world, account))
    assert result is not None
    assert result.outcome is LoginOutcome.ENROLMENT_WANTED
    assert result.token is not None
    assert await find_due(token_hash(result.token), records=world.records, rules=world.rules) is None


async def test_the_mailed_one_is_known_again_so_that_nobody_keeps_it(world: World) -> None:
    account = world.has(an_account("anna"))
    password = await mailed_to(world, account)
    await use(world, "anna", password)
    check: dict[str, Any] = {"records": world.records, "signer": KEYS}
    assert await is_the_mailed_one(account, password.lower(), **check)
    assert not await is_the_mailed_one(account, "vier ruhige Wasserfarben", **check)
