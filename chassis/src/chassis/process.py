"""Runs the parts of a service in one process: started in order, stopped in reverse, all or none.

health = Health({"database": database.ping}, metrics)
parts = [management_part(health, settings), Resource("database", database.close), bus, relay, …,
         GrpcServer(…), http_part(app, settings)]
process.main(process.run(parts, health, drain_seconds=settings.drain_seconds))
"""

import asyncio
import gc
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Protocol

import structlog
import uvloop

from chassis.health import Health
from chassis.http_server import HttpServer, http_part, management_part

__all__ = ["HttpServer", "Part", "Resource", "http_part", "main", "management_part", "run"]

_log = structlog.get_logger(__name__)
_STOP_SECONDS = 20.0
_COLLECT_AFTER = 10_000
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Part(Protocol):
    """Something that runs as long as the process.

    A part that can end by itself also has `async def wait(self)`, which returns or raises when it did; that
    ends the process, and its supervisor starts it again.
    """

    @property
    def name(self) -> str:
        """What logs call it."""
        ...

    async def start(self) -> None:
        """Returns when the part works; raises when it cannot."""
        ...

    async def stop(self) -> None:
        """Finishes what is under way and returns."""
        ...


class Resource:
    """A part that has only to be closed at the end: a pool, a channel."""

    def __init__(self, name: str, close: Callable[[], Awaitable[None]]) -> None:
        self.name = name
        self._close = close

    async def start(self) -> None:
        """Nothing: it opens when it is first used."""

    async def stop(self) -> None:
        await self._close()


def main(serve: Coroutine[Any, Any, None]) -> None:
    """Runs a service's coroutine on uvloop until it ends."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve)


async def run(parts: Sequence[Part], health: Health, *, drain_seconds: float = 2.5) -> None:
    """Starts the parts in order and stops them in reverse on SIGTERM or SIGINT, within 20 s.

    List first what others need (pool, bus) and last what lets requests in (gRPC, HTTP). Readiness turns false at once;
    requests are still taken for `drain_seconds`, until the gateway has noticed.

    Raises:
        SystemExit: with code 1 when a part could not start or died.
    """
    asked_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, asked_to_stop.set)
    started: list[Part] = []
    failed = False
    try:
        if await _start(parts, started, asked_to_stop):
            _leave_loaded_alone()
            health.started = health.accepting = True
            failed = await _until_stop(started, asked_to_stop)
    except Exception:  # noqa: BLE001 - whatever it is, the process ends in order
        _log.exception("part did not start", part=parts[len(started)].name)
        failed = True
    finally:
        health.accepting = False
        await _stop(started, 0 if failed else drain_seconds)
        for number in _SIGNALS:
            loop.remove_signal_handler(number)
    if failed:
        raise SystemExit(1)


def _leave_loaded_alone() -> None:
    """Spares the collector what was loaded and stays: looking through it again and again is felt in slow requests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)


async def _start(parts: Sequence[Part], started: list[Part], asked_to_stop: asyncio.Event) -> bool:
    """Whether all parts run; False if the process was asked to stop before."""
    for part in parts:
        if asked_to_stop.is_set():
            return False
        await part.start()
        started.append(part)
        _log.debug("part started", part=part.name)
    _log.info("started")
    return True


async def _until_stop(parts: Sequence[Part], asked_to_stop: asyncio.Event) -> bool:
    """Waits for the signal or the death of a part; whether it was a death."""
    watched = {asyncio.ensure_future(part.wait()): part.name for part in parts if hasattr(part, "wait")}
    signalled = asyncio.ensure_future(asked_to_stop.wait())
    done, pending = await asyncio.wait([signalled, *watched], return_when=asyncio.FIRST_COMPLETED)
    for future in pending:
        future.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    deaths = [future for future in done if future in watched]
    for death in deaths:
        _log.error("part died", part=watched[death], exc_info=death.exception())
    return bool(deaths)


async def _stop(parts: Sequence[Part], drain_seconds: float) -> None:
    until = time.monotonic() + _STOP_SECONDS
    if parts:
        await asyncio.sleep(drain_seconds)
    for part in reversed(parts):
        try:
            async with asyncio.timeout(until - time.monotonic()):
                await part.stop()
        except TimeoutError:
            _log.error("part did not stop in time", part=part.name)
        except Exception:  # noqa: BLE001 - the others stop all the same
            _log.exception("part failed to stop", part=part.name)
    _log.info("stopped")
