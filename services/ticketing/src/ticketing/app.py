"""The composition root: the table of contents of the service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from fastapi import FastAPI
from kundenportal.events.v1.event_detail_service_pb2_grpc import add_EventDetailServiceServicer_to_server
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import add_PersonalDataServiceServicer_to_server
from kundenportal.ticketing.v1.ticket_service_pb2_grpc import add_TicketServiceServicer_to_server

from chassis.bus_address import connect_bus
from chassis.database import Database, Transaction
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import Grants, GrpcServer
from chassis.health import Health
from chassis.jobs import Jobs
from chassis.metrics import Metrics
from chassis.migration import is_current
from chassis.outbox import Outbox
from chassis.personal_data import PERSONAL_DATA_GRANTS, PersonalDataServicer
from chassis.process import Part, Resource, http_part, management_part
from chassis.relay import Relay
from chassis.remote_sessions import RemoteSessions
from chassis.sessions import SessionDirectory
from chassis.web import create_web_app
from ticketing.adapters.brand_policy import TicketingBrand
from ticketing.adapters.memberships import Memberships
from ticketing.adapters.names import Names
from ticketing.adapters.personal_data import HeldByTicketing
from ticketing.adapters.ticket_events import OutboxTicketEvents
from ticketing.adapters.ticket_store import PostgresTickets
from ticketing.entrypoints import closing_job
from ticketing.entrypoints.api.ticket_api import TicketApi
from ticketing.entrypoints.event_detail_grpc import EventDetailServicer
from ticketing.entrypoints.pages.desk_list import DeskListPage
from ticketing.entrypoints.pages.desk_ticket import DeskTicketPage
from ticketing.entrypoints.pages.new_ticket import NewTicketPage
from ticketing.entrypoints.pages.site import Site
from ticketing.entrypoints.pages.ticket_list import TicketListPage
from ticketing.entrypoints.pages.ticket_page import TicketPage
from ticketing.entrypoints.ticket_grpc import TicketServicer
from ticketing.entrypoints.workplace import Workplace
from ticketing.settings import TicketingSettings
from ticketing.usecases import ports
from ticketing.usecases.writing import Writing
from ui.assets import assets_app
from ui.brand import Brand
from ui.pages import Pages

GRANTS: Grants = {
    "/kundenportal.ticketing.v1.TicketService/GetTicket": frozenset({"backend-sample", "bench"}),
    "/kundenportal.ticketing.v1.TicketService/ListTickets": frozenset({"backend-sample", "bench"}),
    # Acting for a person is a grant of its own; the person's rights are checked here (DESIGN 13).
    "/kundenportal.ticketing.v1.TicketService/CreateTicket": frozenset({"backend-sample"}),
    "/kundenportal.events.v1.EventDetailService/DescribeEvents": frozenset({"notification"}),
    **PERSONAL_DATA_GRANTS,
}


def now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Who is asked: sessions, memberships, names."""

    sessions: SessionDirectory
    memberships: ports.Memberships
    names: ports.Names


def make_workplace(
    brand: Brand,
    database: Database,
    neighbours: Neighbours,
    *,
    clock: Callable[[], datetime] = now,
    new_id: Callable[[], UUID] = uuid4,
) -> tuple[Workplace, Outbox]:
    """Wire store, events and policy."""
    policy = TicketingBrand.read(brand.section("ticketing"), brand.languages).policy()
    outbox = Outbox(TicketingSettings.service, clock, new_id)

    def writing(tx: Transaction) -> Writing:
        events = OutboxTicketEvents(tx, outbox)
        return Writing(PostgresTickets(tx, clock), events, clock, new_id, policy, brand.time_zone)

    work = Workplace(
        database,
        writing,
        neighbours.memberships,
        neighbours.names,
        policy,
        brand.time_zone,
        brand.languages,
        clock,
    )
    return work, outbox


def make_web_app(
    settings: TicketingSettings,
    brand: Brand,
    work: Workplace,
    sessions: SessionDirectory,
    metrics: Metrics | None = None,
) -> FastAPI:
    """The pages and the JSON API."""
    pages = Pages(settings, brand, "ticketing", clock=work.clock)
    site = Site(work, pages)
    routers = [
        TicketListPage(site).router,
        NewTicketPage(site).router,
        TicketPage(site).router,
        DeskListPage(site).router,
        DeskTicketPage(site).router,
        TicketApi(work).router,
    ]
    mounts = {"/assets": assets_app(brand)}
    return create_web_app(settings, routers=routers, sessions=sessions, pages=pages, metrics=metrics, mounts=mounts)


def make_grpc_server(
    settings: TicketingSettings, work: Workplace, outbox: Outbox, metrics: Metrics | None = None
) -> GrpcServer:
    """The gRPC face."""
    servicers = [
        partial(add_TicketServiceServicer_to_server, TicketServicer(work)),
        partial(add_EventDetailServiceServicer_to_server, EventDetailServicer(work, outbox)),
        partial(
            add_PersonalDataServiceServicer_to_server,
            PersonalDataServicer(work.database, HeldByTicketing(), work.clock),
        ),
    ]
    return GrpcServer(settings, servicers, GRANTS, metrics)


def make_parts(settings: TicketingSettings) -> tuple[list[Part], Health]:
    """All that runs in a process of this service, in the order of starting."""
    metrics = Metrics()
    brand = Brand.load(settings.brand_dir)
    url = settings.database_url.get_secret_value()
    database = Database(url)
    bus = connect_bus(settings.bus_url.get_secret_value(), replica=settings.replica)
    identity = GrpcChannel(settings, settings.identity_grpc, "identity")
    customer_link = GrpcChannel(settings, settings.customer_link_grpc, "customer-link")
    sessions = RemoteSessions(identity, bus)
    memberships = Memberships(customer_link.channel, bus)
    names = Names(identity.channel, customer_link.channel, bus)
    work, outbox = make_workplace(brand, database, Neighbours(sessions, memberships, names))
    jobs = Jobs(
        url,
        {closing_job.NAME: closing_job.ClosingJob(work).run},
        periodic=[closing_job.HOURLY],
        concurrency=settings.job_concurrency,
    )
    health = Health({"database": database.ping, "schema": partial(is_current, database, "ticketing")}, metrics)
    parts: list[Part] = [
        management_part(health, settings),
        Resource("database", database.close),
        Resource("identity", identity.close),
        Resource("customer-link", customer_link.close),
        bus,
        sessions,
        memberships,
        names,
        Relay(database, bus, settings.service, replica=settings.replica, registry=metrics.registry),
        jobs,
        make_grpc_server(settings, work, outbox, metrics),
        http_part(make_web_app(settings, brand, work, sessions, metrics), settings),
    ]
    return parts, health
