"""One program under supervision: started, watched, started again when it crashes, stopped."""

import asyncio
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from local_run.cannot_start import CannotStart
from local_run.log_files import LogFile, Screen
from local_run.process_records import ProcessRecord, ProgramRecord
from local_run.program import Program
from local_run.running_process import RunningProcess, Start, execute

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_CALM_SECONDS = 60.0
_LOOK_SECONDS = 0.1
_LAST_WORDS_SECONDS = 2.0


class StoppedWhileStarting(CannotStart):
    """A part ended, or was not ready in time, before the run stood; the end of its log tells why."""


class Supervised:
    """Keeps one program running from `start` to `stop`."""

    def __init__(
        self, program: Program, logs: Path, screen: Screen, changed: Callable[[], None], start: Start = execute
    ) -> None:
        self.program = program
        self._start = start
        self.restarts = 0
        self._log = LogFile(logs, program.name)
        self._screen = screen
        self._changed = changed
        self._process: RunningProcess | None = None
        self._record: ProcessRecord | None = None
        self._watching: asyncio.Task[None] | None = None
        self._stopping = False

    def record(self) -> ProgramRecord:
        """What is written down about it."""
        program = self.program
        return ProgramRecord(program.name, self._record, self.restarts, program.ready_url, program.stop_signal)

    async def start(self) -> None:
        """Starts the program; `until_ready` waits for it."""
        await self._spawn()
        self._watching = asyncio.create_task(self._watch(), name=self.program.name)

    async def until_ready(self) -> None:
        """Waits for the first readiness.

        Raises:
            StoppedWhileStarting: it ended before, or took too long.
        """
        deadline = time.monotonic() + self.program.seconds_to_start
        while not await self.program.ready():
            if self.restarts or self._stopping:
                raise StoppedWhileStarting(f"{self.program.name} stopped while it started:\n{self._log.tail()}")
            if time.monotonic() > deadline:
                raise StoppedWhileStarting(f"{self.program.name} is not ready in time:\n{self._log.tail()}")
            await asyncio.sleep(0.05)

    async def stop(self) -> None:
        """Ends the program in order, or kills it when it takes too long."""
        self._stopping = True
        self._signal(self.program.stop_signal)
        if self._process is not None:
            try:
                async with asyncio.timeout(self.program.seconds_to_stop):
                    await self._process.wait()
            except TimeoutError:
                self.kill()
                await self._process.wait()
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching
        self._log.close()

    def kill(self) -> None:
        """Ends the program and what it started at once."""
        self._stopping = True
        if self._process is not None and self._process.returncode is None:
            self._end_group()

    async def _spawn(self) -> None:
        self._process = await self._start(self.program)
        with suppress(psutil.NoSuchProcess):
            self._record = ProcessRecord.of(self._process.pid)
        self._changed()

    async def _watch(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            code = await self._until_end()
            if self._stopping:
                return
            if time.monotonic() - began > _CALM_SECONDS:
                pause = _FIRST_PAUSE
            self._log.write(f"--- ended with {code}, started again in {pause:g} s\n".encode())
            self._screen.part(self.program.name, f"ended with {code}, started again in {pause:g} s".encode())
            self.restarts += 1
            self._changed()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            await self._spawn()

    async def _until_end(self) -> int:
        """Passes on what the program says until it ends; returns how it ended. What it leaves behind ends with it."""
        process = self._process
        if process is None:
            return 0
        forwarding = asyncio.create_task(self._forward(process.stdout))
        # Not until nobody says anything: whoever is left behind keeps the output open, perhaps for ever. And asked,
        # because `wait` may itself wait for the output (https://github.com/python/cpython/issues/119710).
        while process.returncode is None and not forwarding.done():
            await asyncio.wait((forwarding,), timeout=_LOOK_SECONDS)
        code = await process.wait() if forwarding.done() else process.returncode
        self._end_group()
        await asyncio.to_thread(self.program.clear)
        await asyncio.wait((forwarding,), timeout=_LAST_WORDS_SECONDS)
        forwarding.cancel()
        return code or 0

    def _end_group(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def _forward(self, output: asyncio.StreamReader | None) -> None:
        while output is not None:
            try:
                line = await output.readline()
            except ValueError:
                continue  # a line beyond all measure; its beginning is dropped
            if not line:
                return
            self._log.write(line)
            if self.program.shown:
                self._screen.part(self.program.name, line)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(number)
