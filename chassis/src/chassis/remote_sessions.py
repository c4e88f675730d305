"""The session directory of every service but identity: asks identity over gRPC and keeps the answer for a moment."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC
from uuid import UUID

from kundenportal.identity.events.v1.events_pb2 import SessionRevoked
from kundenportal.identity.v1 import session_service_pb2 as messages
from kundenportal.identity.v1.session_service_pb2_grpc import SessionServiceStub

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.messaging import Bus, Event
from chassis.remote_cache import RemoteCache
from chassis.sessions import Caller

SESSION_REVOKED = "kundenportal.identity.session.revoked.v1"
_TIMEOUT_SECONDS = 1.0
_ACTIVITY_SECONDS = 60.0
_REMEMBERED = 10_000


class RemoteSessions:
    """A SessionDirectory, and a part of the process: it listens for sessions that are revoked.

    Args:
        identity: the channel to identity.
        bus: carries the invalidations.
        clock: a monotonic one, in seconds.
    """

    name = "sessions"

    def __init__(self, identity: GrpcChannel, bus: Bus, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._stub = SessionServiceStub(identity.channel)
        self._bus = bus
        self._clock = clock
        self._cache = RemoteCache(self._load, tags=_tags, clock=clock)
        self._active: set[bytes] = set()
        self._reported: OrderedDict[bytes, float] = OrderedDict()

    async def start(self) -> None:
        await self._bus.listen([SESSION_REVOKED], self.revoked, self._cache.connected)

    async def stop(self) -> None:
        """Nothing: the bus ends what it carries."""

    async def find(self, token_hash: bytes, *, activity: bool, grace: bool) -> Caller | None:
        """See SessionDirectory; activity is told to identity once a minute."""
        due = activity and self._clock() - self._reported.get(token_hash, float("-inf")) >= _ACTIVITY_SECONDS
        if due:
            self._active.add(token_hash)
        return (await self._cache.get(token_hash, grace=grace, refresh=due)).value

    async def revoked(self, event: Event) -> None:
        """Forgets the sessions that an event names, or all of the account if it names none."""
        message = event.payload(SessionRevoked)
        for tag in message.session_ids or (message.account_id,):
            self._cache.invalidate(tag)

    async def _load(self, token_hash: bytes) -> Caller | None:
        activity = token_hash in self._active
        request = messages.GetSessionRequest(token_hash=token_hash, activity=activity)
        try:
            answer = await self._stub.GetSession(request, timeout=_TIMEOUT_SECONDS)
        except DomainError as error:
            if error.kind is ErrorKind.NOT_FOUND:
                return None
            raise
        finally:
            self._active.discard(token_hash)
        if activity:
            self._remember(token_hash)
        return _caller(answer.session)

    def _remember(self, token_hash: bytes) -> None:
        self._reported[token_hash] = self._clock()
        self._reported.move_to_end(token_hash)
        if len(self._reported) > _REMEMBERED:
            self._reported.popitem(last=False)


def _tags(_key: bytes, caller: Caller | None) -> Iterable[str]:
    return () if caller is None else (str(caller.session_id), str(caller.account_id))


def _caller(session: messages.Session) -> Caller:
    return Caller(
        account_id=UUID(session.account_id),
        session_id=UUID(session.session_id),
        username=session.username,
        display_name=session.display_name,
        roles=frozenset(session.roles),
        language=session.language,
        second_factor=session.second_factor,
        authenticated_at=session.authenticate_time.ToDatetime(UTC),
    )
