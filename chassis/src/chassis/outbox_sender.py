"""One look into the outbox: what is pending goes to the bus, what the bus has is marked."""

import asyncio
import time
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy import ARRAY, Uuid, bindparam, text

from chassis import telemetry
from chassis.database import Database
from chassis.delivery import Patience
from chassis.lease import HELD, Lease
from chassis.messaging import Bus, BusUnavailable, Event, EventRefused
from chassis.outbox import to_event

log = structlog.get_logger(__name__)

_BATCH = 100
_SIDE_BY_SIDE = 16
_PATIENCE = Patience(first_pause=0.5, longest_pause=60.0)

# Whole aggregates, in the order of their oldest event, those with an urgent one first. What commits late
# with a low position is found by the next look: no mark is kept that it could hide behind.
_PENDING = text(
    """
    WITH ready AS (
        SELECT subject, bool_or(urgent) AS urgent, min(position) AS position
          FROM outbox WHERE publish_time IS NULL AND subject <> ALL(:blocked)
         GROUP BY subject ORDER BY 2 DESC, 3 LIMIT :batch
    )
    SELECT event.* FROM ready JOIN outbox AS event ON event.subject = ready.subject AND event.publish_time IS NULL
     ORDER BY ready.urgent DESC, ready.position, event.sequence LIMIT :batch
    """
).bindparams(bindparam("blocked", type_=ARRAY(Uuid)))
_MARK = text(
    f"UPDATE outbox SET publish_time = now() WHERE id = ANY(:ids) AND publish_time IS NULL AND {HELD}"  # noqa: S608 - a constant
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


class OutboxSender:
    """Sends under a lease; a refused event keeps back the later ones of its aggregate, and no others."""

    def __init__(self, database: Database, bus: Bus, source: str, lease: Lease) -> None:
        self._database = database
        self._bus = bus
        self._source = source
        self._lease = lease
        self._refusals: dict[UUID, tuple[int, float]] = {}

    async def send(self) -> bool:
        """Sends up to a hundred events; true if there may be more.

        Raises:
            BusUnavailable: the bus is away; what it had confirmed before is marked.
            DatabaseUnavailable: nothing is lost, but some events may be sent again.
        """
        events = await self._pending()
        if not events:
            return False
        sent: list[UUID] = []
        gate = asyncio.Semaphore(_SIDE_BY_SIDE)
        chains = [list(chain) for _, chain in groupby(events, key=lambda event: event.subject)]
        try:
            results = await asyncio.gather(
                *(self._send_chain(chain, gate, sent) for chain in chains), return_exceptions=True
            )
        finally:
            await self._mark(sent)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return bool(sent)

    async def _pending(self) -> list[Event]:
        now = time.monotonic()
        blocked = [subject for subject, (_, until) in self._refusals.items() if until > now]
        async with self._database.transaction() as tx:
            rows = await tx.execute(_PENDING, {"blocked": blocked, "batch": _BATCH})
            return [to_event(row, self._source) for row in rows]

    async def _send_chain(self, chain: Sequence[Event], gate: asyncio.Semaphore, sent: list[UUID]) -> None:
        async with gate:
            for event in chain:
                # A replica that was frozen and wakes stops here: another one has its work by now.
                if not self._lease.held:
                    return
                try:
                    await self._send_one(event)
                except EventRefused as error:
                    self._refused(event, error)
                    return
                sent.append(event.id)
                self._refusals.pop(UUID(event.subject), None)

    async def _send_one(self, event: Event) -> None:
        with telemetry.extract(event.traceparent), telemetry.span(f"publish {event.type}", kind="producer"):
            await self._bus.publish(event)

    async def _mark(self, sent: Sequence[UUID]) -> None:
        if sent:
            async with self._database.transaction() as tx:
                await tx.execute(_MARK, {"ids": list(sent), **self._lease.parameters})

    def _refused(self, event: Event, error: BusUnavailable) -> None:
        failures = self._refusals.get(UUID(event.subject), (0, 0.0))[0] + 1
        log.error("event_refused", event_id=str(event.id), event_type=event.type, attempt=failures, cause=str(error))
        self._refusals[UUID(event.subject)] = (failures, time.monotonic() + _PATIENCE.pause(failures))
