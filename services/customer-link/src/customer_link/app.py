"""The composition root: the table of contents of customer-link."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import grpc
from fastapi import APIRouter, FastAPI
from kundenportal.customer_link.v1.customer_service_pb2_grpc import add_CustomerServiceServicer_to_server
from kundenportal.customer_link.v1.membership_service_pb2_grpc import add_MembershipServiceServicer_to_server
from kundenportal.events.v1.event_detail_service_pb2_grpc import add_EventDetailServiceServicer_to_server
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import add_PersonalDataServiceServicer_to_server

from chassis.api_clients import ClientDirectory
from chassis.bus_address import connect_bus
from chassis.callers import RemoteSessions, SessionDirectory
from chassis.database import Database
from chassis.file_store import ObjectFiles
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import Grants, GrpcServer
from chassis.health import Health
from chassis.inbox import Inbox
from chassis.jobs import Jobs
from chassis.key_ring import KeyRing
from chassis.metrics import Metrics
from chassis.migration import is_current
from chassis.outbox import Outbox
from chassis.personal_data import PERSONAL_DATA_GRANTS, PersonalDataServicer
from chassis.process import Part, Resource, http_part, management_part, run
from chassis.relay import Relay
from chassis.remote_clients import RemoteClients
from chassis.web import create_web_app
from customer_link.adapters.code_keeper import SealingKeeper
from customer_link.adapters.directory import IdentityDirectory
from customer_link.adapters.identity_client import IdentityClient
from customer_link.adapters.letter_press import LetterPress
from customer_link.adapters.mail_address import read_mail_address
from customer_link.adapters.personal_data import HeldByCustomerLink
from customer_link.adapters.records import records_on
from customer_link.entrypoints.admin import Admin
from customer_link.entrypoints.api import document
from customer_link.entrypoints.api.contacts import ContactApi
from customer_link.entrypoints.api.customer_batch import CustomerBatchApi
from customer_link.entrypoints.api.customers import CustomerApi
from customer_link.entrypoints.api.invoice_documents import InvoiceDocumentApi
from customer_link.entrypoints.event_consumers import EventConsumer, event_handlers
from customer_link.entrypoints.grpc_customers import CustomerServicer
from customer_link.entrypoints.grpc_event_details import EventDetailServicer
from customer_link.entrypoints.grpc_memberships import MembershipServicer
from customer_link.entrypoints.jobs import PERIODIC, job_handlers
from customer_link.entrypoints.pages.codes.batches import BatchPages
from customer_link.entrypoints.pages.codes.code_list import CodeListPage
from customer_link.entrypoints.pages.codes.new_code import NewCodePage
from customer_link.entrypoints.pages.codes.one_code import CodePage
from customer_link.entrypoints.pages.codes.orders import OrderPages
from customer_link.entrypoints.pages.codes.site import CodeSite
from customer_link.entrypoints.pages.directory.customer_list import CustomerListPage
from customer_link.entrypoints.pages.directory.invited import StaffInvitedPages
from customer_link.entrypoints.pages.directory.one_customer import StaffCustomerPages
from customer_link.entrypoints.pages.directory.site import DirectorySite
from customer_link.entrypoints.pages.imports.handing_in import ImportPages
from customer_link.entrypoints.pages.imports.one_import import OneImportPages
from customer_link.entrypoints.pages.invoice_documents import InvoicePages
from customer_link.entrypoints.pages.linking import LinkingPages
from customer_link.entrypoints.pages.one_customer import CustomerPages
from customer_link.entrypoints.pages.order_code import OrderCodePages
from customer_link.entrypoints.pages.organisations.invitation import InvitationPages
from customer_link.entrypoints.pages.organisations.invite import InvitePages
from customer_link.entrypoints.pages.organisations.members import MemberPages
from customer_link.entrypoints.pages.requests.documents import DocumentPages
from customer_link.entrypoints.pages.requests.one_request import StaffRequestPage
from customer_link.entrypoints.pages.requests.own import OwnRequestPages
from customer_link.entrypoints.pages.requests.queue import RequestQueuePage
from customer_link.entrypoints.pages.site import Site
from customer_link.entrypoints.workplace import Workplace
from customer_link.settings import CustomerLinkBrand, CustomerLinkSettings
from customer_link.usecases.import_contacts import ImportRules
from customer_link.usecases.import_lines import CustomerImportRules
from customer_link.usecases.issue_code import IssueMeans
from customer_link.usecases.link_customer import LinkRules
from customer_link.usecases.member_ports import Directory
from customer_link.usecases.ports import Clock, NewId
from ui.assets import assets_app
from ui.brand import Brand
from ui.pages import Pages

_V1 = "/kundenportal.customer_link.v1"
_BACKENDS = frozenset({"backend-sample"})
GRANTS: Grants = {
    f"{_V1}.MembershipService/GetMembership": frozenset({"ticketing"}),
    f"{_V1}.MembershipService/ListMembers": frozenset({"ticketing"}),
    f"{_V1}.MembershipService/BatchGetOrganisations": frozenset({"ticketing"}),
    f"{_V1}.MembershipService/ListLinks": frozenset({"identity"}),
    f"{_V1}.MembershipService/FindHolders": frozenset({"identity"}),
    f"{_V1}.CustomerService/GetCustomer": _BACKENDS | {"ticketing"},
    f"{_V1}.CustomerService/PutCustomerData": _BACKENDS,
    f"{_V1}.CustomerService/PutInvoiceDocument": _BACKENDS,
    "/kundenportal.events.v1.EventDetailService/DescribeEvents": frozenset({"notification"}),
    **PERSONAL_DATA_GRANTS,
}


@dataclass(frozen=True, slots=True)
class Core:
    """What entry points of every kind stand on."""

    settings: CustomerLinkSettings
    brand: Brand
    outbox: Outbox
    workplace: Workplace


def make_core(
    settings: CustomerLinkSettings, *, clock: Clock = lambda: datetime.now(UTC), new_id: NewId = uuid4
) -> Core:
    """The collaborators, none of them connected yet."""
    brand = Brand.load(settings.brand_dir)
    own = CustomerLinkBrand.model_validate(brand.section("customer_link"))
    outbox = Outbox(settings.service, clock, new_id)
    keeper = SealingKeeper(KeyRing.parse(settings.code_keys.get_secret_value()))
    workplace = Workplace(
        database=Database(settings.database_url.get_secret_value()),
        records=partial(records_on, outbox=outbox),
        rules=LinkRules(
            limits=own.limits,
            keeper=keeper,
            clock=clock,
            new_id=new_id,
        ),
        types=own.labels,
        data_max_age=own.data_max_age,
        issuing=IssueMeans(keeper, clock, secrets.randbelow),
        code_valid_days=own.code_valid_days,
        letter_takes=timedelta(days=own.letter_days),
        importing=CustomerImportRules(
            contacts=ImportRules(read_mail_address, new_id, brand.languages),
            types=own.labels.keys(),
            clock=clock,
            zone=brand.time_zone,
            refresh_after=own.data_max_age,
        ),
        files=ObjectFiles(settings.files_url),
        documents_kept=timedelta(days=own.documents_days),
    )
    return Core(settings, brand, outbox, workplace)


def make_web(
    core: Core, sessions: SessionDirectory, clients: ClientDirectory, directory: Directory, metrics: Metrics
) -> FastAPI:
    """Pages and JSON API."""
    pages = Pages(core.settings, core.brand, "customer_link", clock=core.workplace.rules.clock)
    site = Site(core.workplace, pages, directory)
    codes = CodeSite(site, LetterPress(core.brand.dir), core.settings.base_url)
    customers = DirectorySite(site, core.workplace.importing.contacts)
    return create_web_app(
        core.settings,
        routers=[
            LinkingPages(site).router,
            OrderCodePages(site).router,
            OwnRequestPages(site).router,
            CustomerPages(site).router,
            *_file_routers(site),
            MemberPages(site).router,
            InvitePages(site, read_mail_address).router,
            InvitationPages(site).router,
            *_api(core.workplace),
            CodeListPage(codes).router,
            NewCodePage(codes).router,
            BatchPages(codes).router,
            OrderPages(codes).router,
            CodePage(codes).router,
            CustomerListPage(customers).router,
            ImportPages(site).router,
            OneImportPages(site).router,
            StaffCustomerPages(customers).router,
            StaffInvitedPages(site).router,
            RequestQueuePage(site).router,
            StaffRequestPage(site).router,
        ],
        sessions=sessions,
        clients=clients,
        pages=pages,
        metrics=metrics,
        mounts={"/assets": assets_app(core.brand)},
    )


def _api(workplace: Workplace) -> list[APIRouter]:
    # The document first: its path would be a customer number otherwise.
    faces = (CustomerApi(workplace), CustomerBatchApi(workplace), ContactApi(workplace), InvoiceDocumentApi(workplace))
    return [document.router, *(face.router for face in faces)]


def _file_routers(site: Site) -> list[APIRouter]:
    return [DocumentPages(site).router, InvoicePages(site).router]


def make_grpc(core: Core, metrics: Metrics) -> GrpcServer:
    """The gRPC face."""
    customers = CustomerServicer(core.workplace)
    details = EventDetailServicer(core.workplace, core.outbox)
    memberships = MembershipServicer(core.workplace)
    personal = PersonalDataServicer(core.workplace.database, HeldByCustomerLink(), core.workplace.rules.clock)

    def add(server: grpc.aio.Server) -> None:
        add_CustomerServiceServicer_to_server(customers, server)
        add_EventDetailServiceServicer_to_server(details, server)
        add_MembershipServiceServicer_to_server(memberships, server)
        add_PersonalDataServiceServicer_to_server(personal, server)

    return GrpcServer(core.settings, [add], GRANTS, metrics)


def make_admin(core: Core) -> Admin:
    """The commands of operations."""
    return Admin(core.brand, core.workplace)


async def serve(settings: CustomerLinkSettings) -> None:
    """Runs the service until it is told to stop."""
    core, metrics = make_core(settings), Metrics()
    database = core.workplace.database
    bus = connect_bus(settings.bus_url.get_secret_value(), replica=settings.replica)
    identity = GrpcChannel(settings, settings.identity_grpc, "identity")
    sessions, clients = RemoteSessions(identity, bus), RemoteClients(identity, bus)
    handlers = job_handlers(core.workplace, IdentityClient(identity.channel))
    consumer = EventConsumer(bus, settings.service, Inbox(database, settings.service, event_handlers(core.workplace)))
    health = Health({"database": database.ping, "schema": lambda: is_current(database, "customer_link")}, metrics)
    parts: list[Part] = [
        management_part(health, settings),
        Resource("database", database.close),
        Resource("identity", identity.close),
        bus,
        sessions,
        clients,
        consumer,
        Relay(database, bus, settings.service, replica=settings.replica, registry=metrics.registry),
        Jobs(settings.database_url.get_secret_value(), handlers, periodic=PERIODIC, concurrency=2),
        make_grpc(core, metrics),
        http_part(make_web(core, sessions, clients, IdentityDirectory(identity.channel), metrics), settings),
    ]
    await run(parts, health, drain_seconds=settings.drain_seconds)
