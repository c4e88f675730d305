"""Job: notices that are older than they are kept go, a thousand at a time."""

from collections.abc import Mapping
from typing import Any, Final

import structlog

from chassis.database import Database
from chassis.jobs import Periodic
from notification.notice_store import NoticeStore

FORGET_NOTICES: Final = "forget_notices"
HOURLY: Final = Periodic(FORGET_NOTICES, "27 * * * *")
_log = structlog.get_logger(__name__)


class ForgetNotices:
    """The job's handler."""

    def __init__(self, database: Database, notices: NoticeStore) -> None:
        self._database = database
        self._notices = notices

    async def __call__(self, _payload: Mapping[str, Any]) -> None:
        """Goes on until none is left that is too old."""
        gone, total = -1, 0
        while gone:
            async with self._database.transaction() as tx:
                gone = await self._notices.forget(tx)
            total += gone
        if total:
            _log.info("notices_forgotten", rows=total)
