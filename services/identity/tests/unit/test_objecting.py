"""Objecting to a change of the address leaves whoever made it nothing to come back with."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import DomainError
from identity.domain.account import Account
from identity.domain.challenge import Purpose
from identity.domain.passkey import Passkey
from identity.usecases.object_to_email_change import object_to_email_change
from identity_builders import NOW, a_challenge, an_account
from identity_world import World

OLD = "anna@beispiel.at"


def a_passkey(account: Account, **changes: object) -> Passkey:
    values = {"credential_id": uuid4().bytes, "public_key": b"", "sign_count": 0, "name": "Telefon", "created_at": NOW}
    return Passkey(id=uuid4(), account_id=account.id, **(values | changes))  # type: ignore[arg-type]


async def object_to(world: World, account: Account) -> None:
    link = await world.opened(a_challenge(account, Purpose.EMAIL_CHANGE_DONE, email=OLD))
    await object_to_email_change(link, records=world.records, rules=world.rules, key_id="k1")


async def test_passkeys_added_since_are_removed_and_earlier_ones_stay(world: World) -> None:
    account = world.has(an_account("anna", email="thief@beispiel.at"))
    owners = a_passkey(account, created_at=NOW - timedelta(days=1))
    for passkey in (owners, a_passkey(account)):
        await world.records.passkeys.add(passkey)
    await object_to(world, account)
    assert await world.records.passkeys.of_account(account.id) == [owners]


async def test_the_password_and_every_session_are_over(world: World) -> None:
    account = world.has(an_account("anna", email="thief@beispiel.at"))
    token = await world.signed_in(account)
    await object_to(world, account)
    now = world.now_has(account)
    assert (now.email, now.password_hash, await world.lives(token)) == (OLD, None, False)
    assert (world.last_challenge.purpose, world.last_challenge.account_id) == (Purpose.RESET_PASSWORD, account.id)


async def test_an_address_that_became_anothers_does_not_come_back(world: World) -> None:
    account = world.has(an_account("anna", email="thief@beispiel.at"))
    world.has(an_account("berta", email=OLD))
    with pytest.raises(DomainError, match="link_over"):
        await object_to(world, account)
