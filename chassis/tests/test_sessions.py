"""One contract for all session directories, and what the remote one adds to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.timestamp_pb2 import Timestamp
from kundenportal.identity.events.v1.events_pb2 import SessionRevoked
from kundenportal.identity.v1 import session_service_pb2 as messages
from kundenportal.identity.v1.session_service_pb2_grpc import SessionServiceServicer

from chassis.callers import Caller, RemoteSessions, SessionDirectory, token_hash
from chassis.errors import DomainError, ErrorKind
from chassis.messaging import Event
from chassis.testing import FakeBroker, FakeBus, FakeClock, FakeSessions, make_caller
from grpc_samples import Neighbours


class Identity(SessionServiceServicer):
    """The owner of sessions, kept in a FakeSessions."""

    def __init__(self, known: FakeSessions) -> None:
        self.known = known
        self.asked: list[bool] = []

    async def GetSession(self, request: messages.GetSessionRequest, context: Any) -> messages.GetSessionResponse:  # noqa: N802
        self.asked.append(request.activity)
        caller = await self.known.find(request.token_hash, activity=request.activity, grace=False)
        if caller is None:
            raise DomainError(ErrorKind.NOT_FOUND, "no_session")
        return messages.GetSessionResponse(session=_message(caller))


def _message(caller: Caller) -> messages.Session:
    time = Timestamp()
    time.FromDatetime(caller.authenticated_at.astimezone(UTC))
    return messages.Session(
        session_id=str(caller.session_id),
        account_id=str(caller.account_id),
        username=caller.username,
        display_name=caller.display_name,
        roles=sorted(caller.roles),
        language=caller.language,
        second_factor=caller.second_factor,
        authenticate_time=time,
    )


class Directory(Protocol):
    known: FakeSessions
    sessions: SessionDirectory


class Fake:
    def __init__(self) -> None:
        self.known = FakeSessions()
        self.sessions: SessionDirectory = self.known


class Remote:
    """RemoteSessions over real gRPC, with a broker of the test's."""

    def __init__(self, neighbours: Neighbours) -> None:
        self._neighbours = neighbours
        self.known = FakeSessions()
        self.identity = Identity(self.known)
        self.clock = FakeClock()
        self.broker = FakeBroker()
        self.bus = FakeBus(self.broker)

    async def start(self) -> None:
        server = await self._neighbours.serve(self.identity)
        channel = self._neighbours.channel(f"127.0.0.1:{server.port}")
        self.sessions = RemoteSessions(channel, self.bus, clock=self.clock.monotonic)
        await self.sessions.start()

    async def revoke(self, token: str, caller: Caller, *, name_session: bool = True) -> None:
        self.known.sign_out(token)
        names = [str(caller.session_id)] if name_session else []
        message = SessionRevoked(account_id=str(caller.account_id), session_ids=names)
        data = MessageToDict(message, preserving_proto_field_name=True)
        event = Event(
            uuid4(),
            "kundenportal.identity.session.revoked.v1",
            "identity",
            str(caller.account_id),
            1,
            FakeClock()(),
            data,
        )
        await self.bus.publish(event)


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


CALLERS: list[Callable[[], Caller]] = [
    make_caller,
    lambda: make_caller(2, roles=("agent", "admin"), language="en"),
    lambda: make_caller(3, roles=("editor",), second_factor=False),
]


@pytest.mark.parametrize("make", CALLERS)
async def test_session_is_found_as_it_was_opened(make: Callable[[], Caller], directory: Directory) -> None:
    caller = make()
    token = directory.known.sign_in(caller)
    assert await directory.sessions.find(token_hash(token), activity=True, grace=True) == caller


async def test_unknown_token_is_nobody(directory: Directory) -> None:
    for token in ("", "forged", "x" * 5000):
        assert await directory.sessions.find(token_hash(token), activity=True, grace=True) is None


async def test_activity_is_told_and_quiet_looks_are_not(directory: Directory) -> None:
    token = directory.known.sign_in(make_caller())
    await directory.sessions.find(token_hash(token), activity=False, grace=True)
    assert directory.known.active == []
    await directory.sessions.find(token_hash(token), activity=True, grace=True)
    assert directory.known.active == [token_hash(token)]


async def test_unavailable_is_said(directory: Directory) -> None:
    directory.known.available = False
    with pytest.raises(DomainError) as raised:
        await directory.sessions.find(token_hash("x"), activity=True, grace=True)
    assert raised.value.kind is ErrorKind.UNAVAILABLE


@pytest.mark.parametrize("name_session", [True, False])
async def test_sec_s06_revoked_session_is_out_at_once(name_session: bool, remote: Remote) -> None:
    caller = make_caller()
    token = remote.known.sign_in(caller)
    assert await remote.sessions.find(token_hash(token), activity=True, grace=True) == caller
    await remote.revoke(token, caller, name_session=name_session)
    assert await remote.sessions.find(token_hash(token), activity=True, grace=True) is None


async def test_sec_s06_revoked_session_is_out_within_a_second_although_the_bus_is_away(remote: Remote) -> None:
    token = remote.known.sign_in(make_caller())
    await remote.sessions.find(token_hash(token), activity=True, grace=True)
    remote.broker.drop()
    remote.known.sign_out(token)
    remote.clock.advance(1)
    assert await remote.sessions.find(token_hash(token), activity=True, grace=True) is None


async def test_people_stay_signed_in_for_five_minutes_without_identity_and_staff_do_not(remote: Remote) -> None:
    token = remote.known.sign_in(make_caller())
    await remote.sessions.find(token_hash(token), activity=True, grace=True)
    remote.known.available = False
    remote.clock.advance(250)
    assert await remote.sessions.find(token_hash(token), activity=True, grace=True) == make_caller()
    with pytest.raises(DomainError):
        await remote.sessions.find(token_hash(token), activity=True, grace=False)


async def test_activity_is_told_once_a_minute_however_much_is_clicked(remote: Remote) -> None:
    token = remote.known.sign_in(make_caller())
    for _ in range(130):
        await remote.sessions.find(token_hash(token), activity=True, grace=True)
        remote.clock.advance(1)
    assert remote.identity.asked.count(True) == 3


async def test_fragments_that_load_all_the_time_do_not_hide_activity(remote: Remote) -> None:
    token = remote.known.sign_in(make_caller())
    for second in range(200):
        await remote.sessions.find(token_hash(token), activity=second % 10 == 5, grace=True)
        remote.clock.advance(1)
    assert remote.identity.asked.count(True) == 4


async def test_many_pages_at_once_ask_once(remote: Remote) -> None:
    token = remote.known.sign_in(make_caller())
    looks = (remote.sessions.find(token_hash(token), activity=False, grace=True) for _ in range(30))
    found = await asyncio.gather(*looks)
    assert {caller.account_id for caller in found if caller} == {UUID(int=1001)}
    assert len(remote.identity.asked) == 1
