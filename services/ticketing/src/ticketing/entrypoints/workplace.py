"""What all entry points share: the database, and what the use cases need, made anew for each transaction."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.callers import Caller
from chassis.database import Database, Transaction
from ticketing.domain.membership import Membership
from ticketing.domain.ticket_kind import Policy
from ticketing.domain.visibility import Viewer
from ticketing.usecases.ports import Memberships, Names
from ticketing.usecases.writing import Writing


@dataclass(frozen=True, slots=True)
class Workplace:
    """Made once in app.py; `writing` gives the store and the events of one transaction."""

    database: Database
    writing: Callable[[Transaction], Writing]
    memberships: Memberships
    names: Names
    policy: Policy
    zone: ZoneInfo
    languages: tuple[str, ...]
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Writing]:
        """Open a transaction; it is committed at the end of the block."""
        async with self.database.transaction() as tx:
            yield self.writing(tx)

    async def customer(self, caller: Caller) -> tuple[Viewer, Membership]:
        """Say who looks, as a customer; asked before a transaction, never inside one."""
        membership = await self.memberships.of(caller.account_id)
        return Viewer(caller.account_id, membership.organisation_ids), membership


def agent(account_id: UUID) -> Viewer:
    """Say who looks, as a member of staff at the desk."""
    return Viewer(account_id, staff=True)
