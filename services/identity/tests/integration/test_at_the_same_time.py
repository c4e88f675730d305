"""What two browsers or replicas do at the same moment, on a real database (A18, A19, A14)."""

import asyncio
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import select

from chassis.database import Database
from chassis.errors import DomainError
from identity.adapters.tables import throttle
from identity.domain.throttle import LOGIN
from identity.usecases.count_attempt import count_attempt
from identity.usecases.ensure_account import NamedPerson, ensure_account
from identity_harness import PASSWORD, REGISTRATION, Portal, open_portal

AT_ONCE = 8


async def test_sec_a18_two_browsers_confirm_at_once(portal: Portal) -> None:
    await portal.client.post("/register", data=REGISTRATION)
    link = await portal.last_link()
    browsers = [portal.browser() for _ in range(4)]
    answers = await asyncio.gather(*(browser.post(link, data={"password": PASSWORD}) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
    assert (await portal.event_types()).count("account.confirmed") == 1


async def test_sec_a19_one_user_name_is_given_once(portal: Portal) -> None:
    spellings = ["Müller.Anna", "mu\u0308ller.anna", "MÜLLER.ANNA", "müller.anna"]
    answers = await asyncio.gather(
        *(
            portal.browser().post("/register", data=REGISTRATION | {"username": name, "email": f"a{n}@beispiel.at"})
            for n, name in enumerate(spellings)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    assert (await portal.event_types()).count("account.registered") == 1


async def test_one_address_is_confirmed_once(portal: Portal) -> None:
    links = []
    for number in range(3):
        await portal.client.post("/register", data=REGISTRATION | {"username": f"anna{number}"})
        links.append(await portal.last_link())
    answers = await asyncio.gather(*(portal.browser().post(link, data={"password": PASSWORD}) for link in links))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410]
    late = await portal.client.get(links[[answer.status_code for answer in answers].index(410)])
    assert late.status_code == 200


async def test_a_double_click_is_one_registration(portal: Portal) -> None:
    form = REGISTRATION | {"idempotency_key": "twice"}
    answers = await asyncio.gather(*(portal.browser().post("/register", data=form) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [303] * 4
    assert await portal.event_types() == ["account.registered", "challenge.issued"]


async def test_sec_a18_a_reset_link_sets_one_password(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/password/forgot", data={"login": "anna"})
    link = await portal.last_link()
    passwords = [f"ruhige Wasserfarben {n}" for n in range(4)]
    answers = await asyncio.gather(*(portal.browser().post(link, data={"password": each}) for each in passwords))
    assert sorted(answer.status_code for answer in answers) == [303, 410, 410, 410]
    chosen = passwords[[answer.status_code for answer in answers].index(303)]
    assert (await portal.client.post("/login", data={"login": "anna", "password": chosen})).status_code == 303


async def test_sec_a15_a_one_time_code_is_accepted_once(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    browsers = [portal.browser() for _ in range(4)]
    for browser in browsers:
        await browser.post("/login", data={"login": "agent", "password": PASSWORD})
    code = portal.code(secret)
    answers = await asyncio.gather(*(browser.post("/login/code", data={"code": code}) for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]


async def test_sec_a14_a_hundred_tries_at_once_on_two_replicas_are_counted_exactly(
    portal: Portal, database: Database
) -> None:
    await portal.add_account("anna")
    async with open_portal(database) as replica:

        async def guess(number: int) -> int:
            here = portal if number % 2 else replica
            answer = await here.browser().post("/login", data={"login": "anna", "password": f"falsch {number}"})
            return answer.status_code

        statuses = await asyncio.gather(*(guess(number) for number in range(100)))
    assert sorted(statuses) == [422] * LOGIN.free + [429] * (100 - LOGIN.free)
    async with database.transaction() as tx:
        kept = {row.key.partition(":")[0]: row.tries for row in await tx.execute(select(throttle))}
    assert set(kept.values()) == {LOGIN.free}


async def test_sec_a14_a_hundred_failures_below_the_limit_are_all_counted(portal: Portal) -> None:
    async def guess(number: int) -> None:
        async with portal.core.database.transaction() as tx:
            throttles = portal.core.records(tx).throttles
            await count_attempt("key", patient, throttles=throttles, now=portal.clock())

    patient = replace(LOGIN, free=1000)
    await asyncio.gather(*(guess(number) for number in range(100)))
    async with portal.core.database.transaction() as tx:
        tally = await portal.core.records(tx).throttles.lock("key", portal.clock())
    assert tally is not None
    assert tally.tries == 100


async def test_sec_a14_parallel_guesses_are_counted_one_by_one(portal: Portal) -> None:
    async def guess() -> bool:
        try:
            async with portal.core.database.transaction() as tx:
                throttles = portal.core.records(tx).throttles
                await count_attempt("key", LOGIN, throttles=throttles, now=portal.clock())
        except DomainError:
            return False
        return True

    made = await asyncio.gather(*(guess() for _ in range(3 * AT_ONCE)))
    assert sum(made) == LOGIN.free


async def test_two_callers_get_the_same_account(portal: Portal) -> None:
    person = NamedPerson(email="b@stadtwerke.example", display_name="Birgit", language="de")

    async def ensure() -> object:
        async with portal.core.database.transaction() as tx:
            account = await ensure_account(person, records=portal.core.records(tx), clock=portal.clock, new_id=uuid4)
        return account.id

    assert len(set(await asyncio.gather(*(ensure() for _ in range(AT_ONCE))))) == 1
    assert await portal.event_types() == ["account.registered"]
