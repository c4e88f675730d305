"""One contract for every store of API clients."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.database import Database
from chassis.outbox import Outbox
from identity.adapters.records import records_on
from identity.domain.api_client import AccessToken, ApiClient
from identity.usecases.client_ports import ClientStore
from identity_builders import NOW, Clock
from identity_fakes import FakeClientStore


class _UndoError(Exception):
    """Rolls a test's transaction back."""


@pytest.fixture(params=["fake", "postgres"])
async def clients(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[ClientStore]:
    """A store of one transaction, which is rolled back."""
    if request.param == "fake":
        yield FakeClientStore()
        return
    with suppress(_UndoError):
        async with database.transaction() as tx:
            yield records_on(tx, Outbox("identity", Clock(), uuid4)).clients
            raise _UndoError


def a_client(name: str = "billing", **changes: Any) -> ApiClient:
    values: dict[str, Any] = {
        "id": uuid4(),
        "name": name,
        "scopes": frozenset({"accounts:read", "accounts:write"}),
        "secret_hash": bytes(32),
        "created_at": NOW,
    }
    return ApiClient(**(values | changes))


def a_token(client: ApiClient, number: int = 1, **changes: Any) -> AccessToken:
    values: dict[str, Any] = {
        "token_hash": bytes([number]) * 32,
        "client_id": client.id,
        "scopes": frozenset({"accounts:read"}),
        "expires_at": NOW + timedelta(hours=1),
    }
    return AccessToken(**(values | changes))


async def test_a_client_is_kept_whole(clients: ClientStore) -> None:
    first, second = a_client(), a_client("crm", created_at=NOW + timedelta(minutes=1))
    assert await clients.add(second)
    assert await clients.add(first)
    assert await clients.get(first.id) == first
    assert await clients.get(uuid4()) is None
    assert list(await clients.all()) == [first, second]


async def test_a_name_is_given_once_among_the_living(clients: ClientStore) -> None:
    first = a_client()
    assert await clients.add(first)
    assert not await clients.add(a_client())
    await clients.save(replace(first, ended_at=NOW))
    assert await clients.add(a_client())


async def test_saving_changes_secret_and_end_only(clients: ClientStore) -> None:
    client = a_client()
    await clients.add(client)
    await clients.save(replace(client, name="x", scopes=frozenset(), secret_hash=b"s" * 32, ended_at=NOW))
    assert await clients.get(client.id) == replace(client, secret_hash=b"s" * 32, ended_at=NOW)


async def test_a_token_is_found_with_its_client(clients: ClientStore) -> None:
    client = a_client()
    await clients.add(client)
    token = a_token(client)
    await clients.add_token(token)
    assert await clients.find_token(token.token_hash) == (token, client)
    assert await clients.find_token(b"x" * 32) is None


async def test_tokens_of_one_client_end_together(clients: ClientStore) -> None:
    one, other = a_client(), a_client("crm")
    for number, client in enumerate((one, one, other)):
        await clients.add(client)
        await clients.add_token(a_token(client, number))
    await clients.delete_tokens(one.id)
    left = [await clients.find_token(bytes([number]) * 32) is not None for number in range(3)]
    assert left == [False, False, True]


async def test_tokens_that_are_over_are_deleted(clients: ClientStore) -> None:
    client = a_client()
    await clients.add(client)
    await clients.add_token(a_token(client, 1, expires_at=NOW))
    await clients.add_token(a_token(client, 2, expires_at=NOW + timedelta(seconds=1)))
    assert await clients.delete_expired_tokens(NOW) == 1
    assert await clients.find_token(bytes([2]) * 32) is not None
