"""The whole process: it starts, is ready and serves while broker and neighbours are away, and stops in order."""

from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from chassis.http_server import HttpServer
from chassis.testing import certificates, settings_for
from portal_fixtures import DatabaseFactory
from ticketing.app import make_parts
from ticketing.settings import TicketingSettings
from ticketing_world import BRANDS


@pytest.mark.parametrize("brand", ["musik", "software"])
async def test_it_is_ready_without_broker_and_neighbours(
    database_factory: DatabaseFactory, tmp_path: Path, brand: str
) -> None:
    database = await database_factory("ticketing")
    settings = settings_for(
        TicketingSettings,
        BRANDS / brand,
        tls_dir=certificates(tmp_path, ["ticketing"])["ticketing"],
        database_url=SecretStr(database.url),
        identity_grpc="127.0.0.1:1",
        customer_link_grpc="127.0.0.1:1",
    )
    parts, health = make_parts(settings)
    for part in parts:
        await part.start()
    health.started = health.accepting = True
    servers = {part.name: part for part in parts if isinstance(part, HttpServer)}
    async with httpx.AsyncClient() as client:
        ready = await client.get(f"http://127.0.0.1:{servers['management'].port}/health/ready")
        page = await client.get(f"http://127.0.0.1:{servers['http'].port}/tickets")
    for part in reversed(parts):
        await part.stop()
    assert (ready.status_code, ready.json()["status"]) == (200, "UP")
    assert (page.status_code, page.headers["location"]) == (303, "/login?next=/tickets")
