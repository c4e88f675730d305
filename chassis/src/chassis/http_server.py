"""The HTTP servers of a process as parts: uvicorn on the process's own loop."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp

from chassis.health import Health
from chassis.settings import ServiceSettings

_GRACE_SECONDS = 10


class HttpServer:
    """A part that serves an ASGI app; a used port makes its start raise OSError."""

    def __init__(self, name: str, app: ASGIApp, host: str, port: int, trusted_proxies: str | None = None) -> None:
        self.name = name
        self.port = port
        """The port that it listens on; chosen by the system at the start if it was 0."""
        self._host = host
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=True,
            proxy_headers=trusted_proxies is not None,
            forwarded_allow_ips=trusted_proxies,
            # Longer than the gateway keeps an idle connection (20 s): it must never use one that we are closing.
            timeout_keep_alive=75,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            h11_max_incomplete_event_size=32 * 1024,
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        listener = _listen(self._host, self.port)
        self.port = listener.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([listener]), name=self.name)
        await self._server.listening.wait()

    async def stop(self) -> None:
        if self._serving is not None:
            self._server.should_exit = True
            await self._serving

    async def wait(self) -> None:
        """Returns when the server has ended."""
        if self._serving is not None:
            await asyncio.shield(self._serving)


def http_part(app: ASGIApp, settings: ServiceSettings) -> HttpServer:
    """The service's own server, behind the gateway; X-Forwarded-For counts from trusted proxies only."""
    return HttpServer("http", app, settings.http_host, settings.http_port, settings.trusted_proxies)


def management_part(health: Health, settings: ServiceSettings) -> HttpServer:
    """Health and metrics. Start it first, so that they answer while the rest starts."""
    return HttpServer("management", health, settings.http_host, settings.management_port)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield  # The process decides about signals, not one of its parts.


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)
