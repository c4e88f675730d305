"""A process with an HTTP server, for tests that send it signals: `python process_sample.py FOLDER MODE`."""

import asyncio
import sys
from pathlib import Path

from chassis import logging, process
from chassis.health import Health
from chassis.metrics import Metrics
from edge_samples import sample_app, sample_settings


class Loud:
    """A part that says when it starts and stops; in its mode it fails on the way."""

    def __init__(self, name: str, mode: str = "") -> None:
        self.name = name
        self._mode = mode

    async def start(self) -> None:
        if self._mode == "does-not-start":
            raise RuntimeError("no")
        print(f"start {self.name}", flush=True)  # noqa: T201 - the test reads it

    async def stop(self) -> None:
        print(f"stop {self.name}", flush=True)  # noqa: T201 - the test reads it

    async def wait(self) -> None:
        if self._mode != "dies":
            await asyncio.Event().wait()
        await asyncio.sleep(0.2)
        raise RuntimeError("died")


async def serve(folder: Path, mode: str) -> None:
    settings = sample_settings(folder, drain_seconds=0.5)
    logging.configure(settings)
    health = Health({}, Metrics())
    management = process.management_part(health, settings)
    http = process.http_part(sample_app(settings), settings)
    parts = [management, Loud("first"), Loud("second", mode), http, Ports(folder, management, http)]
    await process.run(parts, health, drain_seconds=settings.drain_seconds)


class Ports:
    """Tells the test which ports were given."""

    name = "ports"

    def __init__(self, folder: Path, *servers: process.HttpServer) -> None:
        self._folder = folder
        self._servers = servers

    async def start(self) -> None:
        ports = " ".join(str(server.port) for server in self._servers)
        print(f"ports {ports}", flush=True)  # noqa: T201 - the test reads it

    async def stop(self) -> None:
        pass


if __name__ == "__main__":
    process.main(serve(Path(sys.argv[1]), sys.argv[2]))
