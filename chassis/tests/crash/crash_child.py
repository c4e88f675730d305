"""A replica of a service as a real process, which can be told where to die.

Started as a script with one JSON argument; prints `ready` when its parts are started. Roles: `relay` publishes
the outbox, `consumer` writes an effect per event, `jobs` writes one per job. Crash points kill with SIGKILL.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from chassis.bus_address import connect_bus
from chassis.database import Database, Transaction
from chassis.inbox import Inbox
from chassis.jobs import Jobs
from chassis.local_bus import LocalBus
from chassis.messaging import Bus, Event, Handle, OnConnected
from chassis.relay import Relay

CHANGED = "kundenportal.identity.account.changed.v1"
CONSUMER = "crash"
EFFECT = text(
    "INSERT INTO effects (event_id, subject, sequence, replica) VALUES (:event, :subject, :sequence, :replica)"
)


_GIVEN_UP_SECONDS = 2.0
"""Until a replica that died is given up. An installation waits longer; what then happens is the same."""


@dataclass
class CrashPoint:
    """Dies when it is passed for the n-th time."""

    name: str = ""
    times: int = 1

    def passed(self, name: str) -> None:
        if name == self.name:
            self.times -= 1
            if self.times == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class CrashingBus:
    """A real bus between two crash points."""

    name = "bus"

    def __init__(self, bus: Bus, point: CrashPoint) -> None:
        self._bus = bus
        self._point = point

    async def start(self) -> None:
        await self._bus.start()

    async def stop(self) -> None:
        await self._bus.stop()

    async def publish(self, event: Event) -> None:
        self._point.passed("between commit and publish")
        await self._bus.publish(event)
        self._point.passed("between publish and mark")

    async def subscribe(self, service: str, types: Sequence[str], handle: Handle) -> None:
        async def handle_and_crash(event: Event) -> None:
            await handle(event)
            self._point.passed("between effect and answer")

        await self._bus.subscribe(service, types, handle_and_crash)

    async def listen(self, types: Sequence[str], handle: Handle, on_connected: OnConnected) -> None:
        await self._bus.listen(types, handle, on_connected)


async def run(role: str, database_url: str, bus_url: str, replica: str, point: CrashPoint) -> None:
    database = Database(database_url)
    bus = CrashingBus(_impatient_bus(bus_url, replica), point)

    async def effect(tx: Transaction, event: Event) -> None:
        values = {"event": event.id, "subject": event.subject, "sequence": event.sequence, "replica": replica}
        await tx.execute(EFFECT, values)
        point.passed("inside the effect")

    async def job(payload: Mapping[str, Any]) -> None:
        point.passed("inside the job")
        async with database.transaction() as tx:
            values = {"event": UUID(payload["id"]), "subject": "job", "sequence": payload["number"], "replica": replica}
            await tx.execute(EFFECT, values)

    if role == "jobs":
        await Jobs(database_url, {"work": job}, stalled_seconds=2 * _GIVEN_UP_SECONDS).start()
    else:
        await bus.start()
    if role == "relay":
        await Relay(database, bus, "identity", replica=replica, take_over_seconds=_GIVEN_UP_SECONDS).start()
    if role == "consumer":
        inbox = Inbox(database, CONSUMER, {CHANGED: effect})
        await bus.subscribe(CONSUMER, inbox.types, inbox.receive)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


def _impatient_bus(url: str, replica: str) -> Bus:
    if url.startswith("postgres"):
        return LocalBus(url, claim_seconds=_GIVEN_UP_SECONDS)
    return connect_bus(url, replica=replica)


if __name__ == "__main__":
    options = json.loads(sys.argv[1])
    crash = CrashPoint(options.pop("crash", ""), options.pop("times", 1))
    asyncio.run(run(**options, point=crash))
