"""One replica of a service at a time does a thing: a row renewed every 2 s, taken over after 6 s (ADR 0005)."""

import time
from uuid import uuid4

from sqlalchemy import text

from chassis.database import Database

TAKE_OVER_SECONDS = 6.0

# Times are the database's; a replica's own clock only measures how long ago it asked.
_ACQUIRE = text(
    """
    INSERT INTO relay_lease AS held (name, holder, term, expire_time)
    VALUES (:name, :holder, 1, now() + :seconds * interval '1 second')
    ON CONFLICT (name) DO UPDATE
       SET holder = :holder, expire_time = now() + :seconds * interval '1 second',
           term = held.term + CASE WHEN held.holder = :holder THEN 0 ELSE 1 END
     WHERE held.holder = :holder OR held.expire_time < now()
    RETURNING term
    """
)
_RELEASE = text(
    "UPDATE relay_lease SET expire_time = now() - interval '1 second' WHERE name = :name AND holder = :holder"
)

HELD = "EXISTS (SELECT 1 FROM relay_lease WHERE name = :lease AND holder = :holder AND term = :term)"
"""SQL condition: the writer still holds the lease. It keeps a replica that was frozen from writing."""


class Lease:
    """A replica's claim to one named thing."""

    def __init__(
        self, database: Database, name: str, replica: str, *, take_over_seconds: float = TAKE_OVER_SECONDS
    ) -> None:
        """Another replica takes over when the lease has not been renewed for that long."""
        self._database = database
        self._name = name
        self._seconds = take_over_seconds
        # A restarted replica of the same name is another holder.
        self._holder = f"{replica}/{uuid4().hex}"
        self._term = 0
        self._until = 0.0

    @property
    def held(self) -> bool:
        """Whether this replica may act now. Time that the process was frozen has passed for this too."""
        return time.monotonic() < self._until

    @property
    def renew_seconds(self) -> float:
        """How often to call `acquire`: two calls may fail before the lease runs out."""
        return self._seconds / 3

    @property
    def parameters(self) -> dict[str, str | int]:
        """What the condition HELD needs."""
        return {"lease": self._name, "holder": self._holder, "term": self._term}

    async def acquire(self) -> bool:
        """Takes or renews it; false while another replica holds it.

        Raises:
            DatabaseUnavailable: unknown; what was held stays held until it runs out.
        """
        asked = time.monotonic()
        values = {"name": self._name, "holder": self._holder, "seconds": self._seconds}
        async with self._database.transaction() as tx:
            term = await tx.scalar(_ACQUIRE, values)
        self._term = term or 0
        self._until = asked + self._seconds if term else 0.0
        return self.held

    async def release(self) -> None:
        """Lets another replica take over at once."""
        self._until = 0.0
        async with self._database.transaction() as tx:
            await tx.execute(_RELEASE, {"name": self._name, "holder": self._holder})
