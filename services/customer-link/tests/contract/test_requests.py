"""What fake and real store of requests promise alike."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from chassis.testing_edges import START
from customer_link.domain.link_request import DECIDED_WITHIN, Act, RequestKind, RequestState, Step
from customer_link.domain.request_listing import RequestQuery, Shown
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND, CLARA, CLUB, CONCERT, GASTHAUS, INN, a_code, a_request, give_code

LATER = START + timedelta(minutes=5)


async def asked(records: Records) -> list[UUID]:
    """Three requests, a minute apart: Anna for two numbers, Bernd for one of them."""
    code = await give_code(records, INN, a_code())
    made = [
        a_request(ANNA, INN, code.id),
        a_request(BERND, INN, code.id, START + timedelta(minutes=1), kind=RequestKind.TYPE_HELD),
        a_request(ANNA, CLUB, code.id, START + timedelta(minutes=2)),
    ]
    for one in made:
        assert await records.requests.add(one)
    return [one.id for one in made]


async def test_an_account_has_one_waiting_request_for_a_number(records: Records) -> None:
    first, *_ = await asked(records)
    code = await give_code(records, CONCERT, a_code(9))
    assert not await records.requests.add(a_request(ANNA, INN, code.id))
    waiting = await records.requests.waiting_of(ANNA, INN.id)
    assert waiting is not None
    assert waiting.id == first
    assert await records.requests.move(Step(first, Act.WITHDRAW, LATER, ANNA))
    assert await records.requests.waiting_of(ANNA, INN.id) is None
    assert await records.requests.add(a_request(ANNA, INN, code.id))


async def test_a_request_is_its_accounts_only(records: Records) -> None:
    first, second, third = await asked(records)
    assert [one.request.id for one in await records.requests.of_account(ANNA, 10)] == [third, first]
    assert [one.request.id for one in await records.requests.of_account(ANNA, 1)] == [third]
    assert await records.requests.mine(ANNA, second) is None
    mine = await records.requests.mine(ANNA, first)
    assert mine is not None
    assert (mine.customer, mine.organisation) == (INN, GASTHAUS.name)
    assert sorted(await records.requests.waiting_for(ANNA)) == sorted([first, third])
    assert await records.requests.get(uuid4()) is None
    assert await records.requests.claim(uuid4()) is None


async def test_requests_about_a_number_come_with_the_newest_first(records: Records) -> None:
    first, second, _ = await asked(records)
    assert [one.request.id for one in await records.requests.of_customer(INN.id, 10)] == [second, first]
    assert [one.request.id for one in await records.requests.of_customer(INN.id, 1)] == [second]
    assert await records.requests.of_customer(uuid4(), 10) == []


async def test_steps_change_a_request_and_are_remembered(records: Records) -> None:
    first, *_ = await asked(records)
    taken = await records.requests.move(Step(first, Act.TAKE, LATER, CLARA))
    assert taken is not None
    assert (taken.state, taken.assignee) == (RequestState.IN_REVIEW, CLARA)
    assert await records.requests.move(Step(first, Act.TAKE, LATER, CLARA)) is None
    assert await records.requests.move(Step(first, Act.REFUSE, LATER, BERND, "Nein")) is None
    assert await records.requests.move(Step(first, Act.GIVE_BACK, LATER, BERND)) is None
    assert await records.requests.move(Step(first, Act.WITHDRAW, LATER, BERND)) is None
    assert await records.requests.move(Step(first, Act.EXPIRE, LATER)) is None
    moved = await records.requests.move(Step(first, Act.TRANSFER, LATER, CLARA, "Gern", (BERND,)))
    assert moved == replace(
        taken, state=RequestState.TRANSFERRED, decided_at=LATER, answer="Gern", former_holders=(BERND,)
    )
    assert await records.requests.move(Step(first, Act.REFUSE, LATER, CLARA, "Nein")) is None
    history = await records.requests.history(first)
    assert [(one.act, one.at, one.by) for one in history] == [(Act.TAKE, LATER, CLARA), (Act.TRANSFER, LATER, CLARA)]


async def test_the_queue_has_the_oldest_first_and_goes_on_where_a_page_ended(records: Records) -> None:
    first, second, third = await asked(records)
    query = RequestQuery(Shown.WAITING, CLARA, size=2)
    page = await records.requests.page(query)
    assert [one.request.id for one in page.rows] == [first, second]
    rest = await records.requests.page(replace(query, after=page.next))
    assert ([one.request.id for one in rest.rows], rest.next) == ([third], None)
    of_kind = await records.requests.page(replace(query, kind=RequestKind.TYPE_HELD))
    assert [one.request.id for one in of_kind.rows] == [second]
    await records.requests.move(Step(third, Act.TAKE, LATER, CLARA))
    mine = await records.requests.page(replace(query, shown=Shown.MINE))
    assert [one.request.id for one in mine.rows] == [third]


async def test_what_has_ended_stands_apart_the_newest_first(records: Records) -> None:
    first, second, third = await asked(records)
    for minutes, one in enumerate((second, first)):
        assert await records.requests.move(Step(one, Act.REFUSE, LATER + timedelta(minutes=minutes), CLARA, "Nein"))
    query = RequestQuery(Shown.ENDED, CLARA, size=1)
    page = await records.requests.page(query)
    assert [one.request.id for one in page.rows] == [first]
    rest = await records.requests.page(replace(query, after=page.next))
    assert ([one.request.id for one in rest.rows], rest.next) == ([second], None)
    waiting = await records.requests.page(replace(query, shown=Shown.WAITING))
    assert [one.request.id for one in waiting.rows] == [third]


async def test_old_ones_are_found_and_may_expire(records: Records) -> None:
    first, second, third = await asked(records)
    at = START + DECIDED_WITHIN + timedelta(minutes=1)
    assert await records.requests.overdue(at - DECIDED_WITHIN, 10) == [first, second]
    assert await records.requests.move(Step(third, Act.EXPIRE, at)) is None
    expired = await records.requests.move(Step(first, Act.EXPIRE, at))
    assert expired is not None
    assert expired.state is RequestState.EXPIRED
