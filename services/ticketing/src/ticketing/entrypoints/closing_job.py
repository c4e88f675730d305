"""The job that closes what was resolved and heard nothing of for 14 days."""

from collections.abc import Mapping
from typing import Any

from chassis.jobs import Periodic
from ticketing.entrypoints.workplace import Workplace
from ticketing.usecases.close_silent_tickets import close_silent_tickets

NAME = "close_silent_tickets"
HOURLY = Periodic(NAME, "17 * * * *")
_BATCH = 100


class ClosingJob:
    """Closes in batches of one transaction each, until none is left."""

    def __init__(self, workplace: Workplace) -> None:
        self._work = workplace

    async def run(self, _payload: Mapping[str, Any]) -> None:
        """Do it now; running twice at once is harmless."""
        closed = _BATCH
        while closed == _BATCH:
            async with self._work.open() as writing:
                closed = await close_silent_tickets(_BATCH, writing=writing)
