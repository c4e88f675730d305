"""What emitters and identity answer: the fakes, and the gRPC clients against servers in this process."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import pytest

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.testing import certificates
from mail_samples import ANNA, CHALLENGE, LINK, SAMPLES
from neighbour_server import neighbour_server
from notification.emitter_client import EmitterClient
from notification.happenings import Emitter, Identity, Link, Reach
from notification.identity_client import IdentityClient
from notification.notice_sentences import Describer
from notification_fakes import UNKNOWN, FakeEmitter, FakeIdentity, a_person
from notification_world import service_settings

BEN, EVENT = uuid4(), uuid4()
EMAIL_CHALLENGE, EMAIL_LINK = uuid4(), replace(LINK, email="neu@example.org")
PASSWORD_CHALLENGE, PASSWORD_LINK = uuid4(), Link("/login", LINK.expire_time, "XXXX-YYYY-3333-4444-6666")


class AnyEmitter(Emitter, Describer, Protocol):
    """What jobs ask, and what pages ask."""


@dataclass
class Case:
    emitter: AnyEmitter
    identity: Identity
    take_away: Callable[[], Any]


@pytest.fixture(params=["fake", "grpc"])
async def case(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Case]:
    emitter, identity = FakeEmitter(), FakeIdentity()
    sample = SAMPLES["ticket_opened"]
    emitter.knows(EVENT, sample.event_type, sample.facts, *sample.happening.concerned)
    identity.knows(a_person(ANNA), a_person(BEN, "ben", reach=Reach.CLOSED))
    identity.links |= {CHALLENGE: LINK, PASSWORD_CHALLENGE: PASSWORD_LINK, EMAIL_CHALLENGE: EMAIL_LINK}

    def take_away() -> None:
        emitter.away = identity.away = True

    if request.param == "fake":
        yield Case(emitter, identity, take_away)
        return
    folders = certificates(tmp_path, ["neighbour", "notification"])
    async with neighbour_server(service_settings(tls_dir=folders["neighbour"]), emitter, identity) as port:
        channel = GrpcChannel(service_settings(tls_dir=folders["notification"]), f"127.0.0.1:{port}", "neighbour")
        yield Case(EmitterClient(channel.channel), IdentityClient(channel.channel), take_away)
        await channel.close()


async def test_an_event_is_described(case: Case) -> None:
    assert await case.emitter.describe(EVENT) == SAMPLES["ticket_opened"].happening


async def test_an_unknown_event_has_no_type_and_concerns_nobody(case: Case) -> None:
    assert await case.emitter.describe(uuid4()) == UNKNOWN


async def test_several_events_are_described_at_once(case: Case) -> None:
    unknown = uuid4()
    told = await case.emitter.describe_all([unknown, EVENT])
    assert told == {EVENT: SAMPLES["ticket_opened"].happening, unknown: UNKNOWN}


async def test_people_that_do_not_exist_are_left_out(case: Case) -> None:
    people = await case.identity.people([ANNA, BEN, uuid4()])
    assert people == {ANNA: a_person(ANNA), BEN: a_person(BEN, "ben", reach=Reach.CLOSED)}


async def test_more_people_than_one_question_may_name_are_found(case: Case) -> None:
    assert (await case.identity.people([*(uuid4() for _ in range(250)), ANNA])).keys() == {ANNA}


async def test_an_open_challenge_has_the_same_link_each_time(case: Case) -> None:
    assert [await case.identity.link(CHALLENGE) for _ in range(2)] == [LINK, LINK]


async def test_a_generated_password_comes_with_the_place_to_use_it(case: Case) -> None:
    assert await case.identity.link(PASSWORD_CHALLENGE) == PASSWORD_LINK


async def test_a_link_may_go_to_another_address(case: Case) -> None:
    found = await case.identity.link(EMAIL_CHALLENGE)
    assert found is not None
    assert found.email == "neu@example.org"


async def test_a_closed_challenge_has_none(case: Case) -> None:
    assert await case.identity.link(uuid4()) is None


async def test_a_neighbour_that_is_away_says_so(case: Case) -> None:
    case.take_away()
    questions = (
        case.emitter.describe(EVENT),
        case.emitter.describe_all([EVENT]),
        case.identity.people([ANNA]),
        case.identity.link(CHALLENGE),
    )
    for question in questions:
        with pytest.raises(DomainError) as away:
            await question
        assert away.value.kind is ErrorKind.UNAVAILABLE
