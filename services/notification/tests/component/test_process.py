"""The whole process: real database, bus, gRPC neighbours and mail server; events in, mails and events out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from chassis.bus_address import connect_bus
from chassis.messaging import Event
from chassis.testing import certificates
from mail_samples import ANNA, CHALLENGE, LINK, SAMPLES, SECRET_PATH
from neighbour_server import neighbour_server
from notification.app import service_parts
from notification.happenings import Concerned
from notification.settings import Settings
from notification_fakes import FakeEmitter, FakeIdentity, a_person
from notification_world import BRANDS, service_settings
from portal_fixtures import DatabaseFactory, Postgres
from smtp_server import SmtpServer, smtp_server
from ui.brand import Brand

NEIGHBOURS = ["identity", "customer-link", "ticketing"]
SENT = "kundenportal.notification.mail.sent.v1"


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The process; gives a client of its management port."""
    parts, health = service_parts(settings, Brand.load(BRANDS / "musik"))
    for part in parts:
        await part.start()
    health.started = health.accepting = True
    port = parts[0].port  # type: ignore[attr-defined]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        for part in reversed(parts):
            await part.stop()


@pytest.fixture
async def post() -> AsyncIterator[SmtpServer]:
    async with smtp_server() as server:
        yield server


async def test_an_event_on_the_bus_becomes_a_mail_and_an_event(
    database_factory: DatabaseFactory,
    postgres: Postgres,
    tmp_path: Path,
    post: SmtpServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    database, bus_url = await database_factory("notification"), postgres.url(postgres.create("bus"))
    folders = certificates(tmp_path, ["notification", *NEIGHBOURS])
    emitter, identity = FakeEmitter(), FakeIdentity()
    async with neighbour_server(service_settings(tls_dir=folders["identity"]), emitter, identity) as port:
        settings = service_settings(
            database_url=database.url,
            bus_url=bus_url,
            tls_dir=folders["notification"],
            identity_grpc=f"127.0.0.1:{port}",
            smtp_url=f"smtp://127.0.0.1:{post.port}",
        )
        async with running(settings) as management:
            event = registration(emitter, identity)
            assert (await told_after(event, bus_url)).data["causeEventId"] == str(event.id)
            assert (await management.get("/health/ready")).status_code == 200
    (message,) = post.messages
    assert message["To"] == "anna@example.org"
    body = message.get_body(("plain",))
    assert body is not None
    assert f"http://localhost:8080{SECRET_PATH}" in body.get_content()
    assert SECRET_PATH not in caplog.text
    assert "anna@example.org" not in caplog.text


def registration(emitter: FakeEmitter, identity: FakeIdentity) -> Event:
    """An event that the neighbours can explain."""
    sample = SAMPLES["confirm_registration"]
    event = Event(uuid4(), sample.event_type, "urn:kundenportal:identity", str(uuid4()), 1, datetime.now(UTC), {})
    emitter.knows(event.id, sample.event_type, sample.facts, Concerned(ANNA, "self"))
    identity.knows(a_person(ANNA))
    identity.links[CHALLENGE] = LINK
    return event


async def told_after(event: Event, bus_url: str) -> Event:
    """Publishes an event and waits for what is told of its mail."""
    bus, heard = connect_bus(bus_url), asyncio.Queue[Event]()
    await bus.start()
    try:
        await bus.subscribe("test", [SENT], heard.put)
        await bus.publish(event)
        async with asyncio.timeout(10):
            return await heard.get()
    finally:
        await bus.stop()
