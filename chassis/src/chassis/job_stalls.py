"""Jobs whose replica died are taken up again."""

import asyncio

from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException

from chassis.background import being_cancelled

# In one statement, so that of two replicas only one takes a job up; procrastinate's own way is
# to list and then to retry, which may retry a job that the other one has already started.
_TAKE_UP = """
    UPDATE procrastinate_jobs AS job
       SET status = 'todo', attempts = attempts + 1, scheduled_at = now(), worker_id = NULL
     WHERE status = 'doing'
       AND NOT EXISTS (
            SELECT 1 FROM procrastinate_workers AS worker
             WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - %(stalled)s * interval '1 second')
"""


async def take_up_stalled(connector: PsycopgConnector, stalled: float, heartbeat: float) -> None:
    """Looks every heartbeat, until cancelled, for jobs of workers that have not beaten for `stalled` seconds."""
    while True:
        try:
            await connector.execute_query_async(_TAKE_UP, stalled=stalled)
        except ConnectorException:
            if being_cancelled():
                raise
            # After an outage every heartbeat is old: let the living ones beat first.
            await asyncio.sleep(stalled / 2)
        await asyncio.sleep(heartbeat)
