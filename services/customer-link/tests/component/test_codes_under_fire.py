"""Codes while keys are changed, while others guess, and while more is sent than was asked for (Z04, Z08, DESIGN 6)."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.database import Database
from customer_link.domain.activation_code import shown_code
from customer_link.domain.guesses import ALARMING_AT_NUMBER, PER_ACCOUNT_A_DAY
from customer_link_builders import ANNA, INN, KEYS, a_code
from customer_link_world import World

NEWER = f"k2:{base64.b64encode(bytes(32)).decode()}"
MakeInstance = Callable[..., World]


@pytest.fixture
async def instances(database_factory: Callable[[str], Awaitable[Database]]) -> AsyncIterator[MakeInstance]:
    """Instances of the service, each with its own connections, on one database."""
    database = await database_factory("customer_link")
    running: list[World] = []

    def start(**settings: str) -> World:
        running.append(World(database, **settings))
        return running[-1]

    yield start
    for world in running:
        await world.database.close()


async def issued(world: World) -> str:
    """A code that staff issued and read, as it stands on its page."""
    answer = await world.post("monika", "/staff/codes/new", {"number": INN.number, "valid_until": "2027-01-31"})
    page = await world.get("monika", answer.location)
    return page.html.partition('big-code">')[2].partition("<")[0]


async def test_a_code_works_under_the_key_it_was_made_with_until_that_is_taken_away(instances: MakeInstance) -> None:
    before, rotated, forgotten = instances(), instances(code_keys=f"{NEWER},{KEYS}"), instances(code_keys=NEWER)
    await before.stock()
    code = await issued(before)
    assert (await forgotten.link("anna", code, INN.number)).status == 422
    assert (await rotated.link("anna", code, INN.number)).status == 303
    await rotated.post("anna", f"/customers/{INN.id}/unlink")
    assert (await rotated.link("bernd", await issued(rotated), INN.number)).status == 303
    async with rotated.database.transaction() as tx:
        keys = await tx.scalars(text("SELECT key_id FROM activation_code ORDER BY issued_at, key_id"))
        assert sorted(keys) == sorted([KEYS.partition(":")[0], "k2"])


async def test_sec_z08_two_instances_count_the_same_failures(instances: MakeInstance) -> None:
    pair = [instances(), instances()]
    await pair[0].stock()
    tries = (pair[n % 2].link("anna", shown_code(a_code(n)), INN.number, key=f"try {n}") for n in range(24))
    statuses = [page.status for page in await asyncio.gather(*tries)]
    assert (statuses.count(422), statuses.count(429)) == (PER_ACCOUNT_A_DAY, 24 - PER_ACCOUNT_A_DAY)


async def test_sec_z08_guesses_at_a_number_alert_staff_and_never_keep_its_honest_customer_out(
    instances: MakeInstance,
) -> None:
    world = instances()
    await world.stock()
    code = await issued(world)
    async with world.records() as records:
        for guess in range(ALARMING_AT_NUMBER - 1):
            at = world.clock() - timedelta(minutes=guess)
            await records.failures.add(world.core.workplace.rules.new_id(), f"192.0.2.{guess}", "47110702", at)
    assert (await world.link("bernd", shown_code(a_code(77)), INN.number)).status == 422
    assert "20 Fehlversuche bei der Kundennummer 47110702" in (await world.get("monika", "/staff/codes")).words
    assert (await world.link("anna", code, INN.number)).status == 303


async def test_sec_z04_fields_that_the_form_lacks_change_nothing(instances: MakeInstance) -> None:
    world = instances()
    await world.stock()
    fields = {
        "code": await issued(world),
        "number": INN.number,
        "account_id": str(world.core.workplace.rules.new_id()),
        "type": "handel",
        "holder_slot": "7",
        "state": "used",
        "organisation_id": str(world.core.workplace.rules.new_id()),
    }
    assert (await world.post("anna", "/customers", fields)).status == 303
    async with world.database.transaction() as tx:
        [row] = (await tx.execute(text("SELECT account_id, customer_id, type, holder_slot FROM link"))).all()
    assert tuple(row) == (ANNA, INN.id, INN.type, 1)
