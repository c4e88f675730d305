"""A gRPC server in this process that answers for emitters and identity from their fakes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID

from google.protobuf.timestamp_pb2 import Timestamp
from kundenportal.events.v1 import event_detail_service_pb2 as events_pb2
from kundenportal.events.v1.event_detail_service_pb2_grpc import (
    EventDetailServiceServicer,
    add_EventDetailServiceServicer_to_server,
)
from kundenportal.identity.v1 import account_service_pb2 as accounts_pb2
from kundenportal.identity.v1 import challenge_service_pb2 as challenges_pb2
from kundenportal.identity.v1.account_service_pb2_grpc import (
    AccountServiceServicer,
    add_AccountServiceServicer_to_server,
)
from kundenportal.identity.v1.challenge_service_pb2_grpc import (
    ChallengeServiceServicer,
    add_ChallengeServiceServicer_to_server,
)

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_server import GrpcServer
from notification.happenings import Reach
from notification.settings import Settings
from notification_fakes import FakeEmitter, FakeIdentity

CALLED = frozenset({"notification"})
GRANTS = {
    "/kundenportal.events.v1.EventDetailService/DescribeEvents": CALLED,
    "/kundenportal.identity.v1.AccountService/BatchGetAccounts": CALLED,
    "/kundenportal.identity.v1.AccountService/EnsureAccount": frozenset[str](),
    "/kundenportal.identity.v1.AccountService/EnsureAccounts": frozenset[str](),
    "/kundenportal.identity.v1.ChallengeService/GetChallengeLink": CALLED,
}
STATES = {
    Reach.UNCONFIRMED: accounts_pb2.ACCOUNT_STATE_UNCONFIRMED,
    Reach.CONFIRMED: accounts_pb2.ACCOUNT_STATE_ACTIVE,
    Reach.CLOSED: accounts_pb2.ACCOUNT_STATE_CLOSED,
}


@asynccontextmanager
async def neighbour_server(settings: Settings, emitter: FakeEmitter, identity: FakeIdentity) -> AsyncIterator[int]:
    """Serves until the block ends; gives the port."""
    servicers = [
        partial(add_EventDetailServiceServicer_to_server, _Emitter(emitter)),
        partial(add_AccountServiceServicer_to_server, _Accounts(identity)),
        partial(add_ChallengeServiceServicer_to_server, _Challenges(identity)),
    ]
    server = GrpcServer(settings, servicers, GRANTS)
    await server.start()
    try:
        yield server.port
    finally:
        await server.stop()


class _Emitter(EventDetailServiceServicer):
    def __init__(self, fake: FakeEmitter) -> None:
        self._fake = fake

    async def DescribeEvents(self, request: Any, context: Any) -> Any:  # noqa: N802
        return events_pb2.DescribeEventsResponse(details=[await self._detail(each) for each in request.event_ids])

    async def _detail(self, event_id: str) -> events_pb2.EventDetail:
        happening = await self._fake.describe(UUID(event_id))
        return events_pb2.EventDetail(
            event_id=event_id,
            event_type=happening.event_type,
            facts=happening.facts,
            concerned=[
                events_pb2.Concerned(account_id=str(who.account_id), reason=who.reason) for who in happening.concerned
            ],
            suppressed=happening.suppressed,
        )


class _Accounts(AccountServiceServicer):
    def __init__(self, fake: FakeIdentity) -> None:
        self._fake = fake

    async def BatchGetAccounts(self, request: Any, context: Any) -> Any:  # noqa: N802
        if len(request.account_ids) > 100:
            raise DomainError(ErrorKind.INVALID, "too_many")
        people = await self._fake.people([UUID(each) for each in request.account_ids])
        return accounts_pb2.BatchGetAccountsResponse(
            accounts=[
                accounts_pb2.Account(
                    account_id=str(person.account_id),
                    username=person.username,
                    display_name=person.display_name,
                    email=person.email,
                    language=person.language,
                    state=STATES[person.reach],
                )
                for person in people.values()
            ]
        )


class _Challenges(ChallengeServiceServicer):
    def __init__(self, fake: FakeIdentity) -> None:
        self._fake = fake

    async def GetChallengeLink(self, request: Any, context: Any) -> Any:  # noqa: N802
        link = await self._fake.link(UUID(request.challenge_id))
        if link is None:
            raise DomainError(ErrorKind.CONFLICT, "challenge_closed")
        expire_time = Timestamp()
        expire_time.FromDatetime(link.expire_time)
        return challenges_pb2.GetChallengeLinkResponse(
            path=link.path, expire_time=expire_time, password=link.password, email=link.email
        )
