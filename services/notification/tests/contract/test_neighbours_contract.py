"""What emitters and identity answer: the fakes, and the gRPC clients against servers in this process."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
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
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import GrpcServer
from chassis.testing import certificates
from mail_samples import ANNA, CHALLENGE, LINK, SAMPLES
from notification.emitter_client import EmitterClient
from notification.happenings import Emitter, Identity, Reach
from notification.identity_client import IdentityClient
from notification_fakes import UNKNOWN, FakeEmitter, FakeIdentity, a_person
from notification_world import service_settings

BEN, EVENT = uuid4(), uuid4()
CALLED = frozenset({"notification"})
GRANTS = {
    "/kundenportal.events.v1.EventDetailService/DescribeEvents": CALLED,
    "/kundenportal.identity.v1.AccountService/BatchGetAccounts": CALLED,
    "/kundenportal.identity.v1.AccountService/EnsureAccount": frozenset[str](),
    "/kundenportal.identity.v1.ChallengeService/GetChallengeLink": CALLED,
}
STATES = {
    Reach.UNCONFIRMED: accounts_pb2.ACCOUNT_STATE_UNCONFIRMED,
    Reach.CONFIRMED: accounts_pb2.ACCOUNT_STATE_ACTIVE,
    Reach.CLOSED: accounts_pb2.ACCOUNT_STATE_CLOSED,
}


@dataclass
class Case:
    emitter: Emitter
    identity: Identity
    take_away: Callable[[], Any]


class EmitterServer(EventDetailServiceServicer):
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


class AccountServer(AccountServiceServicer):
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


class ChallengeServer(ChallengeServiceServicer):
    def __init__(self, fake: FakeIdentity) -> None:
        self._fake = fake

    async def GetChallengeLink(self, request: Any, context: Any) -> Any:  # noqa: N802
        link = await self._fake.link(UUID(request.challenge_id))
        if link is None:
            raise DomainError(ErrorKind.CONFLICT, "challenge_closed")
        expire_time = Timestamp()
        expire_time.FromDatetime(link.expire_time)
        return challenges_pb2.GetChallengeLinkResponse(path=link.path, expire_time=expire_time)


@pytest.fixture(params=["fake", "grpc"])
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Case]:
    emitter, identity = FakeEmitter(), FakeIdentity()
    sample = SAMPLES["ticket_opened"]
    emitter.knows(EVENT, sample.event_type, sample.facts, *sample.happening.concerned)
    identity.knows(a_person(ANNA), a_person(BEN, "ben", reach=Reach.CLOSED))
    identity.links[CHALLENGE] = LINK

    def take_away() -> None:
        emitter.away = identity.away = True

    if request.param == "fake":
        yield Case(emitter, identity, take_away)
        return
    folders = certificates(tmp_path, ["neighbour", "notification"])
    servicers = [
        partial(add_EventDetailServiceServicer_to_server, EmitterServer(emitter)),
        partial(add_AccountServiceServicer_to_server, AccountServer(identity)),
        partial(add_ChallengeServiceServicer_to_server, ChallengeServer(identity)),
    ]
    server = GrpcServer(service_settings(tls_dir=folders["neighbour"]), servicers, GRANTS)
    await server.start()
    settings = service_settings(tls_dir=folders["notification"])
    channel = GrpcChannel(settings, f"127.0.0.1:{server.port}", "neighbour")
    yield Case(EmitterClient(channel.channel), IdentityClient(channel.channel), take_away)
    await channel.close()
    await server.stop()


async def test_an_event_is_described(case: Case) -> None:
    assert await case.emitter.describe(EVENT) == SAMPLES["ticket_opened"].happening


async def test_an_unknown_event_has_no_type_and_concerns_nobody(case: Case) -> None:
    assert await case.emitter.describe(uuid4()) == UNKNOWN


async def test_people_that_do_not_exist_are_left_out(case: Case) -> None:
    people = await case.identity.people([ANNA, BEN, uuid4()])
    assert people == {ANNA: a_person(ANNA), BEN: a_person(BEN, "ben", reach=Reach.CLOSED)}


async def test_more_people_than_one_question_may_name_are_found(case: Case) -> None:
    assert (await case.identity.people([*(uuid4() for _ in range(250)), ANNA])).keys() == {ANNA}


async def test_an_open_challenge_has_the_same_link_each_time(case: Case) -> None:
    assert [await case.identity.link(CHALLENGE) for _ in range(2)] == [LINK, LINK]


async def test_a_closed_challenge_has_none(case: Case) -> None:
    assert await case.identity.link(uuid4()) is None


async def test_a_neighbour_that_is_away_says_so(case: Case) -> None:
    case.take_away()
    for question in (case.emitter.describe(EVENT), case.identity.people([ANNA]), case.identity.link(CHALLENGE)):
        with pytest.raises(DomainError) as away:
            await question
        assert away.value.kind is ErrorKind.UNAVAILABLE
