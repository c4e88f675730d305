"""The statements of the local bus. Every call is one round trip and one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from chassis.database import LOST
from chassis.messaging import BusUnavailable

CHANNEL = "bus_events"
KEPT_FOR = timedelta(days=30)
NEW_GETS = timedelta(days=1)
CLAIM_SECONDS = 10.0

_SCHEMA = Path(__file__).parent / "sql" / "local_bus_1.sql"
_ANSWER_SECONDS = 5.0

# Only the first event of a subject that is not done can be claimed: in order, one at a time, whichever replica.
_CLAIM = """
    WITH free AS (
        SELECT position FROM bus_deliveries AS delivery
         WHERE subscriber = $1 AND NOT dead AND (claimed_until IS NULL OR claimed_until < now())
           AND NOT EXISTS (
                SELECT 1 FROM bus_deliveries AS earlier
                 WHERE earlier.subscriber = $1 AND NOT earlier.dead
                   AND earlier.subject = delivery.subject AND earlier.position < delivery.position)
         ORDER BY position LIMIT $3 FOR UPDATE SKIP LOCKED
    ), claimed AS (
        UPDATE bus_deliveries AS delivery
           SET claim = $2, claimed_until = now() + $4 * interval '1 second', deliveries = deliveries + 1
          FROM free WHERE delivery.subscriber = $1 AND delivery.position = free.position
        RETURNING delivery.position, delivery.deliveries
    )
    SELECT position, claimed.deliveries, body FROM claimed JOIN bus_events USING (position) ORDER BY position
"""
_RENEW = """
    UPDATE bus_deliveries SET claimed_until = now() + $4 * interval '1 second'
     WHERE subscriber = $1 AND claim = $2 AND position = ANY($3) AND NOT dead
"""
_RELEASE = """
    UPDATE bus_deliveries SET claim = NULL, claimed_until = NULL, deliveries = deliveries - 1
     WHERE subscriber = $1 AND claim = $2 AND NOT dead
"""
_DONE = "DELETE FROM bus_deliveries WHERE subscriber = $1 AND claim = $2 AND position = $3"
_DEAD = "UPDATE bus_deliveries SET dead = true WHERE subscriber = $1 AND claim = $2 AND position = $3"
_NEWEST = "SELECT coalesce(max(position), 0) FROM bus_events"
_AFTER = "SELECT position, body FROM bus_events WHERE position > $1 AND type = ANY($2) ORDER BY position LIMIT 500"
_PRUNE = """
    DELETE FROM bus_events AS event WHERE publish_time < now() - $1::interval
       AND NOT EXISTS (SELECT 1 FROM bus_deliveries AS delivery WHERE delivery.position = event.position)
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """An event that this replica has to handle; `deliveries` counts how often it was claimed."""

    position: int
    deliveries: int
    body: bytes


class LocalBusStore:
    """A small pool on the bus's database. Every method raises BusUnavailable when it does not answer."""

    def __init__(self, url: str, *, claim_seconds: float = CLAIM_SECONDS) -> None:
        self.url = url
        self.claim_seconds = claim_seconds
        self._pool: Any = None
        self._opening = asyncio.Lock()

    async def publish(self, event_type: str, subject: str, body: bytes) -> None:
        """Appends to the log and to what each subscriber of the type has to do."""
        await self._fetch("SELECT bus_publish($1, $2, $3)", event_type, subject, body)

    async def subscribe(self, subscriber: str, types: Sequence[str]) -> None:
        """Registers a subscriber, or its new types."""
        await self._fetch("SELECT bus_subscribe($1, $2, $3)", subscriber, list(types), NEW_GETS)

    async def claim(self, subscriber: str, claim: UUID, limit: int) -> list[Claimed]:
        """Takes the next events that no replica has."""
        rows = await self._fetch(_CLAIM, subscriber, claim, limit, self.claim_seconds)
        return [Claimed(row["position"], row["deliveries"], row["body"]) for row in rows]

    async def renew(self, subscriber: str, claim: UUID, positions: Sequence[int]) -> None:
        """Keeps what is claimed, and not taken by another replica since, for another while."""
        await self._fetch(_RENEW, subscriber, claim, list(positions), self.claim_seconds)

    async def release(self, subscriber: str, claim: UUID) -> None:
        """Gives back what is claimed and not done, as if it had not been claimed."""
        await self._fetch(_RELEASE, subscriber, claim)

    async def done(self, subscriber: str, claim: UUID, position: int) -> None:
        """Forgets a delivery, if the claim still holds."""
        await self._fetch(_DONE, subscriber, claim, position)

    async def dead(self, subscriber: str, claim: UUID, position: int) -> None:
        """Sets a delivery aside, if the claim still holds."""
        await self._fetch(_DEAD, subscriber, claim, position)

    async def newest(self) -> int:
        """Position of the newest event."""
        return int((await self._fetch(_NEWEST))[0][0])

    async def after(self, position: int, types: Sequence[str]) -> list[tuple[int, bytes]]:
        """Up to 500 events of the types after a position, in order and without gaps."""
        return [(row["position"], row["body"]) for row in await self._fetch(_AFTER, position, list(types))]

    async def prune(self) -> None:
        """Deletes what is older than 30 days and done."""
        await self._fetch(_PRUNE, KEPT_FOR)

    async def close(self) -> None:
        """Drops the connections."""
        if self._pool is not None:
            self._pool.terminate()

    async def _fetch(self, statement: str, *values: object) -> Any:
        try:
            async with self._opening:
                self._pool = self._pool or await self._open()
            return await self._pool.fetch(statement, *values)
        except LOST as error:
            raise BusUnavailable(repr(error)) from error

    async def _open(self) -> Any:
        connection = await asyncpg.connect(self.url, timeout=_ANSWER_SECONDS)
        try:
            async with connection.transaction():
                await connection.execute("SELECT pg_advisory_xact_lock(hashtext('bus_schema'))")
                await connection.execute(_SCHEMA.read_text(encoding="utf-8"))
        finally:
            connection.terminate()
        return await asyncpg.create_pool(
            self.url, min_size=0, max_size=4, timeout=_ANSWER_SECONDS, command_timeout=_ANSWER_SECONDS
        )
