"""One run of the portal, from its first part to its end."""

import asyncio
import os
import signal
import ssl
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from local_run import parts_of_the_run as parts
from local_run.cannot_start import CannotStart
from local_run.certificates import renewal_due
from local_run.demo_file import write_demo
from local_run.installation import Installation
from local_run.log_files import Screen
from local_run.process_records import ProcessRecord, RunRecord
from local_run.program import Program, http_ready
from local_run.running_process import Nursery
from local_run.service_commands import load_demo, prepare_schemas
from local_run.supervised import Supervised
from local_run.supervisor import Supervisor

PARTS_SPEAK = "\n\n"
"""Between the last line of the start and the first of a part."""
_SECONDS_UNTIL_SERVED = 20
_HOURS_BETWEEN_LOOKS = 6


class Run:
    """Starts everything, keeps it running, stops it."""

    def __init__(self, installation: Installation, screen: Screen) -> None:
        self._installation = installation
        self._screen = screen
        self._supervisor = Supervisor(self._supervise)
        self._nursery = Nursery()
        self._ready = False
        self._signals = 0
        self._asked_to_stop = asyncio.Event()

    async def run(self) -> int:
        """Starts, waits for a signal or for a start that fails, stops.

        Raises:
            CannotStart: the start failed; everything is stopped again.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, self._on_signal)
        running = asyncio.create_task(self._start_and_stay())
        asked = asyncio.create_task(self._asked_to_stop.wait())
        try:
            await asyncio.wait({running, asked}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
        finally:
            for task in (running, asked):
                task.cancel()
                with suppress(asyncio.CancelledError, CannotStart):
                    await task
            await self._stop()
        return 0

    async def _start_and_stay(self) -> None:
        began = time.monotonic()
        await self._start()
        self._tell(time.monotonic() - began)
        self._ready = True
        self._write_record()
        while True:
            await asyncio.sleep(_HOURS_BETWEEN_LOOKS * 3600)
            await self._renew_certificates()

    async def _start(self) -> None:
        installation = self._installation
        self._screen.say(f"Starting the portal of '{installation.brand}' on {installation.folder.path}")
        await self._nursery.open(parts.python_environment())
        await asyncio.to_thread(installation.postgres.prepare)
        await asyncio.gather(self._renew_certificates(), self._supervisor.start([parts.postgres_program(installation)]))
        loaded = await self._fill_databases()
        if installation.bus.private:
            await self._supervisor.start(parts.rabbitmq_programs(installation), wait=False)
        self._screen.say("Starting the services")
        programs = [parts.mailbox_program(installation), *parts.service_programs(installation)]
        programs += [parts.backend_program(installation), parts.gateway_program(installation)]
        installation.ports.save()
        installation.keep_environments()
        await self._supervisor.start(programs)
        write_demo(installation, loaded)
        await self._until_served()

    async def _fill_databases(self) -> Mapping[str, Mapping[str, Any]] | None:
        empty = await prepare_schemas(self._installation, self._nursery.start)
        if not empty and self._installation.folder.demo.exists():
            return None
        self._screen.say("Loading the demo data")
        return await load_demo(self._installation, self._nursery.start)

    async def _until_served(self) -> None:
        """The gateway learns within a second that the services are ready; ready is when a page comes through it."""
        deadline = time.monotonic() + _SECONDS_UNTIL_SERVED
        installation = self._installation
        authority = installation.tls("gateway") / "ca.pem" if installation.options.tls else None
        context = ssl.create_default_context(cafile=authority) if authority else None
        while not await http_ready(f"http://localhost:{installation.options.port}/login", context):
            if time.monotonic() > deadline:
                raise CannotStart(f"{installation.url}/login does not answer; see {installation.folder.logs}.")
            await asyncio.sleep(0.1)

    async def _renew_certificates(self) -> None:
        folder = self._installation.folder.tls
        if renewal_due(folder, datetime.now(UTC)):
            command = [sys.executable, "-m", "local_run.certificates", str(folder)]
            process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.DEVNULL)
            if await process.wait() != 0:
                raise CannotStart(f"The certificates in {folder} cannot be made.")

    async def _stop(self) -> None:
        self._screen.forwarding = False
        self._screen.say("Stopping")
        await self._supervisor.stop()
        await self._nursery.close()
        self._installation.folder.run.unlink(missing_ok=True)
        self._screen.say("Stopped")

    def _on_signal(self) -> None:
        self._signals += 1
        self._asked_to_stop.set()
        if self._signals > 1:
            self._screen.say("Killing what still runs")
            self._supervisor.kill()

    def _supervise(self, program: Program) -> Supervised:
        logs = self._installation.folder.logs
        return Supervised(program, logs, self._screen, self._write_record, self._nursery.start)

    def _write_record(self) -> None:
        installation = self._installation
        RunRecord(
            supervisor=ProcessRecord.of(os.getpid()),
            url=installation.url,
            mail_url=installation.mail_url,
            brand=installation.brand,
            bus=installation.bus.name,
            ready=self._ready,
            programs=[*self._nursery.records(), *self._supervisor.records()],
        ).write(installation.folder.run)

    def _tell(self, seconds: float) -> None:
        installation = self._installation
        self._screen.say(f"Portal ready: {installation.url}")
        self._screen.say(f"Mails:        {installation.mail_url}")
        self._screen.say(f"Demo logins:  {installation.folder.demo}")
        self._screen.say(f"Bus:          {installation.bus.name}")
        self._screen.say(f"Started in {seconds:.1f} s. Ctrl-C or ./portal down stops everything.{PARTS_SPEAK[1:]}")
        self._screen.forwarding = True
