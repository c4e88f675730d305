"""What the service is made of: the one place that knows every part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

from fastapi import FastAPI
from kundenportal.notification.v1.delivery_service_pb2_grpc import add_DeliveryServiceServicer_to_server
from kundenportal.notification.v1.news_service_pb2_grpc import add_NewsServiceServicer_to_server
from kundenportal.privacy.v1.personal_data_service_pb2_grpc import add_PersonalDataServiceServicer_to_server

from chassis.bus_address import connect_bus
from chassis.callers import SessionDirectory
from chassis.database import Database
from chassis.grpc_client import GrpcChannel
from chassis.grpc_server import GrpcServer
from chassis.health import Health
from chassis.http_server import http_part, management_part
from chassis.inbox import Inbox
from chassis.jobs import JobHandler, Jobs
from chassis.metrics import Metrics
from chassis.migration import is_current
from chassis.outbox import Outbox
from chassis.personal_data import PERSONAL_DATA_GRANTS, PersonalDataServicer
from chassis.process import Part, Resource
from chassis.relay import Relay
from chassis.remote_sessions import RemoteSessions
from chassis.web import create_web_app
from notification.article_store import ArticleStore
from notification.delivery import Delivery
from notification.delivery_grpc import DELIVERY_GRANTS, DeliveryApi
from notification.emitter_client import EmitterClient
from notification.event_consumers import EventConsumer, handlers
from notification.forget_notices import FORGET_NOTICES, HOURLY, ForgetNotices
from notification.happenings import Emitter, Identity
from notification.identity_client import IdentityClient
from notification.mail_ledger import MailLedger
from notification.mail_server import MailServer
from notification.mail_writer import MailWriter
from notification.news_grpc import GRANTS, NewsApi
from notification.news_pages import news_router
from notification.notice_pages import NoticeDesk, NoticePages
from notification.notice_sentences import Describer, Sentences
from notification.notice_store import NoticeStore
from notification.notices_api import NoticesApi
from notification.personal_data import HeldByNotification
from notification.post import Post, SmtpPost
from notification.send_mail import SEND_MAIL, SendMail
from notification.settings import Settings
from notification.tell_event import TELL_EVENT, TellEvent
from ui.assets import assets_app
from ui.brand import Brand
from ui.pages import Pages

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of a running service."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Whom the service asks."""

    emitters: Mapping[str, Emitter]
    identity: Identity
    post: Post


def job_handlers(
    settings: Settings,
    brand: Brand,
    database: Database,
    neighbours: Neighbours,
    *,
    clock: Clock = utc_now,
    new_id: Callable[[], UUID] = uuid4,
) -> Mapping[str, JobHandler]:
    """The jobs of the service by name."""
    ledger, notices = MailLedger(clock), NoticeStore(clock)
    delivery = Delivery(
        database=database,
        ledger=ledger,
        outbox=Outbox(settings.service, clock, new_id),
        identity=neighbours.identity,
        writer=MailWriter(brand, base_url=settings.base_url, sender=settings.mail_from, clock=clock),
        post=neighbours.post,
        clock=clock,
    )
    emitters, identity = neighbours.emitters, neighbours.identity
    return {
        TELL_EVENT: TellEvent(
            database=database,
            ledger=ledger,
            notices=notices,
            emitters=emitters,
            identity=identity,
            delivery=delivery,
        ),
        SEND_MAIL: SendMail(database=database, ledger=ledger, emitters=emitters, identity=identity, delivery=delivery),
        FORGET_NOTICES: ForgetNotices(database, notices),
    }


def web_app(
    settings: Settings,
    brand: Brand,
    database: Database,
    sessions: SessionDirectory,
    metrics: Metrics,
    *,
    describers: Mapping[str, Describer],
    clock: Clock = utc_now,
) -> FastAPI:
    """The pages and the JSON API of the service; `describers` are the emitters by the name of their service."""
    pages = Pages(settings, brand, "notification", clock=clock)
    articles = ArticleStore(clock, brand.language)
    public = brand.section("identity")["registration"] == "open"
    news = news_router(database=database, articles=articles, pages=pages, public=public)
    sentences = Sentences(describers, brand.section("ticketing")["states"])
    desk = NoticeDesk(database, NoticeStore(clock), sentences, pages, clock)
    routers = [NoticePages(desk).router, NoticesApi(desk).router, news]
    mounts = {"/assets": assets_app(brand)}
    return create_web_app(settings, routers=routers, sessions=sessions, pages=pages, metrics=metrics, mounts=mounts)


def _channels(settings: Settings) -> Mapping[str, GrpcChannel]:
    """To the services that emit what is told here, by name."""
    addresses = {
        "identity": settings.identity_grpc,
        "customer-link": settings.customer_link_grpc,
        "ticketing": settings.ticketing_grpc,
    }
    return {name: GrpcChannel(settings, address, name) for name, address in addresses.items()}


def service_parts(settings: Settings, brand: Brand) -> tuple[Sequence[Part], Health]:
    """Everything that runs in the process, in the order in which it starts."""
    metrics = Metrics()
    dsn = settings.database_url.get_secret_value()
    database = Database(dsn)
    bus = connect_bus(settings.bus_url.get_secret_value(), replica=settings.replica)
    channels = _channels(settings)
    identity = channels["identity"]
    emitters = {name: EmitterClient(channel.channel) for name, channel in channels.items()}
    neighbours = Neighbours(
        emitters=emitters,
        identity=IdentityClient(identity.channel),
        post=SmtpPost(MailServer.parse(settings.smtp_url.get_secret_value()), sender=settings.mail_from),
    )
    sessions = RemoteSessions(identity, bus)
    schema = partial(is_current, database, "notification")
    health = Health({"database": database.ping, "schema": schema}, metrics)
    news = NewsApi(database, ArticleStore(utc_now, brand.language))
    deliveries = DeliveryApi(database, MailLedger(utc_now))
    held = PersonalDataServicer(database, HeldByNotification(), utc_now)
    jobs = job_handlers(settings, brand, database, neighbours)
    add_servicers = [
        partial(add_NewsServiceServicer_to_server, news),
        partial(add_DeliveryServiceServicer_to_server, deliveries),
        partial(add_PersonalDataServiceServicer_to_server, held),
    ]
    parts: list[Part] = [
        management_part(health, settings),
        Resource("database", database.close),
        *(Resource(name, channel.close) for name, channel in channels.items()),
        bus,
        sessions,
        Relay(database, bus, settings.service, replica=settings.replica, registry=metrics.registry),
        Jobs(dsn, jobs, periodic=[HOURLY], concurrency=settings.job_concurrency),
        EventConsumer(bus, Inbox(database, settings.service, handlers()), settings.service),
        GrpcServer(settings, add_servicers, {**GRANTS, **DELIVERY_GRANTS, **PERSONAL_DATA_GRANTS}, metrics),
        http_part(web_app(settings, brand, database, sessions, metrics, describers=emitters), settings),
    ]
    return parts, health
