"""Data are asked for until they come, the newest win, and they are refreshed."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from chassis.errors import DomainError, ErrorKind
from chassis.testing import FakeClock
from chassis.testing_edges import START
from customer_link.domain.asking_again import USUAL, pause_after
from customer_link.domain.customer import LinkedCustomer
from customer_link.usecases.ask_for_data import ask_for_data, first_ask
from customer_link.usecases.put_customer_data import put_customer_data
from customer_link_builders import ANNA, INN, a_link, some_data, stock
from customer_link_fakes import FakeStores, fake_stores

AGE = timedelta(hours=24)


@pytest.fixture
async def stores() -> FakeStores:
    stores = fake_stores()
    await stock(stores.records)
    await stores.links.add(a_link(ANNA, INN))
    return stores


async def test_backends_are_asked_again_with_growing_pauses(stores: FakeStores) -> None:
    clock = FakeClock()
    await first_ask(INN.id, records=stores.records, now=clock())
    asked_after = []
    for _ in range(24 * 60 * 2):
        clock.advance(timedelta(seconds=30))
        before = len(stores.announcements.said)
        await ask_for_data(records=stores.records, clock=clock)
        if len(stores.announcements.said) > before:
            asked_after.append(clock() - START)
    assert asked_after[:3] == [
        timedelta(seconds=30),
        timedelta(minutes=5, seconds=30),
        timedelta(minutes=35, seconds=30),
    ]
    assert len(asked_after) == 7


async def test_an_answer_ends_the_asking_until_it_is_old(stores: FakeStores) -> None:
    clock = FakeClock()
    await first_ask(INN.id, records=stores.records, now=clock())
    assert await put_customer_data(INN.id, some_data(), records=stores.records, clock=clock, refresh_after=AGE)
    clock.advance(AGE - timedelta(minutes=1))
    assert await ask_for_data(records=stores.records, clock=clock) == 0
    clock.advance(timedelta(minutes=1))
    assert await ask_for_data(records=stores.records, clock=clock) == 1
    assert [what for what, _ in stores.announcements.said] == ["data_requested", "customer_changed", "data_requested"]


async def test_nobody_is_asked_for_numbers_that_nobody_holds(stores: FakeStores) -> None:
    clock = FakeClock()
    await first_ask(INN.id, records=stores.records, now=clock())
    await stores.links.end(ANNA, INN.id, clock())
    clock.advance(timedelta(minutes=1))
    assert await ask_for_data(records=stores.records, clock=clock) == 1
    assert await ask_for_data(records=stores.records, clock=clock) == 0
    assert len(stores.announcements.said) == 1


async def test_older_data_are_ignored_and_data_from_the_future_refused(stores: FakeStores) -> None:
    clock = FakeClock()

    async def put(days: int) -> bool:
        data = some_data(START + timedelta(days=days))
        return await put_customer_data(INN.id, data, records=stores.records, clock=clock, refresh_after=AGE)

    assert (await put(-1), await put(-2), await put(-1), await put(0)) == (True, False, False, True)
    with pytest.raises(DomainError, match="data_from_the_future"):
        await put(1)
    with pytest.raises(DomainError) as unknown:
        await put_customer_data(uuid4(), some_data(), records=stores.records, clock=clock, refresh_after=AGE)
    assert unknown.value.kind is ErrorKind.NOT_FOUND


def test_what_is_still_to_be_paid() -> None:
    data = some_data()
    assert data.open_amounts == {"EUR": Decimal("188.40")}
    assert data.next_due is not None
    assert (data.next_due.isoformat(), data.overdue, data.place) == ("2026-08-31", True, "1030 Wien")


def test_data_are_late_when_they_take_longer_than_usual() -> None:
    waiting = LinkedCustomer(INN, START, START, None)
    assert not waiting.late(START + USUAL)
    assert waiting.late(START + USUAL + timedelta(seconds=1))
    assert not LinkedCustomer(INN, START, START, some_data()).late(START + 2 * USUAL)


def test_pauses_grow_to_six_hours() -> None:
    assert [pause_after(asks).total_seconds() for asks in (1, 2, 3, 4, 5, 50)] == [30, 300, 1800, 7200, 21600, 21600]
