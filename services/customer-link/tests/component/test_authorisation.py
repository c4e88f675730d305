"""Who may call what: every route and every RPC stands in a table here (DESIGN 17)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from kundenportal.customer_link.v1 import customer_service_pb2 as customers
from kundenportal.customer_link.v1 import membership_service_pb2 as memberships
from kundenportal.customer_link.v1.customer_service_pb2_grpc import CustomerServiceStub
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceStub
from kundenportal.events.v1 import event_detail_service_pb2 as details
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceStub

from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.metrics import Metrics
from chassis.testing import certificates
from chassis.web import access_table
from customer_link.app import GRANTS, make_grpc
from customer_link_builders import INN
from customer_link_world import PEOPLE, World

PEERS = ("identity", "customer-link", "ticketing", "notification", "backend-sample", "bench")
ROUTES = {
    ("GET", "/api/v1/customers"): "signed_in",
    ("GET", "/assets"): "anyone",
    ("GET", "/customers"): "signed_in",
    ("POST", "/customers"): "signed_in",
    ("GET", "/customers/list"): "signed_in",
    ("GET", "/customers/{customer_id}"): "signed_in",
    ("GET", "/customers/{customer_id}/data"): "signed_in",
    ("GET", "/customers/{customer_id}/unlink"): "signed_in",
    ("POST", "/customers/{customer_id}/unlink"): "signed_in",
}
_SOMEBODY = {"account_id": str(PEOPLE["anna"].account_id)}
CALLS: dict[str, tuple[frozenset[str], Callable[[Any], Any], Any]] = {
    "/kundenportal.customer_link.v1.MembershipService/GetMembership": (
        frozenset({"ticketing"}),
        lambda channel: MembershipServiceStub(channel).GetMembership,
        memberships.GetMembershipRequest(**_SOMEBODY),
    ),
    "/kundenportal.customer_link.v1.MembershipService/ListMembers": (
        frozenset({"ticketing"}),
        lambda channel: MembershipServiceStub(channel).ListMembers,
        memberships.ListMembersRequest(organisation_id=str(INN.organisation_id)),
    ),
    "/kundenportal.customer_link.v1.MembershipService/BatchGetOrganisations": (
        frozenset({"ticketing"}),
        lambda channel: MembershipServiceStub(channel).BatchGetOrganisations,
        memberships.BatchGetOrganisationsRequest(organisation_ids=[str(INN.organisation_id)]),
    ),
    "/kundenportal.customer_link.v1.CustomerService/GetCustomer": (
        frozenset({"backend-sample", "ticketing"}),
        lambda channel: CustomerServiceStub(channel).GetCustomer,
        customers.GetCustomerRequest(customer_id=str(INN.id)),
    ),
    "/kundenportal.customer_link.v1.CustomerService/PutCustomerData": (
        frozenset({"backend-sample"}),
        lambda channel: CustomerServiceStub(channel).PutCustomerData,
        customers.PutCustomerDataRequest(request_id="1", customer_id=str(INN.id)),
    ),
    "/kundenportal.events.v1.EventDetailService/DescribeEvents": (
        frozenset({"notification"}),
        lambda channel: EventDetailServiceStub(channel).DescribeEvents,
        details.DescribeEventsRequest(),
    ),
}


async def test_every_route_declares_whom_it_lets_in(world: World) -> None:
    assert {(method, path): access for method, path, access in access_table(world.app)} == ROUTES


@pytest.mark.parametrize(("method", "path"), [key for key, access in ROUTES.items() if access == "signed_in"])
async def test_strangers_get_nothing(world: World, method: str, path: str) -> None:
    async with world.client(None) as browser:
        answer = await browser.request(method, path.format(customer_id=INN.id))
    assert answer.status_code in ({303} if method == "GET" and "api" not in path else {401})
    assert INN.number not in answer.text


async def test_every_rpc_is_granted_by_name(make_world: Callable[..., Any], tmp_path: Path) -> None:
    folders = certificates(tmp_path, PEERS)
    world: World = await make_world(tls_dir=folders["customer-link"])
    await world.stock()
    server = make_grpc(world.core, Metrics())
    assert GRANTS.keys() == CALLS.keys()
    await server.start()
    try:
        for peer in PEERS:
            settings = world.settings.model_copy(update={"tls_dir": folders[peer]})
            channel = GrpcChannel(settings, f"127.0.0.1:{server.port}", "customer-link")
            for method, (granted, stub, request) in CALLS.items():
                assert GRANTS[method] == granted
                assert await _refused(stub(channel.channel), request) is (peer not in granted), (method, peer)
            await channel.close()
    finally:
        await server.stop()


async def _refused(call: Callable[..., grpc.aio.UnaryUnaryCall[Any, Any]], request: Any) -> bool:
    try:
        await call(request, timeout=5)
    except DomainError as error:
        return error.kind is ErrorKind.FORBIDDEN
    return False
