"""A closed loop of HTTP clients, light enough to share two cores with what it measures."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Timing:
    """Latencies of one run in milliseconds, sorted; `seconds` is how long the run took."""

    latencies: Sequence[float]
    seconds: float
    failures: int

    def percentile(self, share: float) -> float:
        """The latency in milliseconds below which `share` (0 to 1) of the requests stayed."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.latencies) / self.seconds


async def _answer(reader: asyncio.StreamReader) -> int:
    """Reads one HTTP/1.1 response to its end and gives its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head[9:12])
    if b"content-length:" in head:
        length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        return status
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()
    return status


async def _client(address: tuple[str, int], request: bytes, until: float, found: list[float]) -> int:
    reader, writer = await asyncio.open_connection(*address)
    failures = 0
    while (started := time.perf_counter()) < until:
        writer.write(request)
        failures += await _answer(reader) != 200
        found.append((time.perf_counter() - started) * 1000)
    writer.close()
    return failures


async def closed_loop(url: str, *, clients: int, seconds: float, headers: Mapping[str, str]) -> Timing:
    """Asks for one URL from `clients` connections, each sending its next request when the last was answered."""
    parts = urlsplit(url)
    lines = [f"GET {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1", f"Host: {parts.netloc}"]
    request = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
    found: list[float] = []
    started = time.perf_counter()
    address = (parts.hostname or "localhost", parts.port or 80)
    failures = await asyncio.gather(
        *(_client(address, request, started + seconds, found) for _ in range(clients)),
    )
    return Timing(sorted(found), time.perf_counter() - started, sum(failures))
