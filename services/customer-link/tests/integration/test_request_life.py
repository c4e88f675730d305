"""Requests on PostgreSQL: the state machine, and what must hold when two do it at once."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.errors import DomainError
from chassis.outbox import Outbox
from chassis.testing import FakeClock
from customer_link.adapters.records import records_on
from customer_link.domain.link_request import Act, Step
from customer_link.usecases.decide_request import decide_request
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND, CLARA, INN, a_code, a_link, a_request, give_code, rules, stock
from request_life import RequestLife

CLOCK = FakeClock()
ROUNDS = 10


def on(tx: object) -> Records:
    return records_on(tx, outbox=Outbox("customer-link", CLOCK, uuid4))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(4))
async def test_requests_go_the_way_of_the_model(
    database_factory: Callable[[str], Awaitable[Database]], seed: int
) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        records = on(tx)
        await stock(records)
        await RequestLife(records, Random(seed), 1 + seed % 2).walk(60)


async def decide(database: Database, request_id: UUID, act: Act, by: UUID) -> str:
    try:
        async with database.transaction() as tx:
            step = Step(request_id, act, CLOCK(), by, "Nein")
            await decide_request(step, records=on(tx), rules=rules(CLOCK))
    except DomainError as error:
        return error.code
    return "done"


async def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(
    database_factory: Callable[[str], Awaitable[Database]],
) -> None:
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        await stock(on(tx))
        code = await give_code(on(tx), INN, a_code())
        await on(tx).links.add(a_link(BERND, INN))
    holder, asker = BERND, ANNA
    for _ in range(ROUNDS):
        request = a_request(asker, INN, code.id)
        async with database.transaction() as tx:
            assert await on(tx).requests.add(request)
            assert not await on(tx).requests.add(a_request(asker, INN, code.id))
        transfer, refuse = await asyncio.gather(
            decide(database, request.id, Act.TRANSFER, CLARA), decide(database, request.id, Act.REFUSE, UUID(int=1005))
        )
        assert sorted((transfer, refuse)) == ["done", "request_ended"]
        async with database.transaction() as tx:
            [link] = [one for one in await on(tx).links.active_of(asker, INN.id) if one.customer_id == INN.id]
        assert link.account_id == (asker if transfer == "done" else holder)
        if transfer == "done":
            holder, asker = asker, holder
    async with database.transaction() as tx:
        events = await tx.scalar(text("SELECT count(*) FROM outbox WHERE type LIKE '%request.decided.v1'"))
    assert events == ROUNDS
