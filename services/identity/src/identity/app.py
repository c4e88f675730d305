"""The composition root: the table of contents of identity."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import grpc
from fastapi import FastAPI
from kundenportal.events.v1.event_detail_service_pb2_grpc import add_EventDetailServiceServicer_to_server
from kundenportal.identity.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from kundenportal.identity.v1.challenge_service_pb2_grpc import add_ChallengeServiceServicer_to_server
from kundenportal.identity.v1.client_service_pb2_grpc import add_ClientServiceServicer_to_server
from kundenportal.identity.v1.session_service_pb2_grpc import add_SessionServiceServicer_to_server
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import add_PersonalDataServiceServicer_to_server

from chassis.bus_address import connect_bus
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import Grants, GrpcServer
from chassis.health import Health
from chassis.jobs import Jobs
from chassis.metrics import Metrics
from chassis.migration import is_current
from chassis.personal_data import PERSONAL_DATA_GRANTS, PersonalDataServicer
from chassis.process import Part, Resource, http_part, management_part, run
from chassis.relay import Relay
from chassis.web import create_web_app
from identity.adapters.blocklist import blocked_words
from identity.adapters.export_archive import ExportArchive
from identity.adapters.local_clients import LocalClients
from identity.adapters.local_sessions import LocalSessions
from identity.adapters.mail_address import read_mail_address
from identity.adapters.news_client import NewsClient
from identity.adapters.personal_data import HeldByIdentity
from identity.adapters.personal_data_sources import OwnSource, RemoteSource
from identity.adapters.qr_code import qr_code
from identity.adapters.surroundings_clients import LinkClient, MailClient
from identity.adapters.webauthn_protocol import WebauthnProtocol
from identity.core import Core, make_core
from identity.domain.password_rules import PasswordRules
from identity.entrypoints.admin import Admin
from identity.entrypoints.grpc_accounts import AccountFields, AccountServicer
from identity.entrypoints.grpc_challenges import ChallengeServicer
from identity.entrypoints.grpc_clients import ClientServicer
from identity.entrypoints.grpc_event_details import EventDetailServicer
from identity.entrypoints.grpc_sessions import SessionServicer
from identity.entrypoints.import_desk import IMPORT_ACCOUNTS, SWEEP_IMPORTS, SWEEPING
from identity.entrypoints.jobs import PERIODIC, job_handlers
from identity.entrypoints.pages.cookies import Cookies
from identity.entrypoints.pages.documents import DocumentPages
from identity.entrypoints.pages.entrance.code import CodePages
from identity.entrypoints.pages.entrance.confirmation import ConfirmationPages
from identity.entrypoints.pages.entrance.due_password import DuePasswordPages
from identity.entrypoints.pages.entrance.enrolment import EnrolmentPages
from identity.entrypoints.pages.entrance.forgotten import ForgottenPages
from identity.entrypoints.pages.entrance.login import LoginPages
from identity.entrypoints.pages.entrance.passkey_login import PasskeyLoginPages
from identity.entrypoints.pages.language import LanguagePages
from identity.entrypoints.pages.mailed.links import MailedLinkPages
from identity.entrypoints.pages.registration.form import RegistrationPages
from identity.entrypoints.pages.registration.hints import RegistrationHintPages
from identity.entrypoints.pages.settings.activity import ActivityPages
from identity.entrypoints.pages.settings.closing import ClosingPages
from identity.entrypoints.pages.settings.data import DataPages
from identity.entrypoints.pages.settings.email import EmailPages
from identity.entrypoints.pages.settings.overview import SettingsPages
from identity.entrypoints.pages.settings.passkeys import PasskeyPages
from identity.entrypoints.pages.settings.password import PasswordPages
from identity.entrypoints.pages.settings.profile import ProfilePages
from identity.entrypoints.pages.settings.security import SecurityPages
from identity.entrypoints.pages.settings.sessions import SessionsPages
from identity.entrypoints.pages.settings.username import UsernamePages
from identity.entrypoints.pages.site import Site
from identity.entrypoints.pages.staff.account_list import StaffAccountsPages
from identity.entrypoints.pages.staff.actions import StaffActionPages
from identity.entrypoints.pages.staff.hub import StaffHubPages
from identity.entrypoints.pages.staff.import_file import StaffImportPages
from identity.entrypoints.pages.staff.new_account import StaffNewPages
from identity.entrypoints.pages.staff.one_account import StaffAccountPages
from identity.entrypoints.pages.start import StartPages
from identity.entrypoints.signed_values import SignedValues
from identity.other_systems import api_routers, make_import_desk, make_importer
from identity.settings import IdentityBrand, IdentitySettings
from identity.usecases.account_surroundings import Surroundings
from identity.usecases.collect_export import Collecting, PersonalDataSource
from identity.usecases.ports import Records
from identity.usecases.published_news import NewsSource
from ui.assets import assets_app
from ui.pages import Pages

_PAGES = (
    StaffHubPages,
    StaffAccountsPages,
    StaffNewPages,
    StaffAccountPages,
    StaffActionPages,
    StartPages,
    RegistrationPages,
    RegistrationHintPages,
    LoginPages,
    CodePages,
    PasskeyLoginPages,
    EnrolmentPages,
    ConfirmationPages,
    ForgottenPages,
    DuePasswordPages,
    MailedLinkPages,
    SettingsPages,
    ProfilePages,
    UsernamePages,
    PasswordPages,
    EmailPages,
    SessionsPages,
    SecurityPages,
    ActivityPages,
    DataPages,
    PasskeyPages,
    ClosingPages,
    LanguagePages,
    DocumentPages,
)
_EVERY_SERVICE = frozenset({"customer-link", "ticketing", "notification"})
_V1 = "/kundenportal.identity.v1"
GRANTS: Grants = {
    f"{_V1}.SessionService/GetSession": _EVERY_SERVICE,
    f"{_V1}.AccountService/BatchGetAccounts": _EVERY_SERVICE,
    f"{_V1}.AccountService/EnsureAccount": frozenset(),
    f"{_V1}.AccountService/EnsureAccounts": frozenset({"customer-link"}),
    f"{_V1}.ClientService/GetClient": _EVERY_SERVICE,
    f"{_V1}.ChallengeService/GetChallengeLink": frozenset({"notification"}),
    "/kundenportal.events.v1.EventDetailService/DescribeEvents": frozenset({"notification"}),
    **PERSONAL_DATA_GRANTS,
}
ACCOUNT_FIELDS: AccountFields = {
    "customer-link": frozenset({"account_id", "display_name", "state"}),
    "ticketing": frozenset({"account_id", "display_name", "state", "staff"}),
    "notification": frozenset({"account_id", "username", "display_name", "email", "language", "state"}),
}
"""What of an account each of them is told: mails need an address and a language, pages a name."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Whom the pages ask."""

    news: NewsSource
    surroundings: Surroundings


def make_pages(core: Core) -> Pages:
    """Templates and catalogues, compiled."""
    return Pages(core.settings, core.brand, "identity", clock=core.rules.clock)


def make_site(core: Core, pages: Pages, neighbours: Neighbours) -> Site:
    """What the pages are made with."""
    identity = IdentityBrand.model_validate(core.brand.section("identity"))
    signed = SignedValues(core.links, core.rules.clock)
    return Site(
        brand=identity,
        pages=pages,
        database=core.database,
        records=core.records,
        passwords=core.passwords,
        password_rules=PasswordRules(
            shortest=identity.shortest_password,
            blocked_words=blocked_words(),
            brand_words=(core.brand.name, core.brand.product),
        ),
        rules=core.rules,
        signer=core.links,
        factor_keys=core.sealer,
        passkeys=WebauthnProtocol(core.settings.base_url, core.brand.name),
        qr_code=qr_code,
        signed=signed,
        cookies=Cookies(core.settings, signed, core.rules.new_id),
        news=neighbours.news,
        surroundings=neighbours.surroundings,
        read_mail=read_mail_address,
        registration_pace=core.settings.registration_pace,
        failures_of_all=core.settings.failed_logins_limit,
    )


def make_web(core: Core, pages: Pages, neighbours: Neighbours, metrics: Metrics) -> FastAPI:
    """Pages and JSON API."""
    site = make_site(core, pages, neighbours)
    imports = StaffImportPages(site, make_import_desk(core))
    app = create_web_app(
        core.settings,
        # Imports first: below them is the page of one account, whose address has the same form.
        routers=[
            imports.router,
            *(journey(site).router for journey in _PAGES),
            *api_routers(core, neighbours.surroundings.links),
        ],
        sessions=LocalSessions(core.database, core.records, core.rules),
        clients=LocalClients(core.database, core.records, core.rules.clock),
        pages=site.pages,
        metrics=metrics,
        mounts={"/assets": assets_app(core.brand)},
    )
    app.state.clock = core.rules.clock
    return app


def make_admin(core: Core) -> Admin:
    """The commands of operations."""
    return Admin(
        brand=core.brand,
        database=core.database,
        records=core.records,
        passwords=core.passwords,
        sealer=core.sealer,
        clock=core.rules.clock,
        new_id=core.rules.new_id,
        read_mail=read_mail_address,
        importer=make_importer(core),
    )


def make_grpc(core: Core, metrics: Metrics) -> GrpcServer:
    """The gRPC face."""
    clock, new_id = core.rules.clock, core.rules.new_id
    accounts = AccountServicer(  # type: ignore[abstract]  # without EnsureAccount, which is deprecated
        core.database,
        core.records,
        clock=clock,
        new_id=new_id,
        languages=core.brand.languages,
        read_mail=read_mail_address,
        fields=ACCOUNT_FIELDS,
    )
    challenges = ChallengeServicer(core.database, core.records, core.links, clock)
    clients = ClientServicer(core.database, core.records, clock)
    details = EventDetailServicer(core.database, core.records, core.outbox, clock)
    personal = PersonalDataServicer(core.database, HeldByIdentity(), clock)
    sessions = SessionServicer(core.database, core.records, core.rules)

    def add(server: grpc.aio.Server) -> None:
        add_AccountServiceServicer_to_server(accounts, server)
        add_ChallengeServiceServicer_to_server(challenges, server)
        add_ClientServiceServicer_to_server(clients, server)
        add_EventDetailServiceServicer_to_server(details, server)
        add_PersonalDataServiceServicer_to_server(personal, server)
        add_SessionServiceServicer_to_server(sessions, server)

    return GrpcServer(core.settings, [add], GRANTS, metrics)


def make_collecting(core: Core, pages: Pages, sources: Mapping[str, PersonalDataSource]) -> Collecting:
    """What puts exports together; `sources` are the other services by name."""

    @asynccontextmanager
    async def open_records() -> AsyncIterator[Records]:
        async with core.database.transaction() as tx:
            yield core.records(tx)

    return Collecting(
        open=open_records,
        sources={"identity": OwnSource(core.database, HeldByIdentity()), **sources},
        archive=ExportArchive(pages, core.brand),
        sealer=core.sealer,
        clock=core.rules.clock,
    )


async def serve(settings: IdentitySettings) -> None:
    """Runs the service until it is told to stop."""
    core, metrics = make_core(settings), Metrics()
    dsn = settings.database_url.get_secret_value()
    bus = connect_bus(settings.bus_url.get_secret_value(), replica=settings.replica)
    channels = {
        "customer-link": GrpcChannel(settings, settings.customer_link_grpc, "customer-link"),
        "ticketing": GrpcChannel(settings, settings.ticketing_grpc, "ticketing"),
        "notification": GrpcChannel(settings, settings.notification_grpc, "notification"),
    }
    notification, customer_link = channels["notification"], channels["customer-link"]
    neighbours = Neighbours(NewsClient(notification), Surroundings(LinkClient(customer_link), MailClient(notification)))
    pages = make_pages(core)
    collecting = make_collecting(core, pages, {name: RemoteSource(channel) for name, channel in channels.items()})
    health = Health({"database": core.database.ping, "schema": lambda: is_current(core.database, "identity")}, metrics)
    handlers = job_handlers(core.database, core.records, core.rules.clock, collecting)
    imports = make_import_desk(core)
    handlers |= {IMPORT_ACCOUNTS: imports.work, SWEEP_IMPORTS: imports.sweep}
    parts: list[Part] = [
        management_part(health, settings),
        Resource("database", core.close),
        *(Resource(name, channel.close) for name, channel in channels.items()),
        bus,
        Relay(core.database, bus, settings.service, replica=settings.replica, registry=metrics.registry),
        Jobs(dsn, handlers, periodic=(*PERIODIC, SWEEPING), concurrency=1),
        make_grpc(core, metrics),
        http_part(make_web(core, pages, neighbours, metrics), settings),
    ]
    await run(parts, health, drain_seconds=settings.drain_seconds)
