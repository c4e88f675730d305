"""A part of the run: how it is started, when it is ready, how it is stopped."""

import asyncio
import signal
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Check = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Program:
    """What the supervisor keeps running."""

    name: str
    command: Sequence[str]
    ready: Check
    environment: Mapping[str, str] = field(default_factory=dict)
    """The whole environment; empty: the supervisor's own."""
    ready_url: str = ""
    """Where another process can ask whether it is ready: http://… or tcp://host:port."""
    module: str = ""
    """The Python module that the command runs, where it may as well be forked out of the nursery."""
    arguments: Sequence[str] = ()
    """The module's arguments."""
    folder: Path | None = None
    clear: Callable[[], None] = lambda: None
    """Ends what an earlier process of it has left behind."""
    stop_signal: signal.Signals = signal.SIGTERM
    seconds_to_stop: float = 25
    seconds_to_start: float = 60
    shown: bool = True
    """Whether its lines are worth a person's screen."""


async def http_ready(url: str, tls: ssl.SSLContext | None = None) -> bool:
    """Whether a GET is answered with 2xx or 3xx. To this machine only, without a library; over TLS if told so."""
    host, _, rest = url.removeprefix("http://").partition(":")
    port, _, path = rest.partition("/")
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(host, int(port), ssl=tls)
            writer.write(f"GET /{path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode())
            status = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return status[9:10] in {b"2", b"3"}


async def tcp_ready(url: str) -> bool:
    """Whether somebody listens."""
    host, _, port = url.removeprefix("tcp://").partition(":")
    try:
        async with asyncio.timeout(3):
            _, writer = await asyncio.open_connection(host, int(port))
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def http_check(url: str) -> Check:
    """A check that asks a URL."""

    async def check() -> bool:
        return await http_ready(url)

    return check
