"""Programs out of the nursery behave as executed ones do."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

import fake_part
from local_run.free_ports import free_port
from local_run.log_files import Screen
from local_run.program import Program, http_check
from local_run.running_process import Forked, Nursery
from local_run.supervised import Supervised

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere everything is executed")


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    opened = Nursery()
    # Its tests need none of the services' libraries.
    await opened.open({**os.environ, "PYTHONPATH": str(Path(fake_part.__file__).parent), "PYTHONUNBUFFERED": "1"})
    yield opened
    await opened.close()


def program(manner: str = "", **environment: str) -> Program:
    port = str(free_port())
    path = {**os.environ, "PYTHONPATH": str(Path(fake_part.__file__).parent), **environment}
    return Program(
        "fake",
        [sys.executable, "-m", "fake_part", port, manner],
        http_check(f"http://127.0.0.1:{port}/"),
        path,
        module="fake_part",
        arguments=(port, manner),
    )


async def test_a_forked_program_runs_says_and_ends_as_an_executed_one(nursery: Nursery) -> None:
    child = await nursery.start(program())
    assert isinstance(child, Forked)
    assert await child.stdout.readline() == f"begins as {child.pid}\n".encode()
    process = psutil.Process(child.pid)
    assert os.getpgid(child.pid) == child.pid
    assert process.name() == "fake"
    child.send_signal(signal.SIGTERM)
    assert await child.wait() == 0
    assert await child.stdout.read() == b"ends in order\n"


async def test_how_a_child_ended_is_told(nursery: Nursery) -> None:
    failing = await nursery.start(program("exit"))
    assert await failing.wait() == 1
    assert isinstance(failing, Forked)
    assert b"the reason stands here" in await failing.stdout.read()
    killed = await nursery.start(program())
    killed.send_signal(signal.SIGKILL)
    assert await killed.wait() == -signal.SIGKILL


async def test_children_that_end_at_once_are_not_lost(nursery: Nursery) -> None:
    children = await asyncio.gather(*(nursery.start(program("exit")) for _ in range(10)))
    async with asyncio.timeout(20):
        assert [await child.wait() for child in children] == [1] * 10


async def test_without_the_nursery_its_children_are_started_again_by_executing(
    nursery: Nursery, tmp_path: Path
) -> None:
    part = Supervised(program(), tmp_path, Screen(10), lambda: None, nursery.start)
    await part.start()
    await part.until_ready()
    (record,) = nursery.records()
    assert record.process is not None
    os.kill(record.process.pid, signal.SIGKILL)
    for _ in range(400):
        await asyncio.sleep(0.05)
        if part.restarts and await part.program.ready():
            break
    assert nursery.records() == []
    assert isinstance(part._process, asyncio.subprocess.Process)
    await part.stop()


async def test_children_end_in_order_when_their_supervisor_is_gone(nursery: Nursery) -> None:
    wanted = program()
    child = await nursery.start(wanted)
    assert isinstance(child, Forked)
    for _ in range(200):
        await asyncio.sleep(0.05)
        if await wanted.ready():
            break
    await nursery.close()
    async with asyncio.timeout(10):
        assert (await child.stdout.read()).endswith(b"ends in order\n")


async def test_where_there_is_no_nursery_everything_is_executed() -> None:
    closed = Nursery()
    child = await closed.start(program("exit"))
    assert isinstance(child, asyncio.subprocess.Process)
    assert await child.wait() == 1
    await closed.close()
