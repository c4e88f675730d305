"""Erase accounts whose two weeks are over: every service its part, identity last, then name and address are free."""

import structlog

from chassis.errors import DomainError
from identity.domain.closing import OTHERS, Closing
from identity.usecases.collect_export import Collecting

ERASE_CLOSED = "erase_closed"
"""The name of the job."""
_BATCH = 50
_log = structlog.get_logger(__name__)


async def erase_closed(*, by: Collecting) -> int:
    """One round; how many accounts are erased now. A service that is away is asked again in the next round."""
    async with by.open() as records:
        due = await records.closings.due(by.clock(), _BATCH)
    return sum([await _erase(closing, by) for closing in due])


async def _erase(closing: Closing, by: Collecting) -> bool:
    for source in OTHERS:
        if source in closing.receipts:
            continue
        try:
            count = await by.sources[source].erase(closing.account_id, closing.request_id)
        except DomainError as error:
            _log.warning("erasure waits", account_id=str(closing.account_id), source=source, code=error.code)
            return False
        async with by.open() as records:
            await records.closings.add_receipt(closing.account_id, source, count)
    await by.sources["identity"].erase(closing.account_id, closing.request_id)
    async with by.open() as records:
        await records.closings.finish(closing.account_id, by.clock())
    return True
