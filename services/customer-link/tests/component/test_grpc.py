"""The gRPC face over real mutual TLS: membership facts (M12), data from backends, details for mails."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from kundenportal.customer_link.v1 import customer_service_pb2 as customers
from kundenportal.customer_link.v1 import membership_service_pb2 as memberships
from kundenportal.customer_link.v1.customer_service_pb2_grpc import CustomerServiceStub
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceStub
from kundenportal.events.v1 import event_detail_service_pb2 as details
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceStub

from chassis.errors import DomainError
from chassis.grpc_client import GrpcChannel
from chassis.metrics import Metrics
from chassis.testing import certificates
from chassis.testing_edges import START
from customer_link.app import make_grpc
from customer_link_builders import ANNA, BERND, CLUB, GASTHAUS, INN, VEREIN, a_code, a_contact, a_link, give_code
from customer_link_world import World
from sample_files import PDF

PEERS = ("customer-link", "ticketing", "backend-sample", "notification", "identity")


class Network:
    """The service with its gRPC server, and its neighbours' channels."""

    def __init__(self, world: World, folders: dict[str, Path], port: int) -> None:
        self.world = world
        self._channels = {
            peer: GrpcChannel(
                world.settings.model_copy(update={"tls_dir": folders[peer]}), f"127.0.0.1:{port}", "customer-link"
            )
            for peer in PEERS
        }
        self.memberships = MembershipServiceStub(self._channels["ticketing"].channel)
        self.asked_by_identity = MembershipServiceStub(self._channels["identity"].channel)
        self.customers = CustomerServiceStub(self._channels["backend-sample"].channel)
        self.details = EventDetailServiceStub(self._channels["notification"].channel)

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()


@pytest.fixture
async def network(make_world: Callable[..., Any], tmp_path: Path) -> AsyncIterator[Network]:
    folders = certificates(tmp_path, PEERS)
    world: World = await make_world(tls_dir=folders["customer-link"])
    await world.stock()
    server = make_grpc(world.core, Metrics())
    await server.start()
    made = Network(world, folders, server.port)
    yield made
    await made.close()
    await server.stop()


async def test_m12_members_are_holders_and_contacts(network: Network) -> None:
    async with network.world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.contacts.add(a_contact(account_id=BERND))
    of_anna = await network.memberships.GetMembership(memberships.GetMembershipRequest(account_id=str(ANNA)), timeout=5)
    assert [(one.organisation_id, one.name) for one in of_anna.organisations] == [(str(GASTHAUS.id), GASTHAUS.name)]
    [held] = of_anna.customers
    assert (held.customer_id, held.number, held.type, held.organisation_id) == (
        str(INN.id),
        INN.number,
        INN.type,
        str(GASTHAUS.id),
    )
    stranger = await network.memberships.GetMembership(
        memberships.GetMembershipRequest(account_id=str(uuid4())), timeout=5
    )
    assert stranger == memberships.GetMembershipResponse()
    members = await network.memberships.ListMembers(
        memberships.ListMembersRequest(organisation_id=str(GASTHAUS.id)), timeout=5
    )
    assert set(members.account_ids) == {str(ANNA), str(BERND)}


async def test_staff_see_what_an_account_holds_and_held(network: Network) -> None:
    async with network.world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.links.end(ANNA, INN.id, START)
        await records.contacts.add(a_contact(account_id=ANNA))
    request = memberships.ListLinksRequest(account_id=str(ANNA))
    told = await network.asked_by_identity.ListLinks(request, timeout=5)
    [link] = told.links
    assert (link.customer.number, link.organisation_name) == (INN.number, GASTHAUS.name)
    assert link.end_time.ToDatetime(START.tzinfo) == START
    assert [one.name for one in told.contact_of] == [GASTHAUS.name]


@pytest.mark.parametrize(("typed", "found"), [("4711-0702", [str(ANNA)]), ("4802 0110", []), ("", []), ("%", [])])
async def test_staff_find_the_holder_of_a_number(network: Network, typed: str, found: list[str]) -> None:
    async with network.world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    request = memberships.FindHoldersRequest(number=typed)
    assert list((await network.asked_by_identity.FindHolders(request, timeout=5)).account_ids) == found
    with pytest.raises(DomainError, match="not_granted"):
        await network.memberships.FindHolders(request, timeout=5)


async def test_names_of_organisations_come_in_one_call(network: Network) -> None:
    ids = [str(GASTHAUS.id), str(uuid4()), str(VEREIN.id)]
    found = await network.memberships.BatchGetOrganisations(
        memberships.BatchGetOrganisationsRequest(organisation_ids=ids), timeout=5
    )
    assert {one.name for one in found.organisations} == {GASTHAUS.name, VEREIN.name}
    with pytest.raises(DomainError, match="too_many_ids"):
        await network.memberships.BatchGetOrganisations(
            memberships.BatchGetOrganisationsRequest(organisation_ids=ids * 34), timeout=5
        )


def a_put(request_id: str = "first", *, name: str = "Gasthaus", minutes: int = 0) -> customers.PutCustomerDataRequest:
    as_of = Timestamp(seconds=int(START.timestamp()) + 60 * minutes)
    invoice = customers.Invoice(
        number="R-1",
        date="2026-11-01",
        due_date="2026-11-30",
        amount_cents=12_840,
        currency="EUR",
        state=customers.INVOICE_STATE_OPEN,
    )
    data = customers.CustomerData(
        as_of_time=as_of,
        name=name,
        address_lines=["Hauptplatz 1"],
        contracts=[customers.Contract(reference="L-1", title="Musik", start_date="2024-01-01")],
        invoices=[invoice],
    )
    return customers.PutCustomerDataRequest(request_id=request_id, customer_id=str(INN.id), data=data)


async def test_a_backend_brings_data_once_and_the_newest_win(network: Network) -> None:
    async with network.world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    known = await network.customers.GetCustomer(customers.GetCustomerRequest(customer_id=str(INN.id)), timeout=5)
    assert (known.number, known.type) == (INN.number, INN.type)
    for _ in range(2):
        assert (await network.customers.PutCustomerData(a_put(), timeout=5)).applied
    assert not (await network.customers.PutCustomerData(a_put("second", name="Older", minutes=-5), timeout=5)).applied
    assert await network.world.event_names() == ["customer.changed"]
    page = await network.world.get("anna", f"/customers/{INN.id}")
    assert "Gasthaus" in page.words
    assert "128,40" in page.words
    assert (await network.customers.PutCustomerData(a_put(name="Other", minutes=1), timeout=5)).applied
    assert await network.world.event_names() == ["customer.changed"]
    elsewhere = a_put()
    elsewhere.customer_id = str(CLUB.id)
    with pytest.raises(DomainError, match="idempotency_key_reused"):
        await network.customers.PutCustomerData(elsewhere, timeout=5)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customer_id": "x"}, "id_invalid"),
        ({"customer_id": "00000000-0000-0000-0000-000000000009"}, "customer_unknown"),
        ({"request_id": ""}, "idempotency_key_invalid"),
        ({"data": customers.CustomerData(name="x")}, "data_incomplete"),
        ({"data": customers.CustomerData(as_of_time=Timestamp(seconds=1))}, "data_incomplete"),
    ],
)
async def test_bad_data_are_refused_with_a_reason(network: Network, change: dict[str, Any], code: str) -> None:
    request = a_put()
    for name in change:
        request.ClearField(name)  # type: ignore[arg-type]
    request.MergeFrom(customers.PutCustomerDataRequest(**change))
    with pytest.raises(DomainError, match=code):
        await network.customers.PutCustomerData(request, timeout=5)


async def test_bad_dates_and_states_are_refused(network: Network) -> None:
    request = a_put()
    request.data.invoices[0].due_date = "30.11.2026"
    with pytest.raises(DomainError, match="date_invalid"):
        await network.customers.PutCustomerData(request, timeout=5)
    request = a_put("other")
    request.data.invoices[0].state = customers.INVOICE_STATE_UNSPECIFIED
    with pytest.raises(DomainError, match="invoice_state_unknown"):
        await network.customers.PutCustomerData(request, timeout=5)


@pytest.mark.parametrize("unprintable", ["Gast\x00haus", "Gast\nhaus", "Gast\u202ehaus"])
async def test_a_text_that_cannot_be_shown_is_refused(network: Network, unprintable: str) -> None:
    with pytest.raises(DomainError, match="text_unprintable"):
        await network.customers.PutCustomerData(a_put(name=unprintable), timeout=5)


async def test_a_mail_about_a_link_learns_number_and_holder(network: Network) -> None:
    world = network.world
    async with world.records() as records:
        await give_code(records, INN, a_code())
    await world.link("anna", a_code(), INN.number)
    emitted = {one.type.split(".")[-3] + "." + one.type.split(".")[-2]: one for one in await world.events()}
    ids = [str(emitted["link.created"].id), str(uuid4()), str(emitted["code.used"].id)]
    found = await network.details.DescribeEvents(details.DescribeEventsRequest(event_ids=ids), timeout=5)
    created, unknown, used = found.details
    assert dict(created.facts) == {"customer_number": "4711 0702", "path": f"/customers/{INN.id}"}
    assert [(one.account_id, one.reason) for one in created.concerned] == [(str(ANNA), "holder")]
    assert (unknown.event_id, unknown.event_type) == (ids[1], "")
    assert (used.event_type, list(used.concerned)) == ("kundenportal.customer_link.code.used.v1", [])
    async with world.records() as records:
        await records.links.end(ANNA, INN.id, START)
    found = await network.details.DescribeEvents(details.DescribeEventsRequest(event_ids=ids[:1]), timeout=5)
    assert (list(found.details[0].concerned), found.details[0].suppressed) == ([], "not_entitled")


def a_pdf(content: bytes = PDF, *, minutes: int = 0, **changes: Any) -> customers.PutInvoiceDocumentRequest:
    as_of = Timestamp(seconds=int(START.timestamp()) + 60 * minutes)
    fields = {"customer_id": str(INN.id), "invoice_number": " R-1 ", "as_of_time": as_of, "content": content}
    return customers.PutInvoiceDocumentRequest(**(fields | changes))


async def test_a11_a_backend_delivers_invoices_as_pdf(network: Network) -> None:
    world, put = network.world, network.customers.PutInvoiceDocument
    newer = PDF + b"%newer"
    for request, applied in ((a_pdf(), True), (a_pdf(), True), (a_pdf(newer, minutes=1), True), (a_pdf(), False)):
        assert (await put(request, timeout=5)).applied is applied
    async with world.records() as records:
        held = await records.invoices.held(INN.id, "R-1")
    assert held is not None
    content = b"".join([chunk async for chunk in await world.core.workplace.files.read(held.file_id)])
    assert (content, held.size) == (newer, len(newer))


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (a_pdf(b"<html>"), "document_no_pdf"),
        (a_pdf(PDF + bytes(3 * 1024 * 1024)), "document_no_pdf"),
        (a_pdf(invoice_number=" "), "invoice_number_invalid"),
        (a_pdf(invoice_number="R" * 61), "invoice_number_invalid"),
        (a_pdf(minutes=6), "document_from_the_future"),
        (a_pdf(as_of_time=None), "document_incomplete"),
        (a_pdf(customer_id=str(uuid4())), "customer_unknown"),
        (a_pdf(customer_id="x"), "id_invalid"),
    ],
)
async def test_what_is_no_invoice_is_refused_and_not_kept(
    network: Network, request_: customers.PutInvoiceDocumentRequest, code: str
) -> None:
    with pytest.raises(DomainError, match=code):
        await network.customers.PutInvoiceDocument(request_, timeout=5)
    assert await network.world.kept_files() == set()
