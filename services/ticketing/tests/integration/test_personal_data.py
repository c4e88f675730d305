"""What ticketing holds about a person, and what of it goes."""

import pytest
from sqlalchemy import text

from chassis.personal_data import Holdings
from portal_fixtures import DatabaseFactory
from ticketing.adapters.personal_data import HeldByTicketing
from ticketing_world import PEOPLE, World

ANNA = PEOPLE["anna"].account_id


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    """Anna and her colleague Jonas comment on each other's tickets; support answers and notes something."""
    world = World(await database_factory("ticketing"))
    mine = await world.open("anna", subject="Von Anna", text="Annas Frage")
    await world.post("jonas", f"/tickets/{mine}/comment", {"text": "Jonas’ Worte"})
    await world.answer(mine, text="Antwort vom Support")
    await world.post("tarek", f"/desk/{mine}/note", {"note": "Interne Notiz"})
    theirs = await world.open("jonas", subject="Von Jonas", text="Jonas’ Frage")
    await world.post("anna", f"/tickets/{theirs}/comment", {"text": "Annas Kommentar"})
    return world


async def held(world: World) -> Holdings:
    async with world.database.transaction() as tx:
        return await HeldByTicketing().export(tx, ANNA)


async def test_sec_z05_colleagues_and_notes_are_never_part_of_it(world: World) -> None:
    told = await held(world)
    assert [entry["subject"] for entry in told["tickets"]] == ["Von Anna"]
    assert {(entry["by"], entry["text"]) for entry in told["talk"]} == {
        ("self", "Annas Frage"),
        ("colleague", "***"),
        ("support", "Antwort vom Support"),
    }
    assert [entry["text"] for entry in told["comments_on_other_tickets"]] == ["Annas Kommentar"]
    for foreign in ("Jonas’", "Interne", "Von Jonas"):
        assert foreign not in str(told)


async def test_tickets_of_an_organisation_stay(world: World) -> None:
    async with world.database.transaction() as tx:
        assert await HeldByTicketing().erase(tx, ANNA) == 0
    assert (await held(world))["tickets"][0]["subject"] == "Von Anna"


async def test_texts_of_tickets_of_the_person_alone_go_once(world: World) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(
            text("UPDATE tickets SET organisation_id = NULL, visibility = 'own' WHERE subject = 'Von Anna'")
        )
        assert await HeldByTicketing().erase(tx, ANNA) == 5
        assert await HeldByTicketing().erase(tx, ANNA) == 0
        kept = list(await tx.scalars(text("SELECT text FROM entries WHERE text IS NOT NULL")))
    assert "Annas Frage" not in kept
    assert "Jonas’ Frage" in kept
