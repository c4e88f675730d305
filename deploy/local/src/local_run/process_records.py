"""What a run wrote down about its processes, so that another command, or the next run, can find them."""

import json
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from local_run.data_folder import write_whole

LAST = "postgres"
"""The part that all others use."""
_SECONDS_TO_STOP = 15


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process: its number and, because numbers are used again, when it began (seconds since 1970)."""

    pid: int
    began: float

    @classmethod
    def of(cls, pid: int) -> "ProcessRecord":
        """The record of a running process."""
        return cls(pid, psutil.Process(pid).create_time())

    def process(self) -> psutil.Process | None:
        """The process, if it is this one and still runs."""
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.began) < 1 and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None


@dataclass(frozen=True, slots=True)
class ProgramRecord:
    """A part of the run."""

    name: str
    process: ProcessRecord | None
    restarts: int
    ready_url: str
    stop_signal: int


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A whole run."""

    supervisor: ProcessRecord
    url: str
    mail_url: str
    brand: str
    bus: str
    ready: bool
    programs: list[ProgramRecord]

    def write(self, path: Path) -> None:
        """Keeps the record."""
        write_whole(path, asdict(self))

    @classmethod
    def read(cls, path: Path) -> "RunRecord | None":
        """The record of the last run on this folder, if there was one that was not ended in order."""
        try:
            found = json.loads(path.read_text())
        except FileNotFoundError:
            return None
        programs = [
            ProgramRecord(**(program | {"process": _process(program["process"])})) for program in found["programs"]
        ]
        return cls(**(found | {"supervisor": ProcessRecord(**found["supervisor"]), "programs": programs}))


def _process(found: dict[str, float] | None) -> ProcessRecord | None:
    return None if found is None else ProcessRecord(int(found["pid"]), found["began"])


def stop_left_behind(programs: Iterable[ProgramRecord]) -> list[str]:
    """Ends what a killed supervisor left running; gives the names. The databases end when nobody uses them any more."""
    running = [(each, process) for each in programs if each.process and (process := each.process.process())]
    for group in (
        [pair for pair in running if pair[0].name != LAST],
        [pair for pair in running if pair[0].name == LAST],
    ):
        for program, process in group:
            _signal(process, program.stop_signal)
        for _, process in group:
            end_process(process, None)
    return [program.name for program, _ in running]


def end_process(
    process: psutil.Process, number: int | None = signal.SIGTERM, seconds: float = _SECONDS_TO_STOP
) -> None:
    """Asks a process to end (None: it was asked) and kills it when it does not; returns when it is gone."""
    if number is not None:
        _signal(process, number)
    with suppress(psutil.NoSuchProcess):
        deadline = time.monotonic() + seconds
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                process.kill()
                deadline += 5
            time.sleep(0.05)


def _signal(process: psutil.Process, number: int) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
