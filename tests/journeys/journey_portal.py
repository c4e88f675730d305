"""A whole portal, as `./portal up` runs it, for journeys to walk through."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, LiteralString, cast

import httpx
import psutil
import psycopg
from journey_mailbox import Mailbox

from local_run.bus_choice import choose_bus
from local_run.data_folder import DataFolder
from local_run.free_ports import free_port
from local_run.installation import Installation
from local_run.options import UpOptions
from local_run.ports_file import Ports
from local_run.process_records import ProgramRecord, RunRecord

Note = Callable[[str, float], None]
"""Keeps a figure in seconds, printed at the end of the run."""

_PAGE_OF = {"identity": "/login", "customer-link": "/customers", "ticketing": "/tickets", "notification": "/news"}
_SECONDS_TO_START = 180
_SECONDS_TO_STOP = 60
_SECONDS_TO_RETURN = 60


class PortalFailedError(AssertionError):
    """The portal did not do what it should; the end of its log is in the text."""


@dataclass
class Portal:
    """A running portal and what operations can do to it."""

    brand: str
    bus: str
    options: Sequence[str] = ()
    data: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="portal-journey-")))
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and returns when it is ready."""
        command = [sys.executable, "-m", "local_run", "up", "--brand", self.brand, "--bus", self.bus]
        command += ["--port", str(self.port), "--data", str(self.data), *self.options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.wait("the portal to be ready", self._is_ready, _SECONDS_TO_START)

    def stop(self) -> None:
        """Stops it in order."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_SECONDS_TO_STOP)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._process = None
        if (mailbox := self.__dict__.pop("mailbox", None)) is not None:
            mailbox.close()

    @cached_property
    def url(self) -> str:
        return self._record().url

    @cached_property
    def demo(self) -> dict[str, Any]:
        """demo.json: logins, codes, contacts."""
        demo: dict[str, Any] = json.loads(DataFolder(self.data).demo.read_text())
        return demo

    @cached_property
    def mailbox(self) -> Mailbox:
        return Mailbox(self._record().mail_url)

    def send(self, part: str, number: signal.Signals) -> None:
        """Sends a signal to the process of a part, such as `identity`, `postgres` or `rabbitmq`."""
        process = self._process_of(part)
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.send_signal(number)

    def kill(self, part: str) -> None:
        """Kills a part as a crash would; its supervisor starts it again."""
        self.send(part, signal.SIGKILL)

    def restarts(self, part: str) -> int:
        """How often the part was started again."""
        return self._program(part).restarts

    def wait_for(self, part: str) -> None:
        """Returns when the part runs, says that it is ready, and the gateway has noticed."""
        self.wait(f"{part} to be ready", lambda: self._answers(part), _SECONDS_TO_RETURN)
        if part in _PAGE_OF:
            self.wait(f"{part} to be served", lambda: _is_served(self.url + _PAGE_OF[part]), _SECONDS_TO_RETURN)

    def admin(self, service: str, *arguments: str) -> str:
        """What operations type: `python -m SERVICE admin …` with the settings of the running service."""
        module, installation = service.replace("-", "_"), self._installation()
        command = [sys.executable, "-m", module, "admin", *arguments]
        environment = installation.service_environment(service, service)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def change(self, service: str, statement: LiteralString, *values: str) -> None:
        """Changes rows of a service, such as a day that a journey cannot wait for."""
        url = self._installation().database_url(service.replace("-", "_"))
        with psycopg.connect(url) as connection:
            assert connection.execute(statement, values).rowcount == 1

    def wait(self, what: str, met: Callable[[], bool], seconds: float = 30) -> None:
        """Waits until a condition is met; a portal that has ended, or a minute too many, fails the test."""
        deadline = time.monotonic() + seconds
        while not met():
            if self._process is not None and self._process.poll() is not None:
                raise PortalFailedError(f"the portal ended\n{self.end_of_log()}")
            if time.monotonic() > deadline:
                raise PortalFailedError(f"waited {seconds} s for {what}\n{self.end_of_log()}")
            time.sleep(0.05)

    def end_of_log(self) -> str:
        """The last lines of its parts but the access log, and of its supervisor."""
        lines = [line for line in self._log.read_text(errors="replace").splitlines() if not line.startswith("gateway")]
        return "\n".join(lines[-60:])

    @property
    def _log(self) -> Path:
        return self.data / "journey.log"

    def _installation(self) -> Installation:
        folder = DataFolder(self.data)
        known: dict[str, int] = json.loads(folder.ports.read_text())
        return Installation(
            folder,
            self.brand,
            UpOptions(self.data, self.port),
            json.loads(folder.secrets.read_text()),
            cast("Ports", SimpleNamespace(port=known.__getitem__)),
            choose_bus(self.bus),
        )

    def _record(self) -> RunRecord:
        record = RunRecord.read(DataFolder(self.data).run)
        assert record is not None, self.end_of_log()
        return record

    def _is_ready(self) -> bool:
        record = RunRecord.read(DataFolder(self.data).run)
        return record is not None and record.ready

    def _program(self, part: str) -> ProgramRecord:
        return next(program for program in self._record().programs if program.name == part)

    def _process_of(self, part: str) -> psutil.Process:
        record = self._program(part).process
        process = record.process() if record else None
        assert process is not None, f"{part} does not run"
        return process

    def _answers(self, part: str) -> bool:
        program = self._program(part)
        if program.process is None or program.process.process() is None:
            return False
        if not program.ready_url.startswith("http"):
            return True
        with suppress(httpx.TransportError):
            return httpx.get(program.ready_url, timeout=2).status_code == httpx.codes.OK
        return False


def _is_served(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(url, timeout=5).status_code < httpx.codes.INTERNAL_SERVER_ERROR
    return False
