"""What only a real server shows: HEAD, limits while streaming, smuggling, addresses behind the gateway."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from chassis.http_server import HttpServer, http_part
from chassis.metrics import Metrics
from edge_samples import sample_app, sample_settings

ORIGIN = {"Origin": "http://localhost:8080"}


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[HttpServer]:
    settings = sample_settings(tmp_path)
    part = http_part(sample_app(settings), settings)
    await part.start()
    yield part
    await part.stop()


def _client(server: HttpServer) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", headers=ORIGIN)


async def _raw(server: HttpServer, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request)
    writer.write_eof()
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


async def test_head_is_get_without_a_body(server: HttpServer) -> None:
    async with _client(server) as client:
        head, get = await client.head("/open"), await client.get("/open")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["content-security-policy"] == get.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [("/form", 65_536, 200), ("/form", 65_537, 413), ("/large", 200_000, 200), ("/large", 200_001, 413)],
)
@pytest.mark.parametrize("chunked", [False, True])
async def test_bodies_end_at_the_limit_of_their_route(
    path: str, size: int, status: int, chunked: bool, server: HttpServer
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, size, 10_000):
            yield b"x" * min(10_000, size - start)

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with _client(server) as client:
        answer = await client.post(path, content=pieces() if chunked else b"x" * size, headers=headers)
    assert answer.status_code == status
    assert status == 200 or answer.text == "page 413 body_too_large nobody {}"
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "request_lines",
    [
        b"POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /open HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"POST /open HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"GET /open HTTP/1.1\nHost: x\n\n",
    ],
)
async def test_sec_s14_ambiguous_requests_are_bad_requests(request_lines: bytes, server: HttpServer) -> None:
    assert (await _raw(server, request_lines)).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("192.0.2.1", "203.0.113.9", "127.0.0.1"),
    ],
)
async def test_address_is_what_the_trusted_proxy_says(
    trusted: str, forwarded: str, expected: str, tmp_path: Path
) -> None:
    settings = sample_settings(tmp_path, trusted_proxies=trusted)
    part = http_part(sample_app(settings), settings)
    await part.start()
    async with _client(part) as client:
        assert (await client.get("/who", headers={"X-Forwarded-For": forwarded})).text == expected
    await part.stop()


@pytest.mark.parametrize(
    ("offered", "taken"), [("0123456789abcdef", True), ("short", False), ("x" * 65, False), ("a b c d e f g", False)]
)
async def test_request_id_of_the_gateway_is_taken_if_well_formed(offered: str, taken: bool, server: HttpServer) -> None:
    async with _client(server) as client:
        answer = await client.get("/open", headers={"X-Request-Id": offered})
    assert (answer.headers["x-request-id"] == offered) == taken


async def test_requests_are_counted_by_template(tmp_path: Path) -> None:
    settings, metrics = sample_settings(tmp_path), Metrics()
    part = http_part(sample_app(settings, metrics=metrics), settings)
    await part.start()
    async with _client(part) as client:
        for path in ("/mine/1", "/mine/2", "/nothing/3", "/fails/conflict"):
            await client.get(path)
    await part.stop()

    def count(method: str, route: str, status: str) -> float | None:
        labels = {"method": method, "route": route, "status": status}
        return metrics.registry.get_sample_value("kundenportal_http_request_seconds_count", labels)

    assert count("GET", "/mine/{number}", "303") == 2
    assert count("GET", "unmatched", "404") == 1
    assert count("GET", "/fails/{kind}", "409") == 1
