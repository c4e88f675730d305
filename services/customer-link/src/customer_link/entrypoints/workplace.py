"""What all entry points share."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from chassis.database import Database, Transaction
from customer_link.domain.customer import CustomerType, LinkLimits
from customer_link.usecases.ports import Clock, NewId, Records, Secrets


@dataclass(frozen=True, slots=True)
class Workplace:
    """Made once in app.py; `open` gives the stores of one transaction."""

    database: Database
    records: Callable[[Transaction], Records]
    secrets: Secrets
    limits: LinkLimits
    types: dict[str, CustomerType]
    clock: Clock
    new_id: NewId

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Records]:
        """A transaction; it is committed at the end of the block."""
        async with self.database.transaction() as tx:
            yield self.records(tx)
