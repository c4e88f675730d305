"""Rows that have served: deleted by age, a thousand at a time so that nobody waits for it."""

from sqlalchemy import text

from chassis.database import Database

_BATCH = 1000
# What was published is kept for EventDetailService. The inbox remembers longer than the bus can
# replay (30 days), so that a replay repeats nothing.
_OLD = {
    "outbox": "publish_time < now() - interval '30 days'",
    "inbox": "receive_time < now() - interval '60 days'",
    "idempotency_keys": "create_time < now() - interval '7 days'",
}


async def prune(database: Database) -> int:
    """Deletes what is old; returns how many rows.

    Raises:
        DatabaseUnavailable: the rest is left for next time.
    """
    deleted = 0
    for table, old in _OLD.items():
        statement = text(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM {table} WHERE {old} LIMIT {_BATCH}))"  # noqa: S608 - constants
        )
        rows = _BATCH
        while rows == _BATCH:
            async with database.transaction() as tx:
                rows = (await tx.execute(statement)).rowcount
            deleted += rows
    return deleted
