"""`./portal down`, `status`, `logs` and `admin`: what a person asks of a run from another window."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import psutil

from local_run.cannot_start import CannotStart
from local_run.data_folder import DataFolder
from local_run.process_records import ProgramRecord, RunRecord, end_process, stop_left_behind
from local_run.program import http_ready, tcp_ready
from local_run.service_commands import package_of

_SECONDS_TO_STOP = 60


def down(data: Path) -> int:
    """Stops the run on a data folder, whoever started it; fine when nothing runs."""
    folder = DataFolder(data)
    record = RunRecord.read(folder.run)
    if record is None:
        print("No portal runs here.")
        return 0
    supervisor = record.supervisor.process()
    if supervisor is not None:
        print("Stopping", flush=True)
        end_process(supervisor, seconds=_SECONDS_TO_STOP)
    stop_left_behind(record.programs)
    folder.run.unlink(missing_ok=True)
    print("Stopped")
    return 0


def status(data: Path) -> int:
    """Prints each part with its process, readiness, memory and restarts; 0 when all are ready, 3 when none runs."""
    record = RunRecord.read(DataFolder(data).run)
    if record is None or record.supervisor.process() is None:
        print("No portal runs here.")
        return 3
    print(f"{record.url} ({record.brand}), mails {record.mail_url}, bus {record.bus}\n")
    print(f"{'part':<20}{'pid':>8}  {'ready':<6}{'MiB':>6}{'restarts':>10}")
    ready = asyncio.run(_all_ready(record.programs))
    recorded = {program.process.pid for program in record.programs if program.process}
    memory = [_memory(program, recorded) for program in record.programs]
    for program, is_ready, used in zip(record.programs, ready, memory, strict=True):
        _print_row(program, is_ready, used)
    own = _memory_of(record.supervisor.process())
    print(f"{'supervisor':<20}{record.supervisor.pid:>8}  {'':<6}{own:>6.0f}")
    print(f"\ntogether {own + sum(memory):.0f} MiB")
    return 0 if all(ready) else 1


def logs(data: Path, name: str, *, lines: int, follow: bool) -> int:
    """Prints the end of a part's log (of all its replicas), and goes on when asked to follow."""
    folder = DataFolder(data).logs
    files = sorted({*folder.glob(f"{name}.log"), *folder.glob(f"{name}-[0-9]*.log")})
    if not files:
        known = sorted(file.stem for file in folder.glob("*.log"))
        raise CannotStart(f"There is no log of '{name}'; there is: {', '.join(known) or 'none'}.")
    for file in files:
        with file.open(errors="replace") as stream:
            sys.stdout.writelines(deque(stream, maxlen=lines))
    if follow:
        _follow(files)
    return 0


def admin(data: Path, service: str, arguments: Sequence[str]) -> int:
    """Runs a service's `admin` command with the settings of the last run on a data folder."""
    file = DataFolder(data).environment / f"{service}.json"
    if not file.exists():
        raise CannotStart(f"There is no portal on {data}: ./portal up makes one.")
    settings: dict[str, str] = json.loads(file.read_text())
    command = [sys.executable, "-m", package_of(service), "admin", *arguments]
    return subprocess.run(command, env={**os.environ, **settings}, check=False).returncode


def _follow(files: list[Path]) -> None:
    ends = {file: file.stat().st_size for file in files}
    while True:
        time.sleep(0.3)
        for file, end in ends.items():
            size = file.stat().st_size
            with file.open("rb") as stream:
                stream.seek(end if size >= end else 0)
                sys.stdout.write(stream.read().decode(errors="replace"))
                ends[file] = stream.tell()
        sys.stdout.flush()


def _print_row(program: ProgramRecord, is_ready: bool, used: float) -> None:
    process = program.process.process() if program.process else None
    pid = str(process.pid) if process else "-"
    said = "yes" if is_ready else "no"
    print(f"{program.name:<20}{pid:>8}  {said:<6}{used:>6.0f}{program.restarts:>10}")


async def _all_ready(programs: list[ProgramRecord]) -> list[bool]:
    return await asyncio.gather(*(_is_ready(program) for program in programs))


async def _is_ready(program: ProgramRecord) -> bool:
    if program.process is None or program.process.process() is None:
        return False
    if program.ready_url.startswith("http:"):
        return await http_ready(program.ready_url)
    return not program.ready_url or await tcp_ready(program.ready_url)


def _memory(program: ProgramRecord, recorded: set[int]) -> float:
    """MiB of a part and of what it started, but for other parts."""
    process = program.process.process() if program.process else None
    if process is None:
        return 0.0
    started = [each for each in process.children(recursive=True) if each.pid not in recorded]
    return sum(_memory_of(each) for each in (process, *started))


def _memory_of(process: psutil.Process | None) -> float:
    """MiB of one process; shared pages are counted once, where the system says so."""
    if process is None:
        return 0.0
    try:
        info = process.memory_full_info()
    except psutil.Error:
        return 0.0
    return float(getattr(info, "pss", info.rss)) / 1024 / 1024
