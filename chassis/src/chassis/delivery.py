"""How every bus hands an event to its handler: one at a time per subject, with patience."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from chassis.messaging import Event, Handle, is_passing_error

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try; times in seconds. By default half a minute: a dead event is a lost mail."""

    attempts: int = 8
    first_pause: float = 0.2
    longest_pause: float = 30.0

    def pause(self, failures: int) -> float:
        """Doubling from the first pause to the longest, with jitter against herds."""
        doubled = self.first_pause * 2.0 ** min(failures - 1, 20)
        return min(doubled, self.longest_pause) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


DEFAULT_PATIENCE = Patience()
CRASH_LIMIT = 20
"""Deliveries that may end without an answer (the process died) before an event is dead."""


async def deliver(handle: Handle, event: Event, patience: Patience = DEFAULT_PATIENCE) -> bool:
    """Tries until the handler succeeds (true) or has failed too often for a reason of the event (false).

    A passing error (database or neighbour away) is waited out for as long as it takes and does not count.
    """
    failures = 0
    passing = 0
    while True:
        try:
            await handle(event)
        except Exception as error:
            if is_passing_error(error):
                passing += 1
                log.info("event_waits", event_id=str(event.id), event_type=event.type, cause=type(error).__name__)
                await asyncio.sleep(patience.pause(passing))
                continue
            failures += 1
            log.warning("event_failed", event_id=str(event.id), event_type=event.type, attempt=failures, exc_info=error)
            if failures >= patience.attempts:
                return False
            await asyncio.sleep(patience.pause(failures))
        else:
            return True


class Lanes:
    """One at a time per key, in the order of arrival; different keys side by side."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Waits for those who came before with this key."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._waiting[key] -= 1
            if not self._waiting[key]:
                del self._waiting[key], self._locks[key]
