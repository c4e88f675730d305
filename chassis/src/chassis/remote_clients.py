"""The client directory of every service but identity: asks identity over gRPC and keeps the answer for a moment."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from uuid import UUID

from kundenportal.identity.events.v1.events_pb2 import ClientRevoked
from kundenportal.identity.v1 import client_service_pb2 as messages
from kundenportal.identity.v1.client_service_pb2_grpc import ClientServiceStub

from chassis.api_clients import ApiClient
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.messaging import Bus, Event
from chassis.remote_cache import RemoteCache

CLIENT_REVOKED = "kundenportal.identity.client.revoked.v1"
_TIMEOUT_SECONDS = 1.0


class RemoteClients:
    """A ClientDirectory, and a part of the process: it listens for clients that are revoked.

    Args:
        identity: the channel to identity.
        bus: carries the invalidations.
        clock: a monotonic one, in seconds.
        now: the time by which tokens end.
    """

    name = "clients"

    def __init__(
        self,
        identity: GrpcChannel,
        bus: Bus,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._stub = ClientServiceStub(identity.channel)
        self._bus = bus
        self._now = now
        self._cache = RemoteCache(self._load, tags=_tags, clock=clock)

    async def start(self) -> None:
        await self._bus.listen([CLIENT_REVOKED], self.revoked, self._cache.connected)

    async def stop(self) -> None:
        """Nothing: the bus ends what it carries."""

    async def find(self, token_hash: bytes) -> ApiClient | None:
        """See ClientDirectory; a token is over at its time although its answer is kept."""
        found = (await self._cache.get(token_hash, grace=False)).value
        return found if found is not None and self._now() < found.expires_at else None

    async def revoked(self, event: Event) -> None:
        """Forgets all tokens of the client that an event names."""
        self._cache.invalidate(event.payload(ClientRevoked).client_id)

    async def _load(self, token_hash: bytes) -> ApiClient | None:
        request = messages.GetClientRequest(token_hash=token_hash)
        try:
            answer = await self._stub.GetClient(request, timeout=_TIMEOUT_SECONDS)
        except DomainError as error:
            if error.kind is ErrorKind.NOT_FOUND:
                return None
            raise
        return _client(answer.client)


def _tags(_key: bytes, client: ApiClient | None) -> Iterable[str]:
    return () if client is None else (str(client.client_id),)


def _client(told: messages.ApiClient) -> ApiClient:
    return ApiClient(
        client_id=UUID(told.client_id),
        name=told.name,
        scopes=frozenset(told.scopes),
        expires_at=told.expire_time.ToDatetime(UTC),
    )
