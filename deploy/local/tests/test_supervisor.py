"""The supervisor over real processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

import fake_part
from local_run.cannot_start import CannotStart
from local_run.free_ports import free_port
from local_run.log_files import Screen
from local_run.process_records import ProcessRecord, ProgramRecord, RunRecord, stop_left_behind
from local_run.program import Program, http_check, http_ready
from local_run.supervised import Supervised
from local_run.supervisor import Supervisor


class Watched(Supervisor):
    """A supervisor that knows where its logs are."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.changes = 0
        super().__init__(lambda program: Supervised(program, logs, Screen(10), self._count))

    def _count(self) -> None:
        self.changes += 1

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text()


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Watched]:
    watched = Watched(tmp_path)
    yield watched
    watched.kill()
    await watched.stop()


def part(name: str, manner: str = "", **options: float) -> Program:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    command = [sys.executable, fake_part.__file__, str(port), manner]
    return Program(name, command, http_check(url), ready_url=url, **options)  # type: ignore[arg-type]


async def test_parts_start_in_layers_and_stop_in_reverse(supervisor: Watched) -> None:
    first, second = part("first"), part("second")
    await supervisor.start([first])
    await supervisor.start([second])
    assert await http_ready(first.ready_url)
    assert [record.name for record in supervisor.records()] == ["first", "second"]
    await supervisor.stop()
    assert "ends in order" in supervisor.log("first")
    assert not await http_ready(second.ready_url)


async def test_a_crashed_part_is_started_again(supervisor: Watched) -> None:
    await supervisor.start([part("crashing", "crash")])
    for _ in range(100):
        if supervisor.log("crashing").count("begins as") >= 2:
            break
        await asyncio.sleep(0.1)
    assert "--- ended with 7, started again in 0.5 s" in supervisor.log("crashing")
    assert supervisor.records()[0].restarts >= 1


async def test_a_crashed_part_is_started_again_although_an_heir_keeps_its_output(supervisor: Watched) -> None:
    await supervisor.start([part("leaving", "heir")])
    for _ in range(100):
        if supervisor.log("leaving").count("begins as") >= 2:
            break
        await asyncio.sleep(0.1)
    assert supervisor.records()[0].restarts >= 1
    heir = int(supervisor.log("leaving").split("leaves ")[1].split()[0])
    assert not psutil.pid_exists(heir) or psutil.Process(heir).status() == psutil.STATUS_ZOMBIE


async def test_a_part_that_ends_while_it_starts_is_told_with_its_last_words(supervisor: Watched) -> None:
    with pytest.raises(CannotStart, match=r"(?s)broken stopped while it started:.*the reason stands here"):
        await supervisor.start([part("broken", "exit")])


async def test_a_part_that_is_never_ready_is_told_with_its_last_words(supervisor: Watched) -> None:
    with pytest.raises(CannotStart, match=r"(?s)slow is not ready in time:.*begins as"):
        await supervisor.start([part("slow", "never-ready", seconds_to_start=1)])


async def test_a_part_that_does_not_listen_is_killed(supervisor: Watched) -> None:
    await supervisor.start([part("deaf", "ignore-term", seconds_to_stop=0.5)])
    process = supervisor.records()[0].process
    assert process is not None
    await supervisor.stop()
    assert process.process() is None


async def test_what_a_killed_supervisor_left_behind_is_found_and_stopped(supervisor: Watched, tmp_path: Path) -> None:
    await supervisor.start([part("orphan")])
    record = RunRecord(ProcessRecord(1, 1.0), "u", "m", "musik", "local", ready=True, programs=supervisor.records())
    record.write(tmp_path / "run.json")
    again = RunRecord.read(tmp_path / "run.json")
    assert again == record
    asked = asyncio.to_thread(stop_left_behind, again.programs)
    supervisor._layers[0][0]._stopping = True
    assert await asked == ["orphan"]
    assert record.programs[0].process is not None
    assert record.programs[0].process.process() is None


def test_a_number_that_now_belongs_to_another_process_is_left_alone() -> None:
    me = psutil.Process(os.getpid())
    older = ProcessRecord(me.pid, me.create_time() - 100)
    assert stop_left_behind([ProgramRecord("other", older, 0, "", signal.SIGKILL)]) == []


async def test_long_output_is_kept_within_bounds(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import time; [print('x' * 1000) for _ in range(40000)]; time.sleep(60)"]

    async def at_once() -> bool:
        return True

    watched = Watched(tmp_path)
    await watched.start([Program("loud", command, at_once, stop_signal=signal.SIGKILL)])
    for _ in range(100):
        if (tmp_path / "loud.log.1").exists() and watched.log("loud").count("\n") > 5_000:
            break
        await asyncio.sleep(0.1)
    await watched.stop()
    assert (tmp_path / "loud.log").stat().st_size < 18_000_000
    assert (tmp_path / "loud.log.1").stat().st_size < 18_000_000
