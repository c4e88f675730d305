"""The gateway's files, run by the real Traefik in front of tiny upstreams."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from local_run.free_ports import free_port
from local_run.gateway import Instance, traefik_command, traefik_environment
from tiny_upstream import TinyUpstream

SERVICES = ("identity", "customer-link", "ticketing", "notification")


@dataclass
class Gateway:
    """A running Traefik, its upstreams by name (ticketing twice), and a client of it."""

    upstreams: dict[str, TinyUpstream]
    client: httpx.AsyncClient
    management_port: int
    access_log: Path

    async def served_by(self, path: str) -> str:
        """The service that a path leads to."""
        return str((await self.client.get(path)).json()["name"]).partition("-2")[0]

    async def answers(self, path: str, status: int) -> httpx.Response:
        """Asks until the status is as wanted: the gateway learns of health within seconds."""
        for _ in range(100):
            response = await self.client.get(path)
            if response.status_code == status:
                return response
            await asyncio.sleep(0.1)
        raise AssertionError(f"{path} still answers {response.status_code}")


@pytest.fixture
async def gateway(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Gateway]:
    port, management_port = free_port(), free_port()
    async with AsyncExitStack() as stack:
        names = (*SERVICES, "ticketing-2")
        upstreams = {name: await stack.enter_async_context(TinyUpstream(name).serving()) for name in names}
        replicas = {service: [_instance(upstreams[service])] for service in SERVICES}
        replicas["ticketing"].append(_instance(upstreams["ticketing-2"]))
        environment = traefik_environment(replicas) | getattr(request, "param", {})
        log = tmp_path / "access.log"
        with log.open("wb") as output:
            process = await asyncio.create_subprocess_exec(
                *traefik_command(port, management_port), env={**os.environ, **environment}, stdout=output, stderr=output
            )
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10))
        running = Gateway(upstreams, client, management_port, log)
        await _until_it_serves(running)
        yield running
        process.kill()
        await process.wait()


def _instance(upstream: TinyUpstream) -> Instance:
    return Instance(upstream.http_port, upstream.management_port)


async def _until_it_serves(gateway: Gateway) -> None:
    for _ in range(200):
        try:
            if (await gateway.client.get("/")).status_code == 200:
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.05)
    raise AssertionError(gateway.access_log.read_text())


PATHS = {
    "identity": "/ /register /register/sent /login /login/code /logout /password/forgot /c/token /settings /language "
    "/imprint /privacy /terms /accessibility /help /staff /staff/accounts /oauth/token /.well-known/x "
    "/api/v1/accounts /api/v1/me",
    "customer-link": "/customers /customers/1/data /staff/customers /staff/requests/1 /staff/codes /api/v1/customers "
    "/api/v1/customers/4711%200702 /api/v1/customers:batchPut /api/v1/organisations/1/contacts",
    "ticketing": "/tickets /tickets/new /tickets/1/comments /faq /desk /desk/1 /api/v1/tickets /api/v1/tickets/1",
    "notification": "/notices /news /news/first /pages/sendung /mail/x /staff/news /staff/mails /api/v1/notices",
}


async def test_a_path_leads_to_the_service_that_owns_it(gateway: Gateway) -> None:
    for service, paths in PATHS.items():
        for path in paths.split():
            assert await gateway.served_by(path) == service, path
            assert (await gateway.client.post(path)).json()["name"].partition("-2")[0] == service, path


async def test_a_word_that_only_begins_like_a_path_is_left_to_the_start_pages_404(gateway: Gateway) -> None:
    for path in (
        "/ticketsxy",
        "/desks",
        "/customersx/1",
        "/newsletter",
        "/api/v1/ticketsx",
        "/api/v1/customers:batchPutx",
        "/api/v1/customers:import",
        "/health/ready",
        "/metrics",
    ):
        assert await gateway.served_by(path) == "identity", path


async def test_sec_s12_nobody_outside_says_who_they_are_or_where_they_come_from(gateway: Gateway) -> None:
    sent = {
        "X-Forwarded-For": "9.9.9.9",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Real-Ip": "9.9.9.9",
        "Forwarded": "for=9.9.9.9",
        "X-Request-Id": "mine",
        "X-Forwarded-User": "admin",
        "X-Remote-User": "admin",
        "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }
    seen = (await gateway.client.get("/tickets", headers=sent)).json()["headers"]
    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-real-ip"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "http"
    assert seen["x-forwarded-host"] == f"127.0.0.1:{gateway.client.base_url.port}"
    assert not {"forwarded", "x-request-id", "x-forwarded-user", "x-remote-user", "traceparent"} & set(seen)


async def test_a_dead_instance_is_taken_out_and_comes_back(gateway: Gateway) -> None:
    gateway.upstreams["ticketing-2"].ready = False
    for _ in range(60):
        await asyncio.sleep(0.1)
        names = {(await gateway.client.get("/tickets")).json()["name"] for _ in range(6)}
        if names == {"ticketing"}:
            break
    assert names == {"ticketing"}
    gateway.upstreams["ticketing-2"].ready = True
    for _ in range(60):
        await asyncio.sleep(0.1)
        names = {(await gateway.client.get("/tickets")).json()["name"] for _ in range(6)}
        if len(names) == 2:
            break
    assert names == {"ticketing", "ticketing-2"}


async def test_sec_s09_a_service_that_is_down_gives_502_with_safe_headers_and_leaves_the_others_alone(
    gateway: Gateway,
) -> None:
    gateway.upstreams["notification"].fall_silent()
    response = await gateway.answers("/news", 502)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert await gateway.served_by("/tickets") == "ticketing"


async def test_a_service_that_is_not_ready_anywhere_says_so_itself(gateway: Gateway) -> None:
    pair = (gateway.upstreams["ticketing"], gateway.upstreams["ticketing-2"])
    for upstream in pair:
        upstream.ready, upstream.status = False, 503
    for upstream in pair:
        await upstream.asked_for_health(2)
    answers = [await gateway.client.post("/tickets") for _ in range(4)]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["name"] for answer in answers} == {"ticketing", "ticketing-2"}


async def test_assets_come_from_whoever_is_there(gateway: Gateway) -> None:
    gateway.upstreams["identity"].fall_silent()
    gateway.upstreams["notification"].status = 404
    await gateway.answers("/login", 502)
    for _ in range(10):
        assert (await gateway.client.get("/assets/abc/portal.css")).status_code == 200


async def test_get_is_tried_again_and_post_never(gateway: Gateway) -> None:
    identity = gateway.upstreams["identity"]
    identity.drop = 1
    assert (await gateway.client.get("/settings")).status_code == 200
    assert [method for method, path, _ in identity.seen if path == "/settings"] == ["GET", "GET"]
    identity.drop = 1
    assert (await gateway.client.post("/settings")).status_code in {500, 502}
    assert [method for method, path, _ in identity.seen if path == "/settings"].count("POST") == 1


async def test_pages_are_compressed_and_the_server_is_not_named(gateway: Gateway) -> None:
    gateway.upstreams["identity"].body = b"<p>" + b"text " * 1_000
    response = await gateway.client.get("/login", headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert "server" not in response.headers


async def test_the_access_log_names_the_request_and_keeps_quiet_about_mailed_links(gateway: Gateway) -> None:
    await gateway.client.get("/c/secret-token", headers={"Cookie": "session=secret"})
    await gateway.client.get("/login?x=1", headers={"Cookie": "session=secret", "Referer": "http://h/c/secret-token"})
    for _ in range(50):
        text = gateway.access_log.read_text()
        if "/login?x=1" in text:
            break
        await asyncio.sleep(0.05)
    lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    entry = next(line for line in lines if line.get("RequestPath") == "/login?x=1")
    assert entry["downstream_X-Request-Id"] == "id-identity"
    assert "secret" not in text


@pytest.mark.parametrize("gateway", [{"GATEWAY_RATE": "1", "GATEWAY_BURST": "20"}], indirect=True)
async def test_a_client_that_asks_too_much_is_told_to_wait(gateway: Gateway) -> None:
    statuses = [(await gateway.client.get("/")).status_code for _ in range(40)]
    assert statuses.count(429) >= 10


async def test_sec_s13_ping_and_metrics_are_on_a_port_of_their_own(gateway: Gateway) -> None:
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{gateway.management_port}/ping")).status_code == 200
        assert (await client.get(f"http://127.0.0.1:{gateway.management_port}/tickets")).status_code == 404
    assert await gateway.served_by("/ping") == "identity"
    assert await gateway.served_by("/metrics") == "identity"
    assert (await gateway.client.get("/dashboard/")).json()["name"] == "identity"
    assert (await gateway.client.get("/api/rawdata")).json()["name"] == "identity"


async def test_sec_s13_a_path_with_hidden_separators_is_refused(gateway: Gateway) -> None:
    for path in ("/tickets/%2e%2e%2fdesk", "/tickets%00", "/tickets%5cdesk"):
        assert (await gateway.client.get(path)).status_code == 400, path
