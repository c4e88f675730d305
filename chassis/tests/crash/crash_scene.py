"""The scene of a crash: an emitter's and a consumer's database, a bus, and processes that live and die."""

import asyncio
import json
import signal
import sys
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import crash_child
from sqlalchemy import text

from bus_harness import until_true
from chassis.bus_address import connect_bus
from chassis.database import Database
from chassis.messaging import Bus
from chassis.relay import Relay
from plumbing_samples import count, emit_and_commit

EFFECTS = """
    CREATE TABLE effects (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL, subject text NOT NULL, sequence bigint NOT NULL, replica text NOT NULL)
"""


@dataclass
class Child:
    """A replica that runs as its own process."""

    process: asyncio.subprocess.Process

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    async def died(self) -> int:
        """Waits for its end; gives the exit code (-9 after SIGKILL)."""
        return await asyncio.wait_for(self.process.wait(), 30)

    async def kill(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@dataclass
class Scene:
    emitter: Database
    consumer: Database
    bus_url: str
    stack: AsyncExitStack
    subjects: list[UUID] = field(default_factory=lambda: [uuid4() for _ in range(5)])
    emitted: int = 0

    async def emit(self, rounds: int = 1) -> None:
        """One event per aggregate and round."""
        for _ in range(rounds):
            await emit_and_commit(self.emitter, *self.subjects)
            self.emitted += 1

    async def child(self, role: str, *, replica: str = "child", crash: str = "", times: int = 1) -> Child:
        """Starts a replica; returns when its parts are started."""
        options = {
            "role": role,
            "database_url": self.emitter.url if role == "relay" else self.consumer.url,
            "bus_url": self.bus_url,
            "replica": replica,
            "crash": crash,
            "times": times,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(crash_child.__file__)),
            json.dumps(options),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        child = Child(process)
        self.stack.push_async_callback(child.kill)
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
        return child

    async def relay(self) -> Relay:
        """A relay in this process, with a bus of its own."""
        bus = await self.bus()
        relay = Relay(self.emitter, bus, "identity", replica="test")
        await relay.start()
        self.stack.push_async_callback(relay.stop)
        return relay

    async def bus(self) -> Bus:
        bus = connect_bus(self.bus_url, replica="test")
        await bus.start()
        self.stack.push_async_callback(bus.stop)
        return bus

    async def effects(self) -> dict[str, list[int]]:
        """Sequences per aggregate, in the order of their effects."""
        found: dict[str, list[int]] = defaultdict(list)
        async with self.consumer.transaction() as tx:
            for row in await tx.execute(text("SELECT subject, sequence FROM effects ORDER BY id")):
                found[row.subject].append(row.sequence)
        return found

    async def complete(self) -> bool:
        return await count(self.consumer, "effects") >= self.emitted * len(self.subjects)

    async def check(self, seconds: float = 40) -> None:
        """Nothing lost, effects once, order per aggregate kept."""
        await until_true(self.complete, seconds)
        await asyncio.sleep(0.5)  # a repeated effect would come now
        expected = list(range(1, self.emitted + 1))
        assert await self.effects() == {str(subject): expected for subject in self.subjects}
