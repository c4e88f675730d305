"""Who may call what: every route and every RPC stands in a table here (DESIGN 17)."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
from kundenportal.customer_link.v1 import customer_service_pb2 as customers
from kundenportal.customer_link.v1 import membership_service_pb2 as memberships
from kundenportal.customer_link.v1.customer_service_pb2_grpc import CustomerServiceStub
from kundenportal.customer_link.v1.membership_service_pb2_grpc import MembershipServiceStub
from kundenportal.events.v1 import event_detail_service_pb2 as details
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceStub
from kundenportal.privacy.v1 import personal_data_service_pb2 as personal
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import PersonalDataServiceStub

from chassis.api_clients import scopes_of
from chassis.errors import DomainError, ErrorKind
from chassis.grpc_client import GrpcChannel
from chassis.metrics import Metrics
from chassis.testing import certificates
from chassis.testing_edges import START
from chassis.web import access_table
from customer_link.app import GRANTS, make_grpc
from customer_link.domain.code_batch import NewBatch, Source
from customer_link_builders import ANNA, CLUB, INN, a_code, a_contact, a_document, a_link, a_request, give_code
from customer_link_world import PEOPLE, World
from sample_files import PDF

PEERS = ("identity", "customer-link", "ticketing", "notification", "backend-sample", "bench")
KINDS = ("anonymous", "holder", "other customer", "staff")
_NOBODY, _ASKED_TO_SIGN_IN = 401, 303
_ORGANISATION = "/customers/organisations/{organisation_id}"
_PROGRAMS = (_NOBODY, _NOBODY, _NOBODY, _NOBODY)
_CODE_STAFF = "staff:agent,advisor,admin"
_ADMIN, _NOT_FOR_AGENTS = "staff:admin", (_ASKED_TO_SIGN_IN, 403, 403, 403)
# Route → its declared access, and the status for each kind of caller. Posts are made without a body: what matters is
# how far they get.
MATRIX: dict[tuple[str, str], tuple[str, tuple[int, int, int, int]]] = {
    ("GET", "/api/v1/customers"): ("signed_in|client:customers:read", (_NOBODY, 200, 200, 200)),
    ("GET", "/api/v1/customers/openapi.json"): ("anyone", (200, 200, 200, 200)),
    ("GET", "/api/v1/customers/{number}"): ("client:customers:read", _PROGRAMS),
    ("PUT", "/api/v1/customers/{number}"): ("client:customers:write", _PROGRAMS),
    ("PUT", "/api/v1/customers/{number}/invoices/{invoice:path}/document"): ("client:customers:write", _PROGRAMS),
    ("GET", "/api/v1/organisations/{organisation_id}/contacts"): ("client:contacts:read", _PROGRAMS),
    ("POST", "/api/v1/organisations/{organisation_id}/contacts"): ("client:contacts:write", _PROGRAMS),
    ("DELETE", "/api/v1/organisations/{organisation_id}/contacts/{contact_id}"): ("client:contacts:write", _PROGRAMS),
    ("POST", "/api/v1/customers:batchPut"): ("client:customers:write", _PROGRAMS),
    ("GET", "/assets"): ("anyone", (404, 404, 404, 404)),
    ("GET", "/customers"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 200, 200)),
    ("POST", "/customers"): ("signed_in", (_NOBODY, 422, 422, 422)),
    ("GET", "/customers/new-code"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 200, 200)),
    ("POST", "/customers/new-code"): ("signed_in", (_NOBODY, 422, 422, 422)),
    ("GET", "/customers/list"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 200, 200)),
    ("GET", f"{_ORGANISATION}/members"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 404, 404)),
    ("GET", f"{_ORGANISATION}/members/{{account_id}}/end"): ("signed_in", (_ASKED_TO_SIGN_IN, 404, 404, 404)),
    ("POST", f"{_ORGANISATION}/members/{{account_id}}/end"): ("signed_in", (_NOBODY, 404, 404, 404)),
    ("POST", f"{_ORGANISATION}/members/{{account_id}}/administrator"): ("signed_in", (_NOBODY, 404, 404, 404)),
    ("GET", f"{_ORGANISATION}/invite"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 404, 404)),
    ("POST", f"{_ORGANISATION}/invite"): ("signed_in", (_NOBODY, 422, 404, 404)),
    ("POST", f"{_ORGANISATION}/invitations/{{invitation_id}}/withdraw"): ("signed_in", (_NOBODY, 404, 404, 404)),
    ("GET", "/customers/invitations/{invitation_id}"): ("signed_in", (_ASKED_TO_SIGN_IN, 404, 404, 404)),
    ("POST", "/customers/invitations/{invitation_id}"): ("signed_in", (_NOBODY, 404, 404, 404)),
    ("GET", "/customers/{customer_id}"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 404, 404)),
    ("GET", "/customers/{customer_id}/data"): ("signed_in", (_ASKED_TO_SIGN_IN, 204, 404, 404)),
    ("POST", "/customers/{customer_id}/ask"): ("signed_in", (_NOBODY, 303, 404, 404)),
    ("GET", "/customers/{customer_id}/unlink"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 404, 404)),
    ("POST", "/customers/{customer_id}/unlink"): ("signed_in", (_NOBODY, 303, 404, 404)),
    ("POST", "/customers/requests"): ("signed_in", (_NOBODY, 422, 422, 422)),
    ("GET", "/customers/requests/{request_id}"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 404, 404)),
    ("GET", "/customers/requests/{request_id}/withdraw"): ("signed_in", (_ASKED_TO_SIGN_IN, 200, 404, 404)),
    ("POST", "/customers/requests/{request_id}/withdraw"): ("signed_in", (_NOBODY, 303, 404, 404)),
    ("GET", "/customers/requests/{request_id}/documents/{document_id}"): (
        "signed_in",
        (_ASKED_TO_SIGN_IN, 200, 404, 404),
    ),
    ("GET", "/staff/requests/{request_id}/documents/{document_id}"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/customers/{customer_id}/invoices/{document_id}"): ("signed_in", (_ASKED_TO_SIGN_IN, 404, 404, 404)),
    ("GET", "/staff/customers/{customer_id}/invoices/{document_id}"): (
        _CODE_STAFF,
        (_ASKED_TO_SIGN_IN, 403, 403, 404),
    ),
    ("GET", "/staff/requests"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/requests/{request_id}"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("POST", "/staff/requests/{request_id}/take"): (_CODE_STAFF, (_NOBODY, 403, 403, 303)),
    ("POST", "/staff/requests/{request_id}/give-back"): (_CODE_STAFF, (_NOBODY, 403, 403, 303)),
    ("POST", "/staff/requests/{request_id}/decide"): (_CODE_STAFF, (_NOBODY, 403, 403, 422)),
    ("GET", "/staff/codes"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/codes/new"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("POST", "/staff/codes/new"): (_CODE_STAFF, (_NOBODY, 403, 403, 422)),
    ("POST", "/staff/codes/alerts/{alert_id}"): (_CODE_STAFF, (_NOBODY, 403, 403, 303)),
    ("GET", "/staff/codes/batches"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/codes/batches/new"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("POST", "/staff/codes/batches/new"): (_CODE_STAFF, (_NOBODY, 403, 403, 422)),
    ("GET", "/staff/codes/batches/{batch_id}"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/codes/batches/{batch_id}/codes.csv"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("POST", "/staff/codes/batches/{batch_id}/hand-over"): (_CODE_STAFF, (_NOBODY, 403, 403, 422)),
    ("GET", "/staff/codes/batches/{batch_id}/letters"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 303)),
    ("GET", "/staff/codes/batches/{batch_id}/letters.pdf"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 303)),
    ("GET", "/staff/codes/batches/{batch_id}/progress"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/codes/orders"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("POST", "/staff/codes/orders"): (_CODE_STAFF, (_NOBODY, 403, 403, 303)),
    ("GET", "/staff/codes/{code_id}"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/codes/{code_id}/letter"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/codes/{code_id}/letter.pdf"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("POST", "/staff/codes/{code_id}/print"): (_CODE_STAFF, (_NOBODY, 403, 403, 303)),
    ("POST", "/staff/codes/{code_id}/hand-over"): (_CODE_STAFF, (_NOBODY, 403, 403, 422)),
    ("POST", "/staff/codes/{code_id}/withdraw"): (_CODE_STAFF, (_NOBODY, 403, 403, 422)),
    ("GET", "/staff/customers"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("GET", "/staff/customers/import"): (_ADMIN, _NOT_FOR_AGENTS),
    ("POST", "/staff/customers/import"): (_ADMIN, (_NOBODY, 403, 403, 403)),
    ("GET", "/staff/customers/import/template/{kind}.csv"): (_ADMIN, _NOT_FOR_AGENTS),
    ("GET", "/staff/customers/import/{import_id}"): (_ADMIN, _NOT_FOR_AGENTS),
    ("POST", "/staff/customers/import/{import_id}"): (_ADMIN, (_NOBODY, 403, 403, 403)),
    ("POST", "/staff/customers/import/{import_id}/drop"): (_ADMIN, (_NOBODY, 403, 403, 403)),
    ("GET", "/staff/customers/import/{import_id}/progress"): (_ADMIN, _NOT_FOR_AGENTS),
    ("GET", "/staff/customers/import/{import_id}/errors.csv"): (_ADMIN, _NOT_FOR_AGENTS),
    ("GET", "/staff/customers/{customer_id}"): (_CODE_STAFF, (_ASKED_TO_SIGN_IN, 403, 403, 200)),
    ("POST", "/staff/customers/{customer_id}/ask"): (_CODE_STAFF, (_NOBODY, 403, 403, 303)),
    ("POST", "/staff/customers/{customer_id}/contacts"): (_CODE_STAFF, (_NOBODY, 403, 403, 422)),
    ("GET", "/staff/customers/{customer_id}/contacts/{contact_id}/remove"): (
        _CODE_STAFF,
        (_ASKED_TO_SIGN_IN, 403, 403, 200),
    ),
    ("POST", "/staff/customers/{customer_id}/contacts/{contact_id}/remove"): (_CODE_STAFF, (_NOBODY, 403, 403, 303)),
    ("GET", "/staff/customers/{customer_id}/invitations/{invitation_id}/end"): (
        _CODE_STAFF,
        (_ASKED_TO_SIGN_IN, 403, 403, 404),
    ),
    ("POST", "/staff/customers/{customer_id}/invitations/{invitation_id}/end"): (
        _CODE_STAFF,
        (_NOBODY, 403, 403, 404),
    ),
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
    "/kundenportal.customer_link.v1.MembershipService/ListLinks": (
        frozenset({"identity"}),
        lambda channel: MembershipServiceStub(channel).ListLinks,
        memberships.ListLinksRequest(**_SOMEBODY),
    ),
    "/kundenportal.customer_link.v1.MembershipService/FindHolders": (
        frozenset({"identity"}),
        lambda channel: MembershipServiceStub(channel).FindHolders,
        memberships.FindHoldersRequest(number=INN.number),
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
    "/kundenportal.customer_link.v1.CustomerService/PutInvoiceDocument": (
        frozenset({"backend-sample"}),
        lambda channel: CustomerServiceStub(channel).PutInvoiceDocument,
        customers.PutInvoiceDocumentRequest(customer_id=str(INN.id), invoice_number="R-1"),
    ),
    "/kundenportal.events.v1.EventDetailService/DescribeEvents": (
        frozenset({"notification"}),
        lambda channel: EventDetailServiceStub(channel).DescribeEvents,
        details.DescribeEventsRequest(),
    ),
    "/kundenportal.privacy.v1.PersonalDataService/ExportPersonalData": (
        frozenset({"identity"}),
        lambda channel: PersonalDataServiceStub(channel).ExportPersonalData,
        personal.ExportPersonalDataRequest(**_SOMEBODY),
    ),
    "/kundenportal.privacy.v1.PersonalDataService/ErasePersonalData": (
        frozenset({"identity"}),
        lambda channel: PersonalDataServiceStub(channel).ErasePersonalData,
        personal.ErasePersonalDataRequest(**_SOMEBODY, request_id=str(uuid4())),
    ),
}


async def test_sec_z01_every_route_stands_in_the_matrix(world: World) -> None:
    declared = {(method, path): access for method, path, access in access_table(world.app)}
    assert declared == {route: access for route, (access, _) in MATRIX.items()}


async def test_sec_z01_every_kind_of_caller_gets_what_the_matrix_says(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        code = await give_code(records, INN, a_code())
        batch = NewBatch(uuid4(), Source.NUMBERS, ANNA, START, START)
        await records.batches.add(batch, [CLUB.number])
        contact = a_contact()
        await records.contacts.add(contact)
        request = a_request(ANNA, CLUB, (await give_code(records, CLUB, a_code(8))).id)
        await records.requests.add(request)
        document = a_document(request.id)
        await records.documents.add([document])
    await world.keep_file(document.id, PDF)
    ids = {
        "number": "1",
        "invoice": "R-1",
        "contact_id": contact.id,
        "customer_id": INN.id,
        "code_id": code.id,
        "batch_id": batch.id,
        "alert_id": 1,
        "request_id": request.id,
        "import_id": uuid4(),
        "kind": "customers",
        "document_id": document.id,
    }
    ids |= {"organisation_id": INN.organisation_id, "account_id": uuid4(), "invitation_id": uuid4()}
    people = dict(zip(KINDS, (None, "anna", "bernd", "tarek"), strict=True))
    for (method, path), (access, expected) in MATRIX.items():
        for kind, status in sorted(zip(KINDS, expected, strict=True), key=lambda one: one[0] == "holder"):
            async with world.client(people[kind]) as browser:
                answer = await browser.request(method, _template(path).format(**ids))
            assert answer.status_code == status, (method, path, kind)
            assert kind == "holder" or access.startswith("staff") or INN.number not in answer.text, (method, path, kind)


async def test_sec_z01_other_systems_are_let_in_by_scope_and_nowhere_else(world: World) -> None:
    by_scope = {route: scopes_of(access) for route, (access, _) in MATRIX.items()}
    every = {scope for scopes in by_scope.values() for scope in scopes} | {"other:read"}
    for scope in sorted(every):
        async with world.program(scope) as program:
            for (method, path), (_, expected) in MATRIX.items():
                answer = await program.request(method, _template(path).format_map(defaultdict(uuid4)))
                if scopes := by_scope[method, path]:
                    assert (answer.status_code not in {401, 403}) is (scope in scopes), (method, path, scope)
                elif method == "GET":
                    assert answer.status_code == expected[0], (method, path, scope)
                else:
                    # Neither a session nor the headers of a page of this site.
                    assert answer.status_code == 403, (method, path, scope)


async def test_sec_z01_z11_every_rpc_is_granted_by_name(make_world: Callable[..., Any], tmp_path: Path) -> None:
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


def _template(path: str) -> str:
    """Without what a parameter may have in it."""
    return path.replace(":path}", "}")


async def _refused(call: Callable[..., grpc.aio.UnaryUnaryCall[Any, Any]], request: Any) -> bool:
    try:
        await call(request, timeout=5)
    except DomainError as error:
        return error.kind is ErrorKind.FORBIDDEN
    return False
