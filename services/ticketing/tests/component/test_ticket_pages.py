"""Every page of customers, in every state and both languages."""

import pytest

from portal_fixtures import DatabaseFactory
from ticketing.domain.ticket_state import TicketState
from ticketing_world import World


@pytest.fixture(params=["software", "musik"])
async def both(request: pytest.FixtureRequest, database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"), request.param)


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"))


@pytest.mark.parametrize("language", ["de", "en"])
async def test_every_page_in_every_state_can_be_read(both: World, language: str) -> None:
    for state in TicketState:
        kind = {"noted": "suggestion", "rejected": "change"}.get(state, "change")
        ticket = await both.open(
            kind=kind, visibility="organisation", customer=str(list(both.memberships.held.values())[0].customers[0].id)
        )
        await both.bring_to(ticket, state)
        for name, path in [
            ("anna", f"/tickets/{ticket}"),
            ("anna", f"/tickets/{ticket}/withdraw"),
            ("jonas", f"/tickets/{ticket}"),
            ("tarek", f"/desk/{ticket}"),
        ]:
            page = await both.get(name, f"{path}?lang={language}")
            assert page.status in {200, 303}, (state, name, path, page.words)
    for name, path in [
        ("anna", "/tickets"),
        ("anna", "/tickets?tab=organisation"),
        ("jonas", "/tickets"),
        ("anna", "/tickets?q=nirgends"),
        ("anna", "/tickets/new"),
        ("dora", "/tickets"),
        ("xaver", "/tickets?tab=organisation"),
        ("tarek", "/desk"),
        ("tarek", "/desk?who=me&state=all&sort=oldest"),
        ("tarek", "/desk?q=nirgends"),
    ]:
        page = await both.get(name, f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.status == 200, page.words
