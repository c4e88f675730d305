"""Another system's connector (docs/connector.md) at a real broker, against identity and customer-link as they are."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from broker_users import control, make_users
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.amqp_bus import AmqpBus
from chassis.database import Database
from chassis.http_server import HttpServer
from chassis.messaging import BusUnavailable
from chassis.testing_edges import START
from customer_link.domain.customer_entry import CustomerRecord
from customer_link.usecases.ask_for_data import first_ask
from customer_link_builders import CLUB, CONCERT, INN
from customer_link_world import World
from identity.adapters.local_clients import LocalClients
from identity.other_systems import make_client_admin
from identity_harness import open_portal
from local_run.checkout import ROOT
from local_run.rabbitmq import RabbitNode

PAGE = ROOT / "docs" / "connector.md"
CONNECTOR = ROOT / "docs" / "examples" / "connector.py"
INVOICE = {"number": "R-1", "date": "2026-10-01", "due_date": "2026-10-31", "amount_cents": 12840, "state": "overdue"}
RECORDS = {
    "47110702": {"name": "Gasthaus", "address_lines": ["Hauptplatz 1"], "invoices": [INVOICE]},
    "48020110": {"name": "Verein", "invoices": [INVOICE | {"state": "lost"}]},
}


class Gateway:
    """Leads to the two services as the gateway does; `away` is a portal that cannot answer now."""

    def __init__(self, identity: ASGIApp, customer_link: ASGIApp) -> None:
        self._identity, self._customer_link = identity, customer_link
        self.away = False
        self.turned_away = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.away:
            self.turned_away += 1
            await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            return
        ours = scope["path"].startswith("/api/v1/customers")
        await (self._customer_link if ours else self._identity)(scope, receive, send)


@dataclass
class Run:
    """Everything that the connector meets."""

    world: World
    gateway: Gateway
    bus: AmqpBus
    broker: RabbitNode
    settings: dict[str, str]
    said: Path

    async def ask(self, customer: Any) -> None:
        """Somebody waits for the data: the event that customer-link emits, published as the relay does."""
        async with self.world.records() as records:
            await first_ask(customer.id, records=records, now=self.world.clock())
        event = (await self.world.events())[-1]
        async with asyncio.timeout(20):
            while True:
                with suppress(BusUnavailable):  # still connecting
                    await self.bus.publish(event)
                    return
                await asyncio.sleep(0.1)

    async def record(self, customer: Any) -> CustomerRecord:
        async with self.world.records() as records:
            found = await records.book.record("".join(customer.number.split()))
        assert found is not None
        return found

    async def until(self, happened: Callable[[], Awaitable[bool]]) -> None:
        async with asyncio.timeout(30):
            while not await happened():  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)

    async def hears(self, words: str, times: int = 1) -> None:
        async def said() -> bool:
            return self.said.read_text().count(words) == times

        await self.until(said)


@pytest.fixture
async def run(
    private_broker: RabbitNode, database_factory: Callable[[str], Awaitable[Database]], tmp_path: Path
) -> AsyncIterator[Run]:
    make_users(private_broker, PAGE)
    bus, world = AmqpBus(private_broker.url()), World(await database_factory("customer_link"))
    world.clock.advance((datetime.now(UTC) - START).total_seconds())  # the connector is of this world
    await world.stock()
    await bus.start()
    async with open_portal(await database_factory("identity")) as portal:
        world.app.state.clients = LocalClients(portal.core.database, portal.core.records, portal.clock)
        gateway = Gateway(portal.app, world.app)
        server = HttpServer("gateway", gateway, "127.0.0.1", 0)
        await server.start()
        client = await make_client_admin(portal.core).add("erp", ["customers:read", "customers:write"])
        settings = {
            "CONNECTOR_AMQP_URL": f"amqp://erp:a-long-password@127.0.0.1:{private_broker.port}/",
            "CONNECTOR_PORTAL_URL": f"http://127.0.0.1:{server.port}",
            "CONNECTOR_CLIENT_ID": client["client_id"],
            "CONNECTOR_CLIENT_SECRET": client["client_secret"],
        }
        (tmp_path / "records.json").write_text(json.dumps(RECORDS))
        (tmp_path / "said").touch()
        yield Run(world, gateway, bus, private_broker, settings, tmp_path / "said")
        await server.stop()
    await bus.stop()
    await world.database.close()


@asynccontextmanager
async def connector(run: Run) -> AsyncIterator[None]:
    """The page's program as a process, killed in the middle of whatever it does."""
    with run.said.open("ab") as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(CONNECTOR),
            str(run.said.parent / "records.json"),
            env=os.environ | run.settings,
            stdout=said,
            stderr=said,
        )
        try:
            yield
        finally:
            assert process.returncode is None, run.said.read_text()
            process.kill()
            await process.wait()


async def test_a_connector_answers_what_is_asked_and_survives_every_absence(run: Run) -> None:
    async with connector(run):
        await run.hears("follows the events")
        await run.ask(INN)
        await run.hears(f"{INN.id} answered")
        held = await run.record(INN)
        assert held.data is not None
        assert (held.data.name, held.data.invoices[0].amount_cents) == ("Gasthaus", 12_840)
        await _nothing_stands_in_the_way_of_the_next(run)
        await _comes_back_when_the_broker_hangs_up(run)
    await _a_question_outlives_connector_and_portal(run)
    newer = (await run.record(INN)).data
    assert newer is not None
    assert newer.as_of > held.data.as_of


async def _nothing_stands_in_the_way_of_the_next(run: Run) -> None:
    """A number that is not its own, and a mistake of its own."""
    await run.ask(CONCERT)
    await run.hears(f"{CONCERT.id} not known here")
    await run.ask(CLUB)
    await run.hears(f"{CLUB.id} refused: 422")
    assert "#/data/invoices/0/state" in run.said.read_text()
    assert (await run.record(CLUB)).as_of is None


async def _comes_back_when_the_broker_hangs_up(run: Run) -> None:
    control(run.broker, ["close_all_user_connections", "erp", "a test"])
    await run.hears("follows the events", times=2)
    await run.ask(CONCERT)
    await run.hears(f"{CONCERT.id} not known here", times=2)


async def _a_question_outlives_connector_and_portal(run: Run) -> None:
    """Nobody follows when it comes; who follows then is killed while the portal is away."""

    async def turned_away() -> bool:
        return run.gateway.turned_away > 0

    async def renewed() -> bool:
        record = await run.record(INN)
        return record.data is not None and record.data.name == "Neu"

    await run.ask(INN)
    run.gateway.away = True
    async with connector(run):
        await run.until(turned_away)
    (run.said.parent / "records.json").write_text(json.dumps({"47110702": {"name": "Neu"}}))
    run.gateway.away = False
    async with connector(run):
        await run.until(renewed)
