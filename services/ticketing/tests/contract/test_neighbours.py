"""Memberships and names: the fakes and the clients over gRPC behave alike; the clients also keep and forget."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from kundenportal.customer_link.events.v1.events_pb2 import MembershipChanged
from kundenportal.customer_link.v1 import customer_service_pb2 as customer_messages
from kundenportal.customer_link.v1 import membership_service_pb2 as membership_messages
from kundenportal.customer_link.v1.customer_service_pb2_grpc import (
    CustomerServiceServicer,
    add_CustomerServiceServicer_to_server,
)
from kundenportal.customer_link.v1.membership_service_pb2_grpc import (
    MembershipServiceServicer,
    add_MembershipServiceServicer_to_server,
)
from kundenportal.identity.events.v1.events_pb2 import AccountChanged
from kundenportal.identity.v1 import account_service_pb2 as account_messages
from kundenportal.identity.v1.account_service_pb2_grpc import (
    AccountServiceServicer,
    add_AccountServiceServicer_to_server,
)

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import GrpcServer
from chassis.messaging import Event
from chassis.testing import FakeBus, FakeClock, certificates, settings_for
from ticketing.adapters.memberships import MEMBERSHIP_CHANGED, Memberships
from ticketing.adapters.names import ACCOUNT_CHANGED, Names
from ticketing.domain.membership import UNKNOWN, Customer, Membership, Organisation
from ticketing.domain.person import Person
from ticketing.settings import TicketingSettings
from ticketing.usecases import ports
from ticketing_builders import ANNA, JONAS, NUMBER_ID, STRANGER, WORKS
from ticketing_fakes import FakeMemberships, FakeNames

HELD = Membership((Organisation(WORKS, "Stadtwerke"),), (Customer(NUMBER_ID, "20 331", "wartung", WORKS),))
PEOPLE = {ANNA: Person("Anna Weber"), JONAS: Person("Jonas Krüger", active=False), STRANGER: Person("Eva", staff=True)}
_PEERS = frozenset({"ticketing"})


class CustomerLink(MembershipServiceServicer, CustomerServiceServicer):
    """customer-link as the wire shows it."""

    def __init__(self) -> None:
        self.held = HELD
        self.calls = 0

    async def GetMembership(self, request: Any, context: Any) -> membership_messages.GetMembershipResponse:  # noqa: N802
        self.calls += 1
        held = self.held if request.account_id == str(ANNA) else Membership()
        organisations = [
            membership_messages.Organisation(organisation_id=str(one.id), name=one.name) for one in held.organisations
        ]
        customers = [
            membership_messages.Customer(
                customer_id=str(one.id), number=one.number, type=one.type, organisation_id=str(one.organisation_id)
            )
            for one in held.customers
        ]
        return membership_messages.GetMembershipResponse(organisations=organisations, customers=customers)

    async def ListMembers(self, request: Any, context: Any) -> membership_messages.ListMembersResponse:  # noqa: N802
        members = [str(ANNA)] if request.organisation_id == str(WORKS) else []
        return membership_messages.ListMembersResponse(account_ids=members)

    async def BatchGetOrganisations(self, request: Any, context: Any) -> Any:  # noqa: N802
        self.calls += 1
        known = [one for one in HELD.organisations if str(one.id) in request.organisation_ids]
        found = [membership_messages.Organisation(organisation_id=str(one.id), name=one.name) for one in known]
        return membership_messages.BatchGetOrganisationsResponse(organisations=found)

    async def GetCustomer(self, request: Any, context: Any) -> customer_messages.GetCustomerResponse:  # noqa: N802
        if request.customer_id != str(NUMBER_ID):
            raise DomainError(ErrorKind.NOT_FOUND, "customer_not_found")
        return customer_messages.GetCustomerResponse(customer_id=str(NUMBER_ID), number="20 331", type="wartung")


class Identity(AccountServiceServicer):
    """Identity as the wire shows it."""

    def __init__(self) -> None:
        self.people = dict(PEOPLE)
        self.batches: list[int] = []

    async def BatchGetAccounts(self, request: Any, context: Any) -> account_messages.BatchGetAccountsResponse:  # noqa: N802
        self.batches.append(len(request.account_ids))
        states = {True: account_messages.ACCOUNT_STATE_ACTIVE, False: account_messages.ACCOUNT_STATE_INVITED}
        accounts = [
            account_messages.Account(
                account_id=str(one), display_name=who.name, staff=who.staff, state=states[who.active]
            )
            for one, who in self.people.items()
            if str(one) in request.account_ids
        ]
        return account_messages.BatchGetAccountsResponse(accounts=accounts)


class Wire:
    """Both neighbours on one server, and the clients."""

    def __init__(self, folder: Path) -> None:
        self.customer_link, self.identity = CustomerLink(), Identity()
        tls = certificates(folder, ["ticketing", "neighbour"])
        settings = {
            name: settings_for(TicketingSettings, path, tls_dir=path, identity_grpc="x:1", customer_link_grpc="x:1")
            for name, path in tls.items()
        }
        grants = {
            f"/{service.full_name}/{method.name}": _PEERS
            for messages in (membership_messages, customer_messages, account_messages)
            for service in messages.DESCRIPTOR.services_by_name.values()
            for method in service.methods
        }
        servicers = [
            partial(add_MembershipServiceServicer_to_server, self.customer_link),
            partial(add_CustomerServiceServicer_to_server, self.customer_link),
            partial(add_AccountServiceServicer_to_server, self.identity),
        ]
        self.server = GrpcServer(settings["neighbour"], servicers, grants)
        self._settings = settings["ticketing"]
        self.bus, self.clock = FakeBus(), FakeClock()

    async def start(self) -> None:
        await self.server.start()
        self.channel = GrpcChannel(self._settings, f"127.0.0.1:{self.server.port}", "neighbour")
        monotonic = self.clock.monotonic
        self.memberships = Memberships(self.channel.channel, self.bus, clock=monotonic)
        self.names = Names(self.channel.channel, self.channel.channel, self.bus, clock=monotonic)
        await self.memberships.start()
        await self.names.start()

    async def close(self) -> None:
        await self.channel.close()
        await self.server.stop()
        await self.bus.stop()

    async def tell(self, event_type: str, data: dict[str, str]) -> None:
        event = Event(uuid4(), event_type, "urn:test", str(ANNA), 1, self.clock(), data)
        await self.bus.publish(event)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    made = Wire(tmp_path)
    await made.start()
    yield made
    await made.close()


@pytest.fixture(params=["fake", "grpc"])
def memberships(request: pytest.FixtureRequest, wire: Wire) -> ports.Memberships:
    return FakeMemberships({ANNA: HELD}) if request.param == "fake" else wire.memberships


@pytest.fixture(params=["fake", "grpc"])
def names(request: pytest.FixtureRequest, wire: Wire) -> ports.Names:
    fake = FakeNames(dict(PEOPLE), {WORKS: "Stadtwerke"}, {NUMBER_ID: "20 331"})
    return fake if request.param == "fake" else wire.names


async def test_memberships(memberships: ports.Memberships) -> None:
    assert await memberships.of(ANNA) == HELD
    assert await memberships.of(STRANGER) == Membership()
    assert await memberships.members(WORKS) == {ANNA}
    assert await memberships.members(uuid4()) == frozenset()


async def test_names(names: ports.Names) -> None:
    assert await names.people([ANNA, JONAS, STRANGER, uuid4()]) == PEOPLE
    assert await names.organisations([WORKS, uuid4()]) == {WORKS: "Stadtwerke"}
    assert await names.number(NUMBER_ID) == "20 331"
    assert await names.number(uuid4()) is None
    assert await names.people([]) == {}


async def test_all_names_of_a_page_are_one_call(wire: Wire) -> None:
    strangers = [uuid4() for _ in range(150)]
    await wire.names.people([ANNA, *strangers])
    assert sorted(wire.identity.batches) == [51, 100]
    await wire.names.people([ANNA, *strangers])
    assert len(wire.identity.batches) == 2


async def test_sec_z06_a_changed_membership_is_out_at_once(wire: Wire) -> None:
    await wire.memberships.of(ANNA)
    wire.customer_link.held = Membership()
    assert await wire.memberships.of(ANNA) == HELD
    await wire.tell(MEMBERSHIP_CHANGED, {"accountId": str(ANNA)})
    wire.clock.advance(0.001)
    assert await wire.memberships.of(ANNA) == Membership()
    assert MembershipChanged(account_id=str(ANNA)).account_id == str(ANNA)


async def test_a_changed_name_is_out_at_once(wire: Wire) -> None:
    await wire.names.people([ANNA])
    wire.identity.people[ANNA] = Person("Anna Berger")
    await wire.tell(ACCOUNT_CHANGED, {"accountId": str(ANNA)})
    wire.clock.advance(0.001)
    assert (await wire.names.people([ANNA]))[ANNA].name == "Anna Berger"
    assert AccountChanged(account_id=str(ANNA)).account_id == str(ANNA)


async def test_a_neighbour_that_is_away_is_bridged_for_ten_minutes_then_unknown(wire: Wire) -> None:
    await asyncio.gather(wire.memberships.of(ANNA), wire.names.people([ANNA]))
    await wire.server.stop()
    wire.clock.advance(599)
    assert await wire.memberships.of(ANNA) == HELD
    wire.clock.advance(2)
    assert await wire.memberships.of(ANNA) == UNKNOWN
    assert await wire.names.people([ANNA, UUID(int=99)]) == {}
    with pytest.raises(DomainError) as caught:
        await wire.memberships.members(WORKS)
    assert caught.value.kind is ErrorKind.UNAVAILABLE
