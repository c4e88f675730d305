"""How far the outbox is behind: a gauge pair that every replica shows from the database."""

from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import text

from chassis.database import Database

_BEHIND = text(
    """
    SELECT count(*) AS pending, coalesce(extract(epoch FROM now() - min(time)), 0)::float AS oldest
      FROM outbox WHERE publish_time IS NULL
    """
)


class OutboxMetrics:
    """kundenportal_outbox_pending (events) and kundenportal_outbox_oldest_age_seconds."""

    def __init__(self, registry: CollectorRegistry | None) -> None:
        self._pending = Gauge("kundenportal_outbox_pending", "Events not yet on the bus.", registry=registry)
        self._oldest = Gauge(
            "kundenportal_outbox_oldest_age_seconds", "Age of the oldest event not yet on the bus.", registry=registry
        )

    async def measure(self, database: Database) -> None:
        """Raises DatabaseUnavailable; the gauges keep their last values then."""
        async with database.transaction() as tx:
            behind = (await tx.execute(_BEHIND)).one()
        self._pending.set(behind.pending)
        self._oldest.set(max(behind.oldest, 0.0))
