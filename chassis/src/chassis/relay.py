"""Publishes the outbox: every replica has a relay, the one with the service's lease works (ADR 0005)."""

import asyncio

import structlog
from prometheus_client import CollectorRegistry
from sqlalchemy import text

from chassis.background import end, forever, happens
from chassis.database import Database, DatabaseUnavailable
from chassis.delivery import Patience
from chassis.housekeeping import prune
from chassis.lease import TAKE_OVER_SECONDS, Lease
from chassis.messaging import Bus, BusUnavailable
from chassis.notifications import hear
from chassis.outbox import CHANNEL, source_of
from chassis.outbox_metrics import OutboxMetrics
from chassis.outbox_sender import OutboxSender

log = structlog.get_logger(__name__)

_POLL = 1.0
_MEASURE = 5.0
_PRUNE = 600.0
_HANDOVER = "handover"
_BUS_PATIENCE = Patience(first_pause=0.1, longest_pause=2.0)


class Relay:
    """Moves events from the outbox to the bus: at least once, in order per aggregate, urgent ones first."""

    name = "relay"

    def __init__(
        self,
        database: Database,
        bus: Bus,
        service: str,
        *,
        replica: str,
        registry: CollectorRegistry | None = None,
        take_over_seconds: float = TAKE_OVER_SECONDS,
    ) -> None:
        """The registry gets the metrics of the outbox."""
        self._database = database
        self._lease = Lease(database, "relay", replica, take_over_seconds=take_over_seconds)
        self._sender = OutboxSender(database, bus, source_of(service), self._lease)
        self._metrics = OutboxMetrics(registry)
        self._wake = asyncio.Event()
        self._handover = asyncio.Event()
        self._bus_failures = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Starts in the background; bus and database may be away."""
        steps = (self._hold, self._send, self._measure, self._prune)
        self._tasks = [
            asyncio.create_task(forever(step, expected=DatabaseUnavailable), name=f"relay{step.__name__}")
            for step in steps
        ]
        self._tasks.append(asyncio.create_task(hear(self._database.url, CHANNEL, self._heard), name="relay_hear"))

    async def stop(self) -> None:
        """Finishes nothing that is not begun, and hands the lease over."""
        await end(self._tasks)
        try:
            await self._lease.release()
            async with self._database.transaction() as tx:
                await tx.execute(text("SELECT pg_notify(:channel, :word)"), {"channel": CHANNEL, "word": _HANDOVER})
        except DatabaseUnavailable:
            log.info("lease_left_to_expire")

    def _heard(self, payload: str) -> None:
        if payload == _HANDOVER:
            self._handover.set()
        self._wake.set()

    async def _hold(self) -> None:
        held = self._lease.held
        if await self._lease.acquire() and not held:
            log.info("relay_took_lease")
            self._wake.set()
        await happens(self._handover, self._lease.renew_seconds)
        self._handover.clear()

    async def _send(self) -> None:
        self._wake.clear()
        try:
            more = self._lease.held and await self._sender.send()
        except BusUnavailable as error:
            self._bus_failures += 1
            if self._bus_failures == 1:
                log.warning("relay_waits_for_bus", cause=error.detail)
            await asyncio.sleep(_BUS_PATIENCE.pause(self._bus_failures))
            return
        if more:
            self._bus_failures = 0
            return
        # The notice is a hint; looking is the truth.
        await happens(self._wake, _POLL)

    async def _measure(self) -> None:
        await self._metrics.measure(self._database)
        await asyncio.sleep(_MEASURE)

    async def _prune(self) -> None:
        if self._lease.held:
            await prune(self._database)
        await asyncio.sleep(_PRUNE)
