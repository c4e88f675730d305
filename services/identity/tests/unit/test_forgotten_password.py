"""Asking for a new password, and setting it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.errors import DomainError
from identity.domain.account import AccountState
from identity.domain.challenge import ChallengeState, Purpose
from identity.domain.profile import Profile
from identity.domain.registration import Registration
from identity.usecases.request_reset import request_reset
from identity.usecases.set_new_password import set_new_password
from identity_builders import NOW, a_challenge, an_account
from identity_world import World, fail

UNCONFIRMED = AccountState.UNCONFIRMED
REGISTRATION = Registration(
    username="anna",
    profile=Profile(first_name="Anna", last_name="Muster"),
    email="anna@beispiel.at",
    typed_email="anna@beispiel.at",
    password="vier ruhige Wasserfarben",
    consent=True,
    language="de",
)


@pytest.mark.parametrize("login", ["anna", "ANNA@beispiel.at"])
async def test_a_reset_is_asked_for_by_name_or_address(world: World, login: str) -> None:
    account = world.has(an_account("anna"))
    await request_reset(login, **world.issuing)
    assert (world.last_challenge.purpose, world.last_challenge.account_id) == (Purpose.RESET_PASSWORD, account.id)
    assert world.last_challenge.expires_at == NOW + timedelta(minutes=30)
    assert world.now_has(account) == account


@pytest.mark.parametrize("state", [AccountState.LOCKED, AccountState.CLOSED])
async def test_nobody_is_told_for_accounts_that_may_not(world: World, state: AccountState) -> None:
    world.has(an_account("anna", state=state))
    await request_reset("anna", **world.issuing)
    assert (world.last_challenge.purpose, world.last_challenge.account_id) == (Purpose.NOTHING, None)


async def test_an_unknown_name_issues_a_challenge_of_nobody(world: World) -> None:
    await request_reset("nobody", **world.issuing)
    assert (world.last_challenge.purpose, world.last_challenge.account_id) == (Purpose.NOTHING, None)
    assert world.records.announcements.names == ["challenge.issued"]


async def test_a_reset_for_somebody_elses_registration_tells_the_owner(world: World) -> None:
    owner = world.has(an_account("owner", email="a@beispiel.at"))
    world.has(an_account("foreign", email="a@beispiel.at", state=UNCONFIRMED))
    await request_reset("foreign", **world.issuing)
    assert (world.last_challenge.purpose, world.last_challenge.account_id) == (Purpose.REGISTRATION_EXISTS, owner.id)


async def test_flooding_a_mailbox_leaves_the_last_link_working(world: World) -> None:
    world.has(an_account("anna"))
    for _ in range(10):
        await request_reset("anna", **world.issuing)
    rows = world.records.challenges.rows.values()
    resets = [row for row in rows if row.purpose is Purpose.RESET_PASSWORD]
    assert len(resets) == 3
    assert resets[-1].state(NOW) is ChallengeState.OPEN


async def test_a_reset_ends_sessions_lifts_pauses_and_does_not_sign_in(world: World) -> None:
    account = world.has(an_account("anna"))
    token = await world.signed_in(account)
    await fail(world, "anna", 5)
    link = await world.opened(a_challenge(account))
    await set_new_password(link, "new hash", records=world.records, rules=world.rules)
    assert world.now_has(account).password_hash == "new hash"
    assert not await world.lives(token)
    assert world.records.sessions.rows == {}
    await fail(world, "anna", 1)
    assert world.records.announcements.names == ["session.revoked", "password.changed"]
    assert world.records.announcements.said[-1] == ("password.changed", account.id, True)


@pytest.mark.parametrize("state", [AccountState.INVITED, UNCONFIRMED])
async def test_a_first_password_activates(world: World, state: AccountState) -> None:
    account = world.has(an_account(state=state, password_hash=None))
    link = await world.opened(a_challenge(account))
    await set_new_password(link, "hash", records=world.records, rules=world.rules)
    assert world.now_has(account).state is AccountState.ACTIVE
    assert world.records.announcements.names == ["account.confirmed", "password.changed"]


async def test_a_reset_makes_earlier_links_useless(world: World) -> None:
    account = world.has(an_account())
    other = a_challenge(account)
    await world.records.challenges.add(other)
    link = await world.opened(a_challenge(account))
    await set_new_password(link, "hash", records=world.records, rules=world.rules)
    assert world.records.challenges.rows[other.id].state(NOW) is ChallengeState.REPLACED


async def test_an_account_locked_meanwhile_gets_no_new_password(world: World) -> None:
    account = world.has(an_account())
    link = await world.opened(a_challenge(account))
    world.has(replace(account, state=AccountState.LOCKED))
    with pytest.raises(DomainError, match="link_over"):
        await set_new_password(link, "hash", records=world.records, rules=world.rules)
    assert world.now_has(account).password_hash == account.password_hash
