"""What must hold when two do it at once."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.errors import DomainError
from chassis.outbox import Outbox
from chassis.testing import FakeClock
from customer_link.adapters.records import records_on
from customer_link.domain.customer import Customer, Link, Refusal
from customer_link.domain.customer_number import number_key
from customer_link.domain.guesses import PER_ACCOUNT_A_DAY, PER_SOURCE_AN_HOUR
from customer_link.usecases.ask_for_data import ask_for_data, first_ask
from customer_link.usecases.issue_code import IssueMeans, Order, issue_code
from customer_link.usecases.link_customer import Attempt, link_customer
from customer_link.usecases.order_code import Wish, order_code
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND, INN, KEEPER, SECOND_INN, a_code, give_code, rules, stock

ROUNDS = 50
CLOCK = FakeClock()


def on(tx: object) -> Records:
    return records_on(tx, outbox=Outbox("customer-link", CLOCK, uuid4))  # type: ignore[arg-type]


async def enter(
    database: Database, account_id: UUID, customer: Customer, code: str, source: str, *, holders: int = 1
) -> Link | Refusal | None:
    attempt = Attempt(account_id, source, code, number_key(customer.number))
    try:
        async with database.transaction() as tx:
            return await link_customer(attempt, records=on(tx), rules=rules(CLOCK, holders=holders))
    except DomainError:
        return None


async def two_replicas(factory: Callable[[str], Awaitable[Database]]) -> tuple[Database, Database]:
    """One database, and a pool for each of two processes."""
    first = await factory("customer_link")
    return first, Database(first.url)


async def at_once(tries: Iterable[Awaitable[Link | Refusal | None]]) -> list[Link | Refusal | None]:
    """As many at the same time as two pools have connections: waiting for one is not what is tested."""
    places = asyncio.Semaphore(20)

    async def one(entering: Awaitable[Link | Refusal | None]) -> Link | Refusal | None:
        async with places:
            return await entering

    return await asyncio.gather(*map(one, tries))


async def count(database: Database, what: str) -> int:
    async with database.transaction() as tx:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {what}")) or 0)


async def test_sec_z09_two_accounts_redeem_one_code_and_one_gets_it(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    for number in range(ROUNDS):
        customer = Customer(uuid4(), f"77 {number:04}", "handel", INN.organisation_id)
        async with database.transaction() as tx:
            await stock(on(tx), customer)
            await give_code(on(tx), customer, a_code(number + 30))
        outcomes = await asyncio.gather(
            *(enter(database, uuid4(), customer, a_code(number + 30), f"192.0.2.{who}") for who in (1, 2)),
        )
        assert [type(one) for one in outcomes].count(Link) == 1, outcomes
        assert Refusal.UNMATCHED in outcomes
        async with database.transaction() as tx:
            await tx.execute(text("DELETE FROM code_failure"))
    assert await count(database, "link") == ROUNDS
    assert await count(database, "outbox WHERE type LIKE '%link.created.v1'") == ROUNDS
    assert await count(database, "activation_code WHERE state = 'used'") == ROUNDS


async def test_sec_z09_200_at_once_have_one_winner_and_199_clean_answers(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    replicas = await two_replicas(database_factory)
    async with replicas[0].transaction() as tx:
        await stock(on(tx))
        await give_code(on(tx), INN, a_code())
    outcomes = await at_once(enter(replicas[who % 2], uuid4(), INN, a_code(), f"192.0.2.{who}") for who in range(200))
    assert [type(one) for one in outcomes].count(Link) == 1
    assert outcomes.count(Refusal.UNMATCHED) == 199
    assert await count(replicas[0], "outbox WHERE type LIKE '%link.created.v1'") == 1
    await replicas[1].close()


async def test_two_codes_of_one_number_at_once_keep_the_limit_and_do_not_wait_in_a_circle(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    for number in range(20):
        customer = Customer(uuid4(), f"78 {number:04}", "handel", INN.organisation_id)
        older, newer = a_code(100 + number), a_code(200 + number)
        async with database.transaction() as tx:
            await stock(on(tx), customer)
            await give_code(on(tx), customer, older)
            await on(tx).codes.supersede(customer.id, CLOCK())
            await give_code(on(tx), customer, newer)
        outcomes = await asyncio.gather(
            *(enter(database, uuid4(), customer, code, f"192.0.3.{number}") for code in (older, newer)),
        )
        assert [type(one) for one in outcomes].count(Link) == 1, outcomes
        assert {Refusal.UNMATCHED, Refusal.HELD_BY_ANOTHER}.intersection(outcomes)


async def test_codes_issued_at_once_leave_one_open(database_factory: Callable[[str], Awaitable[Database]]) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        await stock(on(tx))
        await give_code(on(tx), INN, a_code())

    async def issue() -> None:
        async with database.transaction() as tx:
            order = Order(uuid4(), INN.id, CLOCK() + timedelta(days=30))
            await issue_code(order, records=on(tx), means=IssueMeans(KEEPER, CLOCK, secrets.randbelow))

    await asyncio.gather(enter(database, ANNA, INN, a_code(), "192.0.2.1"), *(issue() for _ in range(10)))
    assert await count(database, "activation_code WHERE state IN ('issued', 'printed')") == 1
    assert await count(database, "link") == 1


async def test_letters_ordered_at_once_for_one_number_become_one(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        await stock(on(tx))

    async def order() -> None:
        async with database.transaction() as tx:
            wish = Wish(uuid4(), uuid4(), number_key(INN.number))
            await order_code(wish, records=on(tx), now=CLOCK(), takes=timedelta(days=7))

    await asyncio.gather(*(order() for _ in range(10)))
    assert await count(database, "code_order WHERE state = 'open'") == 1
    assert await count(database, "code_order") == 10


async def test_sec_z10_one_account_links_two_numbers_of_a_type_at_once_and_gets_one(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        await stock(on(tx))
        await give_code(on(tx), INN, a_code(1))
        await give_code(on(tx), SECOND_INN, a_code(2))
    outcomes = await asyncio.gather(
        enter(database, ANNA, INN, a_code(1), "192.0.2.1"), enter(database, ANNA, SECOND_INN, a_code(2), "192.0.2.2")
    )
    assert [type(one) for one in outcomes].count(Link) == 1
    assert Refusal.TYPE_HELD in outcomes


@pytest.mark.parametrize(("shared", "limit"), [("account", PER_ACCOUNT_A_DAY), ("source", PER_SOURCE_AN_HOUR)])
async def test_sec_z08_100_guesses_at_once_over_two_replicas_do_not_get_past_the_limit(
    database_factory: Callable[[str], Awaitable[Database]], shared: str, limit: int
) -> None:
    replicas = await two_replicas(database_factory)
    async with replicas[0].transaction() as tx:
        await stock(on(tx))

    def guess(number: int) -> Awaitable[Link | Refusal | None]:
        account_id, source = (BERND, f"192.0.2.{number}") if shared == "account" else (uuid4(), "192.0.2.1")
        return enter(replicas[number % 2], account_id, INN, a_code(number), source)

    outcomes = await at_once(map(guess, range(100)))
    assert (outcomes.count(Refusal.UNMATCHED), outcomes.count(None)) == (limit, 100 - limit)
    assert await count(replicas[0], "code_failure") == limit
    await replicas[1].close()


async def test_two_replicas_ask_a_backend_once(database_factory: Callable[[str], Awaitable[Database]]) -> None:
    database, clock = await database_factory("customer_link"), FakeClock()
    async with database.transaction() as tx:
        await stock(on(tx))
        await give_code(on(tx), INN, a_code())
    await enter(database, ANNA, INN, a_code(), "192.0.2.1")
    async with database.transaction() as tx:
        await first_ask(INN.id, records=on(tx), now=clock())
    clock.advance(60)

    async def sweep() -> int:
        async with database.transaction() as tx:
            looked_at = await ask_for_data(records=on(tx), clock=clock)
            await asyncio.sleep(0.1)
            return looked_at

    assert sorted(await asyncio.gather(sweep(), sweep())) == [0, 1]
