import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

import chassis.process
import process_sample
from chassis.health import Health
from chassis.metrics import Metrics


@asynccontextmanager
async def _running(folder: Path, mode: str = "works") -> AsyncIterator[Process]:
    path = os.pathsep.join(sys.path)
    command = [sys.executable, "-W", "error", process_sample.__file__, str(folder), mode]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env={"PYTHONPATH": path})
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _ports(process: Process) -> tuple[int, int]:
    """Ports of management and HTTP, once the process has started."""
    assert process.stdout is not None
    while line := (await asyncio.wait_for(process.stdout.readline(), 20)).decode():
        if line.startswith("ports"):
            management, http = (int(port) for port in line.split()[1:])
            return management, http
    raise AssertionError("the process ended")


async def _ready(client: httpx.AsyncClient, management: int) -> int:
    return (await client.get(f"http://127.0.0.1:{management}/health/ready")).status_code


async def test_sigterm_makes_it_unready_at_once_and_finishes_what_is_under_way(tmp_path: Path) -> None:
    async with _running(tmp_path) as process, httpx.AsyncClient() as client:
        management, http = await _ports(process)
        while await _ready(client, management) != 200:  # noqa: ASYNC110 - another process's state
            await asyncio.sleep(0.05)
        slow = asyncio.ensure_future(client.get(f"http://127.0.0.1:{http}/slow"))
        await asyncio.sleep(0.2)
        signalled = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        assert await _ready(client, management) == 503
        assert (await client.get(f"http://127.0.0.1:{http}/open")).status_code == 200, "still taken while draining"
        assert (await slow).text == "slow but whole"
        assert process.stdout is not None
        rest = (await process.stdout.read()).decode()
        assert await process.wait() == 0
        assert time.monotonic() - signalled < 20
    assert [line for line in rest.splitlines() if line.startswith("stop ")] == ["stop second", "stop first"]


async def test_part_that_dies_ends_the_process_in_order(tmp_path: Path) -> None:
    async with _running(tmp_path, "dies") as process:
        out, _ = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 1
    lines = out.decode().splitlines()
    assert [line for line in lines if line.startswith("stop ")] == ["stop second", "stop first"]
    assert any('"part died"' in line and '"second"' in line for line in lines)


async def test_part_that_does_not_start_stops_those_before_it(tmp_path: Path) -> None:
    async with _running(tmp_path, "does-not-start") as process:
        out, _ = await asyncio.wait_for(process.communicate(), 20)
        assert process.returncode == 1
    lines = [line for line in out.decode().splitlines() if line.startswith(("start ", "stop "))]
    assert lines == ["start first", "stop first"]


async def test_part_that_hangs_does_not_keep_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []

    class Hangs:
        name = "hangs"

        async def start(self) -> None:
            asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGTERM)

        async def stop(self) -> None:
            await asyncio.Event().wait()

    async def close() -> None:
        stopped.append("first")

    monkeypatch.setattr(chassis.process, "_STOP_SECONDS", 0.3)
    parts = [chassis.process.Resource("first", close), Hangs()]
    health = Health({}, Metrics())
    started = time.monotonic()
    await chassis.process.run(parts, health, drain_seconds=0)
    assert time.monotonic() - started < 2
    assert stopped == ["first"], "the others are stopped all the same"
    assert not health.accepting


async def test_used_port_is_a_failure_to_start(tmp_path: Path) -> None:
    taken = chassis.process.HttpServer("a", Health({}, Metrics()), "127.0.0.1", 0)
    await taken.start()
    with pytest.raises(OSError, match="in use"):
        await chassis.process.HttpServer("b", Health({}, Metrics()), "127.0.0.1", taken.port).start()
    await taken.stop()
