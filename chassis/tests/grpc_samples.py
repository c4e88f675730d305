"""A gRPC server and its callers over real TLS, for the tests of the chassis."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from kundenportal.identity.v1 import session_service_pb2 as messages
from kundenportal.identity.v1.session_service_pb2_grpc import (
    SessionServiceServicer,
    SessionServiceStub,
    add_SessionServiceServicer_to_server,
)

from chassis.errors import DomainError
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import Grants, GrpcServer
from chassis.metrics import Metrics
from chassis.testing import certificates
from edge_samples import sample_settings

GET_SESSION = "/kundenportal.identity.v1.SessionService/GetSession"
GRANTS: Grants = {GET_SESSION: frozenset({"ticketing"})}
Answer = Callable[[Any], Awaitable[None]]


class SampleSessions(SessionServiceServicer):
    """Answers with the name it was made with; `answer` is awaited before and may raise."""

    def __init__(self, name: str = "anna", answer: Answer | None = None) -> None:
        self.name = name
        self.answer = answer
        self.asked = 0

    async def GetSession(self, request: messages.GetSessionRequest, context: Any) -> messages.GetSessionResponse:  # noqa: N802
        self.asked += 1
        if self.answer is not None:
            await self.answer(context)
        return messages.GetSessionResponse(session=messages.Session(username=self.name))


class Neighbours:
    """An authority with certificates for several services, and servers and channels with them."""

    def __init__(self, folder: Path) -> None:
        self.folders = certificates(folder, ["identity", "ticketing", "stranger"])
        self._servers: list[GrpcServer] = []
        self._channels: list[GrpcChannel] = []

    async def serve(
        self,
        servicer: Any,
        *,
        add: Callable[[Any, Any], None] = add_SessionServiceServicer_to_server,
        grants: Grants = GRANTS,
        port: int = 0,
        metrics: Metrics | None = None,
    ) -> GrpcServer:
        """Starts identity."""
        settings = sample_settings(self.folders["identity"], grpc_port=port)
        server = GrpcServer(settings, [partial(add, servicer)], grants, metrics)
        await server.start()
        self._servers.append(server)
        return server

    def stub(self, *ports: int, caller: str = "ticketing", server_name: str = "identity") -> Any:
        """A stub of a neighbour."""
        address = ",".join(f"127.0.0.1:{port}" for port in ports)
        channel = self.channel(address, caller=caller, server_name=server_name)
        return SessionServiceStub(channel.channel)

    def channel(self, address: str, *, caller: str = "ticketing", server_name: str = "identity") -> GrpcChannel:
        channel = GrpcChannel(sample_settings(self.folders[caller]), address, server_name)
        self._channels.append(channel)
        return channel

    async def close(self) -> None:
        await asyncio.gather(*(channel.close() for channel in self._channels))
        await asyncio.gather(*(server.stop() for server in self._servers))


async def ask(stub: Any, timeout: float | None = 2.0) -> str:  # noqa: ASYNC109 - the call's own
    """The name that the neighbour answers with."""
    request = messages.GetSessionRequest(token_hash=b"x")
    answer = await (stub.GetSession(request) if timeout is None else stub.GetSession(request, timeout=timeout))
    return str(answer.session.username)


async def refusal(stub: Any, timeout: float = 2.0) -> DomainError:  # noqa: ASYNC109 - the call's own
    """The error that a call ends with."""
    try:
        await ask(stub, timeout)
    except DomainError as error:
        return error
    raise AssertionError("the call was answered")
