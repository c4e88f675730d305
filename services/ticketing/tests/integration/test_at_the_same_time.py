"""What happens at the same moment on a real database."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from portal_fixtures import DatabaseFactory
from ticketing.domain.reach import DeskReach
from ticketing.entrypoints.closing_job import ClosingJob
from ticketing_world import PEOPLE, World

FIELDS = {"kind": "incident", "subject": "Einmal", "text": "Nur einmal.", "idempotency_key": "double"}


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"))


async def test_a_double_click_at_once_opens_one_ticket(world: World) -> None:
    pages = await asyncio.gather(*(world.post("anna", "/tickets/new", FIELDS) for _ in range(6)))
    assert {page.status for page in pages} == {303}
    assert len({page.response.headers["location"] for page in pages}) == 1
    assert await world.count("tickets") == 1
    assert await world.count("outbox") == 1


async def test_a_double_click_at_once_says_one_comment(world: World) -> None:
    ticket = await world.open("anna")
    fields = {"text": "Noch etwas.", "idempotency_key": "double"}
    await asyncio.gather(*(world.post("anna", f"/tickets/{ticket}/comment", fields) for _ in range(6)))
    assert await world.count("entries") == 2


async def test_the_same_key_of_two_people_are_two_tickets(world: World) -> None:
    await asyncio.gather(*(world.post(name, "/tickets/new", FIELDS) for name in ("anna", "jonas")))
    assert await world.count("tickets") == 2


async def test_numbers_are_unique_when_the_first_of_a_year_come_together(world: World) -> None:
    async def number() -> int:
        async with world.work.open() as writing:
            return (await writing.tickets.next_number(2031)).serial

    found = await asyncio.gather(*(number() for _ in range(40)))
    assert len(set(found)) == 40
    assert min(found) == 1


async def _lose_a_number(world: World) -> None:
    async with world.work.open() as writing:
        await writing.tickets.next_number(2031)
        raise RuntimeError


async def test_a_number_of_a_ticket_that_failed_leaves_a_gap(world: World) -> None:
    async with world.work.open() as writing:
        assert (await writing.tickets.next_number(2031)).serial == 1
    with pytest.raises(RuntimeError):
        await _lose_a_number(world)
    async with world.work.open() as writing:
        assert (await writing.tickets.next_number(2031)).serial == 3


async def test_comments_at_once_stand_in_one_order_and_move_the_ticket_once(world: World) -> None:
    ticket = await world.open("anna", visibility="organisation")
    await world.bring_to(ticket, "waiting")
    names = ["anna", "jonas"] * 4
    await asyncio.gather(*(world.post(name, f"/tickets/{ticket}/comment", {"text": "Hier."}) for name in names))
    async with world.work.open() as writing:
        talk = await writing.tickets.talk(ticket, DeskReach(), size=50)
    assert [entry.position for entry in talk] == list(range(1, len(talk) + 1))
    assert [entry.to_state for entry in talk if entry.to_state] == ["waiting", "in_progress"]
    assert [name for name, _ in await world.events()].count("state_changed") == 2


async def test_of_two_agents_who_take_it_at_once_the_last_one_has_it_and_it_moved_once(world: World) -> None:
    ticket = await world.open("anna")
    await asyncio.gather(*(world.post(name, f"/desk/{ticket}/take") for name in ("tarek", "wiebke")))
    assert await world.state_of(ticket, "assignee_id") in {PEOPLE["tarek"].account_id, PEOPLE["wiebke"].account_id}
    assert [name for name, _ in await world.events()].count("state_changed") == 1


async def test_two_replicas_close_silent_tickets_once_each(world: World) -> None:
    tickets = [await world.open("anna") for _ in range(5)]
    for ticket in tickets:
        await world.bring_to(ticket, "resolved")
    world.clock.advance(timedelta(days=14))
    job = ClosingJob(world.work)
    await asyncio.gather(job.run({}), job.run({}))
    assert [await world.state_of(ticket) for ticket in tickets] == ["closed"] * 5
    closings = [data for name, data in await world.events() if name == "state_changed" and data["toState"] == "closed"]
    assert len({data["ticketId"] for data in closings}) == len(closings) == 5


async def test_confirming_and_closing_at_once_happen_once(world: World) -> None:
    ticket: UUID = await world.open("anna")
    await world.bring_to(ticket, "resolved")
    pages = await asyncio.gather(*(world.post("anna", f"/tickets/{ticket}/confirm") for _ in range(4)))
    assert sorted(page.status for page in pages) == [303, 409, 409, 409]
