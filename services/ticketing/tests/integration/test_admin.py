"""What operations load by hand: the demo data and the tickets of the benchmark."""

import pytest

from portal_fixtures import DatabaseFactory
from ticketing.admin import Admin
from ticketing.domain.listing import Mine, TicketQuery
from ticketing.domain.reach import DeskReach
from ticketing_world import World
from ui.brand import demo_id


@pytest.mark.parametrize(
    ("brand", "key", "state", "entries"),
    [
        ("software", "buchungslauf", "waiting", 6),
        ("software", "dunkel", "noted", 2),
        ("musik", "adresse", "closed", 6),
    ],
)
async def test_demo_tickets_have_gone_through_the_use_cases_once(
    database_factory: DatabaseFactory, brand: str, key: str, state: str, entries: int
) -> None:
    world = World(await database_factory("ticketing"), brand)
    admin = Admin(world.brand, world.database)
    assert (await admin.load_demo())["tickets"] > 3
    assert await admin.load_demo() == {"tickets": 0}
    ticket = demo_id("ticket", key)
    assert await world.state_of(ticket) == state
    async with world.work.open() as writing:
        history = await writing.tickets.talk(ticket, DeskReach(), size=50, internal=True)
        agents = await writing.tickets.agents()
    assert len(history) == entries
    assert demo_id("account", "tarek") in agents
    assert await world.events() == []
    assert (await world.get("tarek", f"/desk/{ticket}")).status == 200


async def test_seeded_tickets_are_found_by_their_owner_and_by_words(database_factory: DatabaseFactory) -> None:
    world = World(await database_factory("ticketing"))
    admin = Admin(world.brand, world.database)
    assert await admin.seed_tickets(1000) == {"tickets": 1000}
    anna = demo_id("account", "anna")
    async with world.work.open() as writing:
        rows = await writing.tickets.page(TicketQuery(Mine(anna), 50))
        found = await writing.tickets.page(TicketQuery(Mine(anna), 50, search="Fall 200"))
        talk = await writing.tickets.talk(rows[0].id, DeskReach(), size=5)
    assert len(rows) == 5
    assert len(found) == 1
    assert len(talk) == 1
