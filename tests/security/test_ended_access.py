"""Whose access to an organisation ended is out of ticketing's instances within a second, and is told nothing more.

customer-link and ticketing run here as they are, over mutual TLS and each on a database of its own; the bus is in the
test's hands, because the second holds whether it runs or not (DESIGN 7).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from kundenportal.events.v1 import event_detail_service_pb2 as messages

import customer_link_world
import ticketing_world
from chassis.database import Database
from chassis.grpc_client import GrpcChannel
from chassis.metrics import Metrics
from chassis.relay import Relay
from chassis.testing import FakeBroker, FakeBus, certificates
from customer_link.app import make_grpc
from customer_link.domain.invitation import Invitation, Purpose
from customer_link.entrypoints.jobs import END_DUE_ACCESS, job_handlers
from customer_link.usecases.end_memberships import end_memberships
from customer_link_builders import ANNA, BERND, GASTHAUS, INN, a_link, an_invitation
from customer_link_fakes import FakeIdentity
from portal_fixtures import DatabaseFactory
from ticketing.adapters.memberships import Memberships
from ticketing.entrypoints.event_detail_grpc import EventDetailServicer

WITHIN = 1.0
"""Seconds: the guarantee of DESIGN decision 7."""
MEMBERS = f"/customers/organisations/{GASTHAUS.id}/members"


@dataclass
class Two:
    """customer-link, and two instances of ticketing on one database. Bernd, whom Anna invited, is Jonas there."""

    numbers: customer_link_world.World
    tickets: list[ticketing_world.World]
    broker: FakeBroker
    shared: UUID = field(default_factory=uuid4)

    async def invite(self) -> Invitation:
        """Anna's invitation of Bernd, for a month."""
        now = self.numbers.clock()
        last_day = now + timedelta(days=30)
        invitation = an_invitation(account_id=BERND, purpose=Purpose.AGENCY, access_until=last_day, expires_at=last_day)
        async with self.numbers.records() as records:
            assert await records.invitations.add(invitation)
        return invitation

    async def seen(self) -> list[int]:
        """How each instance answers who was invited and asks for what Anna shares."""
        return [(await each.get("jonas", f"/tickets/{self.shared}")).status for each in self.tickets]

    async def told(self) -> set[UUID]:
        """Whom notification is to write to about the latest comment."""
        world = self.tickets[0]
        last = [data["id"] for name, data in await world.events() if name == "commented"][-1]
        details = EventDetailServicer(world.work, world.outbox)
        request = messages.DescribeEventsRequest(event_ids=[str(last)])
        answer = await details.DescribeEvents(request, None)  # type: ignore[arg-type]
        return {UUID(one.account_id) for one in answer.details[0].concerned}

    async def comment(self, name: str) -> None:
        await self.tickets[0].post(name, f"/tickets/{self.shared}/comment", {"text": "Und noch etwas."})


@pytest.fixture
async def two(database_factory: DatabaseFactory, tmp_path: Path) -> AsyncIterator[Two]:
    tls, broker = certificates(tmp_path, ["customer-link", "ticketing"]), FakeBroker()
    async with AsyncExitStack() as stack:
        numbers = customer_link_world.World(await database_factory("customer_link"))
        stack.push_async_callback(numbers.database.close)
        core = replace(numbers.core, settings=numbers.settings.model_copy(update={"tls_dir": tls["customer-link"]}))
        server, bus = make_grpc(core, Metrics()), FakeBus(broker)
        await server.start()
        stack.push_async_callback(server.stop)
        relay = Relay(numbers.database, bus, "customer-link", replica="test")
        await relay.start()
        stack.push_async_callback(relay.stop)
        tickets = await database_factory("ticketing")
        instances = [await _instance(stack, tickets, tls["ticketing"], server.port, broker) for _ in range(2)]
        made = Two(numbers, instances, broker)
        await _populate(made)
        yield made


async def _instance(
    stack: AsyncExitStack, database: Database, tls: Path, port: int, broker: FakeBroker
) -> ticketing_world.World:
    settings = ticketing_world.World(database).settings.model_copy(update={"tls_dir": tls})
    channel, bus = GrpcChannel(settings, f"127.0.0.1:{port}", "customer-link"), FakeBus(broker)
    stack.push_async_callback(channel.close)
    stack.push_async_callback(bus.stop)
    memberships = Memberships(channel.channel, bus)
    await memberships.start()
    return ticketing_world.World(database, memberships=memberships)


async def _populate(two: Two) -> None:
    await two.numbers.stock()
    async with two.numbers.records() as records:
        await records.links.add(a_link(ANNA, INN))
    two.shared = await two.tickets[0].open("anna", visibility="organisation")


async def _ended_by_the_administrator(two: Two) -> None:
    answer = await two.numbers.post("anna", f"{MEMBERS}/{BERND}/end")
    assert answer.location == f"{MEMBERS}?notice=ended"


async def _left(two: Two) -> None:
    assert (await two.numbers.post("bernd", f"{MEMBERS}/{BERND}/end")).location == "/customers?left=1"


async def _last_day_is_over(two: Two) -> None:
    two.numbers.clock.advance(timedelta(days=31))
    await job_handlers(two.numbers.core.workplace, FakeIdentity())[END_DUE_ACCESS]({})


async def _account_closed(two: Two) -> None:
    async with two.numbers.records() as records:
        await end_memberships(BERND, records=records, clock=two.numbers.clock)


ENDINGS: tuple[Callable[[Two], Awaitable[None]], ...] = (
    _ended_by_the_administrator,
    _left,
    _last_day_is_over,
    _account_closed,
)


async def _answers_within_a_second(two: Two, status: int, changed: float) -> None:
    """Every instance gives this answer to a question that is asked a second after the change at the latest."""
    asked = changed
    while await two.seen() != [status] * 2:
        assert asked - changed < WITHIN
        await asyncio.sleep(0.01)
        asked = time.monotonic()


@pytest.mark.parametrize("running", [True, False], ids=["the bus runs", "the bus is away"])
async def test_who_accepted_is_in_and_who_is_out_sees_nothing_after_a_second_and_is_told_nothing(
    two: Two, *, running: bool
) -> None:
    for end in ENDINGS:
        invitation = await two.invite()
        assert await two.seen() == [httpx.codes.NOT_FOUND] * 2
        answer = await two.numbers.post("bernd", f"/customers/invitations/{invitation.id}", {"answer": "accept"})
        assert answer.location == f"{MEMBERS}?notice=joined"
        await _answers_within_a_second(two, httpx.codes.OK, time.monotonic())
        await two.comment("jonas")
        await two.comment("anna")
        assert BERND in await two.told(), "who spoke is told of the next comment"
        if not running:
            two.broker.drop()
        assert await two.seen() == [httpx.codes.OK] * 2
        await end(two)
        await _answers_within_a_second(two, httpx.codes.NOT_FOUND, time.monotonic())
        await two.comment("anna")
        assert BERND not in await two.told()
        two.broker.restore()
        assert await two.seen() == [httpx.codes.NOT_FOUND] * 2
