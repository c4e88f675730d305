"""Work by the clock."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import structlog

from chassis.database import Database
from chassis.jobs import Periodic
from identity.domain.account_search import AccountQuery
from identity.domain.permission import Role
from identity.usecases.collect_export import COLLECT_EXPORT, Collecting, collect_export
from identity.usecases.erase_closed import ERASE_CLOSED, erase_closed
from identity.usecases.ports import Clock, RecordsOn
from identity.usecases.sweep_expired import sweep_expired

_log = structlog.get_logger(__name__)
_FIRST_ADMIN = "./portal admin identity add-staff USERNAME EMAIL NAME admin"
SWEEP = "sweep_expired"
PERIODIC = (Periodic(SWEEP, "*/10 * * * *"), Periodic(ERASE_CLOSED, "5-59/10 * * * *"))


def job_handlers(
    database: Database, records: RecordsOn, clock: Clock, collecting: Collecting
) -> dict[str, Callable[[Mapping[str, Any]], Awaitable[None]]]:
    """The jobs of identity by name."""

    async def sweep(_payload: Mapping[str, Any]) -> None:
        async with database.transaction() as tx:
            swept = await sweep_expired(records=records(tx), clock=clock)
            admins = await records(tx).directory.find(AccountQuery(role=Role.ADMIN, size=1))
        if not admins.accounts:
            _log.warning("no administrator yet", remedy=_FIRST_ADMIN)
        _log.info("swept", sessions=swept.sessions, registrations=swept.registrations, challenges=swept.challenges)

    async def collect(payload: Mapping[str, Any]) -> None:
        await collect_export(UUID(payload["export_id"]), by=collecting)

    async def erase(_payload: Mapping[str, Any]) -> None:
        if erased := await erase_closed(by=collecting):
            _log.info("erased", accounts=erased)

    return {SWEEP: sweep, COLLECT_EXPORT: collect, ERASE_CLOSED: erase}
