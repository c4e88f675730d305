"""How the supervisor starts a program: by executing it, or out of the nursery."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Protocol

from local_run.nursery import LARGEST_ORDER
from local_run.process_records import ProcessRecord, ProgramRecord
from local_run.program import Program

_LONGEST_LINE = 1024 * 1024
_LOST = 0


class RunningProcess(Protocol):
    """A started program."""

    @property
    def pid(self) -> int:
        """Its number."""
        ...

    @property
    def returncode(self) -> int | None:
        """How it ended; None while it runs."""
        ...

    @property
    def stdout(self) -> asyncio.StreamReader | None:
        """What it writes."""
        ...

    async def wait(self) -> int:
        """Returns how it ended, when it has."""
        ...

    def send_signal(self, signal: int, /) -> None:
        """Sends a signal to it."""
        ...


Start = Callable[[Program], Awaitable[RunningProcess]]


async def execute(program: Program) -> RunningProcess:
    """Starts a program as a new process."""
    return await asyncio.create_subprocess_exec(
        *program.command,
        env=dict(program.environment) or None,
        cwd=program.folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        limit=_LONGEST_LINE,
    )


class Forked:
    """A process that the nursery made."""

    def __init__(self, pid: int, stdout: asyncio.StreamReader) -> None:
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    async def wait(self) -> int:
        """Returns how it ended, when it has."""
        await self._ended.wait()
        return self.returncode or 0

    def send_signal(self, signal: int, /) -> None:
        """Sends a signal to it."""
        os.kill(self.pid, signal)

    def ended(self, code: int) -> None:
        """Notes the end."""
        self.returncode = code
        self._ended.set()


class Nursery:
    """Starts Python programs out of a process that has their libraries loaded; others it executes.

    Where it cannot be (it died, or the system's frameworks do not stand a fork), everything is executed.
    """

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._socket: socket.socket | None = None
        self._children: dict[int, Forked] = {}
        self._ended_early: dict[int, int] = {}
        self._started: asyncio.Queue[int] = asyncio.Queue()
        self._ordering = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None

    async def open(self, environment: Mapping[str, str]) -> None:
        """Starts the nursery; it loads while other things start."""
        if sys.platform != "linux":
            return
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "local_run.nursery", str(theirs.fileno())),
                env=dict(environment),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        ours.setblocking(False)
        self._socket = ours
        self._listening = asyncio.create_task(self._listen())

    def records(self) -> list[ProgramRecord]:
        """What is written down about it: one entry, while it lives."""
        if self._process is None or self._socket is None:
            return []
        return [ProgramRecord("nursery", ProcessRecord.of(self._process.pid), 0, "", signal.SIGKILL)]

    async def start(self, program: Program) -> RunningProcess:
        """Starts a program."""
        if not program.module or self._socket is None:
            return await execute(program)
        async with self._ordering:
            return await self._fork(program)

    async def close(self) -> None:
        """Ends the nursery; what it made goes on."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            await self._process.wait()

    async def _fork(self, program: Program) -> RunningProcess:
        assert self._socket is not None  # noqa: S101 - start looked
        order = {"name": program.name, "module": program.module, "arguments": list(program.arguments)}
        message = json.dumps({**order, "environment": dict(program.environment)}).encode()
        reader, writer = os.pipe()
        try:
            socket.send_fds(self._socket, [message], [writer])
        except OSError:
            os.close(reader)
            return await execute(program)
        finally:
            os.close(writer)
        pid = await self._started.get()
        if pid == _LOST:
            os.close(reader)
            return await execute(program)
        child = Forked(pid, await _read_from(reader))
        self._children[pid] = child
        if pid in self._ended_early:
            self._note_end(pid, self._ended_early.pop(pid))
        return child

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        while self._socket is not None:
            try:
                message = await loop.sock_recv(self._socket, LARGEST_ORDER)
            except OSError:
                break
            if not message:
                break
            told = json.loads(message)
            if "started" in told:
                await self._started.put(told["started"])
            else:
                self._note_end(told["ended"], told["code"])
        self._lost()

    def _note_end(self, pid: int, code: int) -> None:
        if pid in self._children:
            self._children.pop(pid).ended(code)
        else:
            self._ended_early[pid] = code

    def _lost(self) -> None:
        """Without the nursery nobody tells how its children end: they are ended, and started again by executing."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        for pid in list(self._children):
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            self._note_end(pid, -signal.SIGKILL)
        if self._ordering.locked():
            self._started.put_nowait(_LOST)


async def _read_from(descriptor: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(descriptor, "rb", buffering=0))
    return reader
