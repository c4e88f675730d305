"""Registering, and asking for the mail again."""

from datetime import timedelta

import pytest

from chassis.errors import DomainError
from identity.domain.account import AccountState
from identity.domain.challenge import ChallengeState, Purpose
from identity.domain.profile import Profile
from identity.domain.registration import Registration
from identity.usecases.confirm_account import confirm_account
from identity.usecases.disown_registration import disown_registration
from identity.usecases.register_account import register_account
from identity.usecases.send_confirmation_again import send_confirmation_again
from identity_builders import NOW, VISITOR, a_challenge, an_account
from identity_world import World

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


async def test_registering_makes_an_unconfirmed_account_and_one_mail(world: World) -> None:
    await register_account(REGISTRATION, "hash", terms_version="2026-11", **world.issuing)
    account = next(iter(world.records.accounts.rows.values()))
    assert (account.state, account.display_name, account.password_hash) == (UNCONFIRMED, "Anna Muster", "hash")
    assert world.records.announcements.names == ["account.registered", "challenge.issued"]
    assert (world.last_challenge.purpose, world.last_challenge.account_id) == (Purpose.CONFIRM_REGISTRATION, account.id)
    assert world.last_challenge.expires_at == NOW + timedelta(hours=24)


async def test_a_known_address_gets_another_mail_and_looks_the_same(world: World) -> None:
    owner = world.has(an_account("owner", email="ANNA@beispiel.at"))
    await register_account(REGISTRATION, "hash", terms_version="2026-11", **world.issuing)
    assert world.records.announcements.names == ["account.registered", "challenge.issued"]
    assert (world.last_challenge.purpose, world.last_challenge.account_id) == (Purpose.REGISTRATION_EXISTS, owner.id)


async def test_a_taken_name_is_said(world: World) -> None:
    world.has(an_account("Anna"))
    with pytest.raises(DomainError) as caught:
        await register_account(REGISTRATION, "hash", terms_version="2026-11", **world.issuing)
    assert caught.value.fields == {"username": "username_taken"}


async def test_a_newer_mail_replaces_the_older_one(world: World) -> None:
    account = world.has(an_account(state=UNCONFIRMED))
    await send_confirmation_again(account.id, **world.issuing)
    first = world.last_challenge
    await send_confirmation_again(account.id, **world.issuing)
    assert world.records.challenges.rows[first.id].state(NOW) is ChallengeState.REPLACED
    assert world.last_challenge.state(NOW) is ChallengeState.OPEN


async def test_the_confirmation_is_sent_again_only_so_often(world: World) -> None:
    account = world.has(an_account(state=UNCONFIRMED))
    for _ in range(5):
        await send_confirmation_again(account.id, **world.issuing)
    purposes = [row.purpose for row in world.records.challenges.rows.values()]
    assert purposes == [Purpose.CONFIRM_REGISTRATION] * 3 + [Purpose.NOTHING] * 2


async def test_a_confirmed_account_gets_no_further_confirmation(world: World) -> None:
    account = world.has(an_account())
    await send_confirmation_again(account.id, **world.issuing)
    assert world.last_challenge.purpose is Purpose.NOTHING


async def test_confirming_activates_and_signs_in(world: World) -> None:
    account = world.has(an_account(state=UNCONFIRMED))
    link = await world.opened(a_challenge(account, Purpose.CONFIRM_REGISTRATION))
    token = await confirm_account(link, VISITOR, records=world.records, rules=world.rules)
    assert world.now_has(account).state is AccountState.ACTIVE
    assert await world.lives(token)
    assert world.records.announcements.names == ["account.confirmed"]
    with pytest.raises(DomainError, match="link_over"):
        await confirm_account(link, VISITOR, records=world.records, rules=world.rules)


async def test_the_second_registration_of_an_address_cannot_be_confirmed(world: World) -> None:
    world.has(an_account("owner", email="a@beispiel.at"))
    late = world.has(an_account("late", email="a@beispiel.at", state=UNCONFIRMED))
    link = await world.opened(a_challenge(late, Purpose.CONFIRM_REGISTRATION))
    with pytest.raises(DomainError, match="link_over"):
        await confirm_account(link, VISITOR, records=world.records, rules=world.rules)
    assert world.now_has(late).state is UNCONFIRMED


async def test_disowning_deletes_the_registration(world: World) -> None:
    account = world.has(an_account(state=UNCONFIRMED))
    link = await world.opened(a_challenge(account, Purpose.CONFIRM_REGISTRATION))
    await disown_registration(link, records=world.records, clock=world.clock)
    assert world.records.accounts.rows == {}
    assert world.records.announcements.said == [("account.closed", account.id)]


async def test_a_confirmed_account_cannot_be_disowned(world: World) -> None:
    account = world.has(an_account())
    link = await world.opened(a_challenge(account, Purpose.CONFIRM_REGISTRATION))
    with pytest.raises(DomainError, match="link_over"):
        await disown_registration(link, records=world.records, clock=world.clock)
    assert world.now_has(account) == account
