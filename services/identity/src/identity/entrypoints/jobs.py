"""Work by the clock."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from chassis.database import Database
from chassis.jobs import Periodic
from identity.usecases.ports import Clock, RecordsOn
from identity.usecases.sweep_expired import sweep_expired

_log = structlog.get_logger(__name__)
SWEEP = "sweep_expired"
PERIODIC = (Periodic(SWEEP, "*/10 * * * *"),)


def job_handlers(
    database: Database, records: RecordsOn, clock: Clock
) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]]:
    """The jobs of identity by name."""

    async def sweep(_payload: Mapping[str, Any]) -> None:
        async with database.transaction() as tx:
            swept = await sweep_expired(records=records(tx), clock=clock)
        _log.info("swept", sessions=swept.sessions, registrations=swept.registrations, challenges=swept.challenges)

    return {SWEEP: sweep}
