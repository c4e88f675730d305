"""What operations do by hand: load the demo data, fill the database for the benchmark."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from chassis.database import Database, Transaction
from ticketing.adapters.brand_policy import TicketingBrand
from ticketing.adapters.demo_tickets import demo_agents, demo_reader, demo_tickets
from ticketing.adapters.seed_statements import BATCH, analyse, seed_batch
from ticketing.adapters.ticket_events import NoEvents
from ticketing.adapters.ticket_store import PostgresTickets
from ticketing.app import now
from ticketing.settings import TicketingSettings
from ticketing.usecases.load_demo import load_demo_ticket
from ticketing.usecases.writing import Writing
from ui.brand import Brand


class Admin:
    """The commands; each gives what is printed."""

    def __init__(self, brand: Brand, database: Database) -> None:
        self._brand = brand
        self._database = database
        self._policy = TicketingBrand.read(brand.section("ticketing"), brand.languages).policy()

    @classmethod
    def open(cls, settings: TicketingSettings) -> "Admin":
        """Open brand and database; close it after use."""
        return cls(Brand.load(settings.brand_dir), Database(settings.database_url.get_secret_value()))

    async def close(self) -> None:
        """Close the database."""
        await self._database.close()

    async def load_demo(self) -> Mapping[str, Any]:
        """Load the tickets of the brand's demo data once, each with its history; nobody is told."""
        demo = self._brand.demo()
        loaded = 0
        for ticket in demo_tickets(demo):
            async with self._database.transaction() as tx:
                loaded += await load_demo_ticket(ticket, writing=self._writing(tx))
        async with self._database.transaction() as tx:
            for agent in demo_agents(demo):
                await self._writing(tx).tickets.remember_agent(agent, now())
        return {"tickets": loaded}

    async def seed_tickets(self, number: int) -> Mapping[str, Any]:
        """Add made-up tickets; one in a hundred, up to 10,000, belongs to the demo's first account and a colleague."""
        reader, organisation = demo_reader(self._brand.demo())
        people = {"reader": reader, "colleague": uuid4(), "organisation": organisation}
        kinds = list(self._policy.kinds)
        for first in range(1, number + 1, BATCH):
            async with self._database.transaction() as tx:
                await seed_batch(tx, first, min(first + BATCH - 1, number), kinds=kinds, **people)
        async with self._database.transaction() as tx:
            await analyse(tx)
        return {"tickets": number}

    def _writing(self, tx: Transaction) -> Writing:
        store = PostgresTickets(tx, now)
        return Writing(store, NoEvents(), now, uuid4, self._policy, self._brand.time_zone)
