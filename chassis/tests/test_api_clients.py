"""Other systems at the JSON API, and one contract for all client directories."""

from collections.abc import AsyncIterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest
from google.protobuf.json_format import MessageToDict
from kundenportal.identity.events.v1.events_pb2 import ClientRevoked
from kundenportal.identity.v1 import client_service_pb2 as messages
from kundenportal.identity.v1.client_service_pb2_grpc import (
    ClientServiceServicer,
    add_ClientServiceServicer_to_server,
)

from chassis.api_clients import ClientDirectory, client, is_for_clients, person_or_client, scopes_of
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_server import Grants
from chassis.messaging import Event
from chassis.remote_clients import CLIENT_REVOKED, RemoteClients
from chassis.sessions import token_hash
from chassis.testing import FakeBroker, FakeBus, FakeClients, FakeClock, FakeSessions, make_caller, page_client
from chassis.web import UndeclaredAccessError, access_table, create_web_app
from edge_samples import PlainPages, router, sample_app, sample_settings
from grpc_samples import Neighbours

GRANTS: Grants = {"/kundenportal.identity.v1.ClientService/GetClient": frozenset({"ticketing"})}


class Identity(ClientServiceServicer):
    """The owner of clients, kept in a FakeClients."""

    def __init__(self, known: FakeClients) -> None:
        self.known = known
        self.asked = 0

    async def GetClient(self, request: messages.GetClientRequest, context: Any) -> messages.GetClientResponse:  # noqa: N802
        self.asked += 1
        found = await self.known.find(request.token_hash)
        if found is None:
            raise DomainError(ErrorKind.NOT_FOUND, "token_unknown")
        told = messages.ApiClient(client_id=str(found.client_id), name=found.name, scopes=sorted(found.scopes))
        told.expire_time.FromDatetime(found.expires_at.astimezone(UTC))
        return messages.GetClientResponse(client=told)


class Directory(Protocol):
    known: FakeClients
    clients: ClientDirectory


class Fake:
    def __init__(self) -> None:
        self.known = FakeClients()
        self.clients: ClientDirectory = self.known


class Remote:
    """RemoteClients over real gRPC, with a broker of the test's."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.known = FakeClients()
        self.identity = Identity(self.known)
        self.clock = FakeClock()
        self.broker = FakeBroker()
        self.bus = FakeBus(self.broker)

    async def start(self) -> None:
        server = await self._neighbours.serve(self.identity, add=add_ClientServiceServicer_to_server, grants=GRANTS)
        channel = self._neighbours.channel(f"127.0.0.1:{server.port}")
        self.clients = RemoteClients(channel, self.bus, clock=self.clock.monotonic, now=self.clock)
        await self.clients.start()

    async def revoke(self, token: str) -> None:
        found = await self.known.find(token_hash(token))
        assert found is not None
        self.known.revoke(token)
        message = ClientRevoked(client_id=str(found.client_id))
        data = MessageToDict(message, preserving_proto_field_name=True)
        await self.bus.publish(Event(uuid4(), CLIENT_REVOKED, "identity", message.client_id, 1, self.clock(), data))


@pytest.fixture
async def remote(tmp_path: Path) -> AsyncIterator[Remote]:
    neighbours = Neighbours(tmp_path)
    made = Remote(neighbours)
    await made.start()
    yield made
    await made.bus.stop()
    await neighbours.close()


@pytest.fixture(params=["fake", "remote"])
def directory(request: pytest.FixtureRequest, remote: Remote) -> Directory:
    return Fake() if request.param == "fake" else remote


async def test_client_is_found_as_its_token_says(directory: Directory) -> None:
    token = directory.known.issue("things:read", "things:write", number=2)
    found = await directory.clients.find(token_hash(token))
    assert found is not None
    assert (found.client_id, found.name) == (UUID(int=3002), "client 2")
    assert found.scopes == {"things:read", "things:write"}
    assert found.expires_at == FakeClock()() + timedelta(hours=1)


async def test_unknown_token_is_nobody(directory: Directory) -> None:
    assert await directory.clients.find(token_hash("forged")) is None


async def test_unavailable_is_said(directory: Directory) -> None:
    directory.known.available = False
    with pytest.raises(DomainError) as raised:
        await directory.clients.find(token_hash("x"))
    assert raised.value.kind is ErrorKind.UNAVAILABLE


async def test_revoked_client_is_out_at_once(remote: Remote) -> None:
    token, other = remote.known.issue("things:read"), remote.known.issue("things:read", number=2)
    for each in (token, other, token):
        assert await remote.clients.find(token_hash(each))
    assert remote.identity.asked == 2
    await remote.revoke(token)
    assert await remote.clients.find(token_hash(token)) is None
    assert await remote.clients.find(token_hash(other))
    assert remote.identity.asked == 3


async def test_revoked_client_is_out_within_a_second_although_the_bus_is_away(remote: Remote) -> None:
    token = remote.known.issue("things:read")
    await remote.clients.find(token_hash(token))
    remote.broker.drop()
    remote.known.revoke(token)
    remote.clock.advance(1)
    assert await remote.clients.find(token_hash(token)) is None


async def test_no_client_gets_grace_while_identity_is_away(remote: Remote) -> None:
    token = remote.known.issue("things:read")
    await remote.clients.find(token_hash(token))
    remote.known.available = False
    remote.clock.advance(31)
    with pytest.raises(DomainError):
        await remote.clients.find(token_hash(token))


async def test_token_is_over_at_its_time_although_the_answer_is_fresh(remote: Remote) -> None:
    token = remote.known.issue("things:read")
    remote.clock.advance(3590)
    assert await remote.clients.find(token_hash(token))
    remote.clock.advance(10)
    assert await remote.clients.find(token_hash(token)) is None
    assert remote.identity.asked == 1


@pytest.mark.parametrize(
    ("scopes", "status", "code", "challenge"),
    [
        (("things:read",), 200, None, None),
        (("other:read", "things:write"), 200, None, None),
        (("other:read",), 403, "scope_missing", 'Bearer error="insufficient_scope"'),
        ((), 403, "scope_missing", 'Bearer error="insufficient_scope"'),
    ],
)
async def test_client_is_let_in_by_one_of_the_scopes(
    scopes: tuple[str, ...], status: int, code: str | None, challenge: str | None, tmp_path: Path
) -> None:
    settings, clients = sample_settings(tmp_path), FakeClients()
    headers = {"Authorization": f"Bearer {clients.issue(*scopes)}"}
    async with page_client(sample_app(settings, clients=clients), settings) as browser:
        answer = await browser.get("/api/v1/exported", headers=headers)
    assert (answer.status_code, answer.json().get("code")) == (status, code)
    assert answer.headers.get("www-authenticate") == challenge


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([], "token_missing"),
        (["Bearer "], "token_missing"),
        (["Basic dTpw"], "token_missing"),
        (["Bearer token-0", "Bearer token-0"], "token_missing"),
        (["Bearer " + "x" * 300], "token_missing"),
        (["Bearer forged"], "token_invalid"),
    ],
)
async def test_request_without_a_good_token_is_refused(given: list[str], code: str, tmp_path: Path) -> None:
    settings, clients = sample_settings(tmp_path), FakeClients()
    clients.issue("things:read")
    async with page_client(sample_app(settings, clients=clients), settings) as browser:
        answer = await browser.get("/api/v1/exported", headers=[("Authorization", each) for each in given])
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_cookie_opens_no_route_of_clients_and_a_token_opens_no_other(tmp_path: Path) -> None:
    settings, sessions, clients = sample_settings(tmp_path), FakeSessions(), FakeClients()
    cookie = sessions.sign_in(make_caller(roles=("admin",)))
    async with page_client(sample_app(settings, sessions, clients), settings, cookie) as browser:
        assert (await browser.get("/api/v1/exported")).status_code == 401
    headers = {"Authorization": f"Bearer {clients.issue('things:write')}"}
    async with page_client(sample_app(settings, sessions, clients), settings) as program:
        assert (await program.post("/api/v1/things", json={"subject": "x"}, headers=headers)).status_code == 401


async def test_a_list_for_both_knows_who_asks(tmp_path: Path) -> None:
    settings, sessions, clients = sample_settings(tmp_path), FakeSessions(), FakeClients()
    app, cookie = sample_app(settings, sessions, clients), sessions.sign_in(make_caller())
    read, write = ({"Authorization": f"Bearer {clients.issue(f'things:{name}')}"} for name in ("read", "write"))
    async with page_client(app, settings, cookie) as browser:
        assert (await browser.get("/api/v1/seen")).json() == {"caller": "person1"}
        # Whoever sends a token is that client, and nobody else when it is no good.
        assert (await browser.get("/api/v1/seen", headers=read)).json() == {"caller": "client 1"}
        assert (await browser.get("/api/v1/seen", headers=write)).status_code == 403
        assert (await browser.get("/api/v1/seen", headers={"Authorization": ""})).status_code == 401
    async with page_client(app, settings) as program:
        assert (await program.get("/api/v1/seen")).json()["code"] == "not_signed_in"
        assert (await program.get("/api/v1/seen", headers=read)).status_code == 200


async def test_program_posts_without_the_headers_of_a_browser(tmp_path: Path) -> None:
    settings, clients = sample_settings(tmp_path), FakeClients()
    headers = {"Authorization": f"bearer {clients.issue('things:write')}", "Origin": "https://elsewhere.example"}
    async with page_client(sample_app(settings, clients=clients), settings) as program:
        del program.headers["Sec-Fetch-Site"]
        answer = await program.post("/api/v1/imported", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"caller": "client 1"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_table_tells_routes_of_clients(tmp_path: Path) -> None:
    table = {(method, path): access for method, path, access in access_table(sample_app(sample_settings(tmp_path)))}
    assert table["POST", "/api/v1/imported"] == "client:things:read,things:write"
    assert table["GET", "/api/v1/seen"] == "signed_in|client:things:read"
    assert [scopes_of(table["GET", path]) for path in ("/api/v1/seen", "/open")] == [("things:read",), ()]
    assert not is_for_clients(table["GET", "/api/v1/seen"])


def test_routes_of_clients_need_a_directory_and_a_scope(tmp_path: Path) -> None:
    with pytest.raises(UndeclaredAccessError, match="no directory"):
        create_web_app(sample_settings(tmp_path), routers=[router], sessions=FakeSessions(), pages=PlainPages())
    for dependency in (client, person_or_client):
        with pytest.raises(ValueError, match="scope"):
            dependency()
