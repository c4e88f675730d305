"""Who may call the JSON API."""

from uuid import uuid4

import pytest

from chassis.errors import DomainError
from chassis.sessions import token_hash
from identity.domain.api_client import TOKEN_LIFETIME
from identity.usecases.find_client import find_client
from identity.usecases.issue_token import Applicant
from identity.usecases.manage_clients import add_client, end_client, rotate_secret
from identity_builders import make_rules
from identity_world import World


async def added(world: World, name: str = "billing", *scopes: str) -> tuple[Applicant, str]:
    rules = make_rules(world.clock)
    client, secret = await add_client(
        name,
        scopes or ("accounts:read",),
        records=world.records,
        clock=world.clock,
        new_id=uuid4,
        new_token=rules.new_token,
    )
    return Applicant(client, world.clock, rules.new_token), secret


async def token_of(world: World, applicant: Applicant, secret: str) -> bytes:
    assert applicant.has_secret(secret)
    value = applicant.issue(applicant.scopes)
    assert applicant.issued is not None
    await world.records.clients.add_token(applicant.issued)
    return token_hash(value)


@pytest.mark.parametrize(
    ("name", "scopes", "code"),
    [
        ("", ["accounts:read"], "client_name_invalid"),
        ("x" * 61, ["accounts:read"], "client_name_invalid"),
        ("a\nb", ["accounts:read"], "client_name_invalid"),
        ("billing", [], "scope_missing"),
        ("billing", ["accounts:read", "everything"], "scope_invalid"),
        ("billing", ["accounts:read write"], "scope_invalid"),
    ],
)
async def test_a_client_has_a_name_and_scopes(world: World, name: str, scopes: list[str], code: str) -> None:
    with pytest.raises(DomainError, match=code):
        await add_client(
            name, scopes, records=world.records, clock=world.clock, new_id=uuid4, new_token=world.rules.new_token
        )


async def test_a_name_is_given_once(world: World) -> None:
    await added(world)
    with pytest.raises(DomainError, match="client_exists"):
        await added(world)


async def test_nobody_gets_a_token_without_the_secret(world: World) -> None:
    applicant, secret = await added(world)
    assert not applicant.has_secret(secret + "x")
    with pytest.raises(ValueError, match="secret"):
        applicant.issue(applicant.scopes)
    stranger = Applicant(None, world.clock, world.rules.new_token)
    assert not stranger.has_secret(secret)
    assert not stranger.has_secret("")


async def test_a_token_lives_an_hour(world: World) -> None:
    token = await token_of(world, *await added(world))
    world.clock.forward(seconds=TOKEN_LIFETIME.total_seconds() - 1)
    assert await find_client(token, clients=world.records.clients, clock=world.clock)
    world.clock.forward(seconds=1)
    assert await find_client(token, clients=world.records.clients, clock=world.clock) is None


@pytest.mark.parametrize("how", ["rotate", "end"])
async def test_a_new_secret_and_the_end_take_the_tokens_along(world: World, how: str) -> None:
    applicant, secret = await added(world)
    token = await token_of(world, applicant, secret)
    assert applicant.client is not None
    client_id = applicant.client.id
    if how == "rotate":
        fresh = await rotate_secret(client_id, records=world.records, new_token=world.rules.new_token)
        kept = world.records.clients.rows[client_id]
        assert kept.secret_hash == token_hash(fresh) != token_hash(secret)
    else:
        await end_client(client_id, records=world.records, clock=world.clock)
        with pytest.raises(DomainError, match="client_unknown"):
            await end_client(client_id, records=world.records, clock=world.clock)
    assert await find_client(token, clients=world.records.clients, clock=world.clock) is None
    assert world.records.announcements.said == [("client.revoked", client_id)]
