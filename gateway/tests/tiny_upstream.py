"""A stand-in for a service behind the gateway: says what it was asked, and fails when told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local_run.free_ports import free_port


@dataclass
class TinyUpstream:
    """One instance: an HTTP port that answers everything, a management port with /health/ready."""

    name: str
    ready: bool = True
    status: int = 200
    drop: int = 0
    """How many of the next requests end without an answer."""
    body: bytes = b""
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    health_asked: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    http_port: int = field(default_factory=free_port)
    management_port: int = field(default_factory=free_port)

    def fall_silent(self) -> None:
        """From now on it is not ready and hangs up on everybody."""
        self.ready, self.drop = False, 1_000_000

    async def asked_for_health(self, times: int) -> None:
        """Returns when the gateway has asked so often from now on, and has had a moment to draw its conclusion."""
        while not self.health_asked.locked():
            await self.health_asked.acquire()
        for _ in range(times):
            await self.health_asked.acquire()
        await asyncio.sleep(0.1)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers with its name, the path and the headers it was sent, as JSON."""
        method, path, headers = await _read_request(reader)
        if method:
            self.seen.append((method, path, headers))
            if self.drop:
                self.drop -= 1
            else:
                body = self.body or json.dumps({"name": self.name, "path": path, "headers": headers}).encode()
                _write_response(writer, self.status, body if method != "HEAD" else b"", request_id=f"id-{self.name}")
                await writer.drain()
        writer.close()

    async def answer_health(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers whether it is ready."""
        await _read_request(reader)
        self.health_asked.release()
        _write_response(writer, 200 if self.ready else 503, b"{}", request_id="")
        writer.close()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["TinyUpstream"]:
        """Listens on both ports."""
        http = await asyncio.start_server(self.answer, "127.0.0.1", self.http_port)
        management = await asyncio.start_server(self.answer_health, "127.0.0.1", self.management_port)
        async with http, management:
            yield self


async def _read_request(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]]:
    line = (await reader.readline()).decode()
    if not line.strip():
        return "", "", {}
    method, path, _ = line.split(" ")
    headers: dict[str, str] = {}
    while (header := (await reader.readline()).decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    await reader.readexactly(int(headers.get("content-length", "0")))
    return method, path, headers


def _write_response(writer: asyncio.StreamWriter, status: int, body: bytes, *, request_id: str) -> None:
    writer.write(
        f"HTTP/1.1 {status} Answer\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
        f"X-Request-Id: {request_id}\r\nServer: tiny\r\nConnection: close\r\n\r\n".encode()
    )
    writer.write(body)
