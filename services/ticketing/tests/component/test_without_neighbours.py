"""What pages show while customer-link or identity cannot be asked."""

import pytest

from portal_fixtures import DatabaseFactory
from ticketing_world import NUMBER, World


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"))


async def test_only_ones_own_tickets_are_there_with_a_notice(world: World) -> None:
    mine = await world.open("anna", subject="Meines", visibility="organisation")
    his = await world.open("jonas", subject="Seines", visibility="organisation")
    world.memberships.away = True
    page = await world.get("anna", "/tickets?tab=organisation")
    assert page.subjects == ["Meines"]
    assert "Ihre Organisation ist gerade nicht erreichbar" in page.words
    assert (await world.get("anna", f"/tickets/{his}")).status == 404
    assert (await world.get("anna", f"/tickets/{mine}")).status == 200
    assert (await world.post("anna", f"/tickets/{mine}/comment", {"text": "Trotzdem."})).status == 303


async def test_a_ticket_can_be_opened_without_a_number_and_with_one_is_kept_for_later(world: World) -> None:
    world.memberships.away = True
    form = await world.get("anna", "/tickets/new")
    assert "Ihre Kundennummern sind gerade nicht erreichbar" in form.words
    await world.open("anna")
    filled = {"kind": "incident", "subject": "s", "text": "Mein Text", "customer": str(NUMBER)}
    page = await world.post("anna", "/tickets/new", filled)
    assert page.status == 503
    assert "Mein Text" in page.words


async def test_names_that_cannot_be_had_become_neutral_words(world: World) -> None:
    ticket = await world.open("jonas", visibility="organisation", subject="Seines")
    await world.answer(ticket, text="Antwort")
    world.names.away = True
    page = await world.get("anna", f"/tickets/{ticket}")
    assert "Jemand aus Ihrer Organisation" in page.words
    assert "Support" in page.words
    assert "Jemand aus Ihrer Organisation" in (await world.get("anna", "/tickets?tab=organisation")).words
    assert "Kundin oder Kunde" in (await world.get("wiebke", f"/desk/{ticket}")).words


async def test_names_are_asked_for_once_a_page_and_not_at_all_for_ones_own_list(world: World) -> None:
    for name in ("anna", "jonas"):
        await world.open(name, visibility="organisation")
    world.names.calls = 0
    await world.get("anna", "/tickets")
    assert world.names.calls == 0
    await world.get("anna", "/tickets?tab=organisation")
    assert world.names.calls == 1
