"""Linking and unlinking by code: who gets in, what is told, what counts."""

from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from chassis.errors import DomainError
from chassis.testing import FakeClock
from customer_link.domain.code_state import CodeState
from customer_link.domain.customer import Customer, Link, Refusal
from customer_link.domain.customer_number import number_key
from customer_link.domain.guesses import ALARMING_AT_NUMBER, PER_ACCOUNT_A_DAY, PER_SOURCE_AN_HOUR
from customer_link.usecases.issue_code import IssueMeans, Order, issue_code
from customer_link.usecases.link_customer import Attempt, link_customer
from customer_link.usecases.unlink_customer import unlink_customer
from customer_link_builders import (
    ANNA,
    BERND,
    CONCERT,
    INN,
    KEEPER,
    SECOND_INN,
    a_code,
    a_link,
    give_code,
    rules,
    stock,
)
from customer_link_fakes import FakeStores, fake_stores


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def stores() -> FakeStores:
    stores = fake_stores()
    await stock(stores.records)
    return stores


class Person:
    """Somebody at the form."""

    def __init__(self, stores: FakeStores, clock: FakeClock) -> None:
        self._stores = stores
        self._clock = clock

    async def tries(
        self, account_id: UUID, customer: Customer, code: str, *, source: str = "192.0.2.1", holders: int = 1
    ) -> Link | Refusal:
        attempt = Attempt(account_id, source, code, number_key(customer.number))
        chosen = rules(self._clock, holders=holders)
        return await link_customer(attempt, records=self._stores.records, rules=chosen)


@pytest.fixture
def person(stores: FakeStores, clock: FakeClock) -> Person:
    return Person(stores, clock)


async def test_a11_the_right_code_links_announces_and_asks_for_data(stores: FakeStores, person: Person) -> None:
    code = await give_code(stores.records, INN, a_code())
    link = await person.tries(ANNA, INN, a_code())
    assert isinstance(link, Link)
    assert (link.account_id, link.customer_id) == (ANNA, INN.id)
    assert stores.announcements.said == [
        ("membership_changed", ANNA),
        ("link_created", INN.id),
        ("code_used", code.id),
        ("data_requested", INN.id),
    ]
    assert stores.failures.tries == []


async def test_a12_a_code_works_once_and_for_its_number_only(stores: FakeStores, person: Person) -> None:
    await give_code(stores.records, INN, a_code())
    assert await person.tries(ANNA, CONCERT, a_code()) is Refusal.UNMATCHED
    assert isinstance(await person.tries(ANNA, INN, a_code()), Link)
    assert await person.tries(BERND, INN, a_code()) is Refusal.UNMATCHED
    assert len(stores.failures.tries) == 2


@pytest.mark.parametrize("state", [CodeState.USED, CodeState.WITHDRAWN])
async def test_a12_what_is_over_gets_the_one_answer(stores: FakeStores, person: Person, state: CodeState) -> None:
    await give_code(stores.records, INN, a_code(), state=state)
    assert await person.tries(ANNA, INN, a_code()) is Refusal.UNMATCHED
    assert len(stores.failures.tries) == 1


async def test_a12_an_expired_code_gets_the_one_answer(stores: FakeStores, person: Person, clock: FakeClock) -> None:
    await give_code(stores.records, INN, a_code())
    clock.advance(timedelta(days=30))
    assert await person.tries(ANNA, INN, a_code()) is Refusal.UNMATCHED


async def test_a13_a14_conflicts_are_told_after_a_match_and_leave_the_code(stores: FakeStores, person: Person) -> None:
    await stores.links.add(a_link(ANNA, INN))
    code = await give_code(stores.records, INN, a_code())
    other = await give_code(stores.records, SECOND_INN, a_code(8))
    assert await person.tries(BERND, INN, a_code()) is Refusal.HELD_BY_ANOTHER
    assert await person.tries(ANNA, INN, a_code()) is Refusal.ALREADY_YOURS
    assert await person.tries(ANNA, SECOND_INN, a_code(8)) is Refusal.TYPE_HELD
    assert {stores.codes.kept[one.id][0].state for one in (code, other)} == {CodeState.ISSUED}
    assert (stores.failures.tries, stores.announcements.said) == ([], [])
    assert isinstance(await person.tries(BERND, INN, a_code(), holders=2), Link)


async def test_a16_numbers_of_other_types_join(stores: FakeStores, person: Person) -> None:
    await give_code(stores.records, INN, a_code())
    await give_code(stores.records, CONCERT, a_code(8))
    assert isinstance(await person.tries(ANNA, INN, a_code()), Link)
    assert isinstance(await person.tries(ANNA, CONCERT, a_code(8)), Link)


async def test_ten_failures_pause_an_account_for_a_day(stores: FakeStores, person: Person, clock: FakeClock) -> None:
    await give_code(stores.records, INN, a_code())
    for _ in range(PER_ACCOUNT_A_DAY):
        await person.tries(ANNA, INN, a_code(9))
        clock.advance(timedelta(minutes=1))
    with pytest.raises(DomainError, match="too_many_codes") as paused:
        await person.tries(ANNA, INN, a_code())
    assert paused.value.retry_after == timedelta(days=1, minutes=-PER_ACCOUNT_A_DAY)
    assert isinstance(await person.tries(BERND, INN, a_code()), Link)
    clock.advance(timedelta(days=1))
    assert await person.tries(ANNA, INN, a_code(9)) is Refusal.UNMATCHED


async def test_thirty_failures_pause_a_source_for_an_hour(stores: FakeStores, person: Person, clock: FakeClock) -> None:
    await give_code(stores.records, INN, a_code())
    for number in range(PER_SOURCE_AN_HOUR):
        await person.tries(UUID(int=5000 + number), CONCERT, a_code(9))
    with pytest.raises(DomainError, match="too_many_codes"):
        await person.tries(ANNA, INN, a_code())
    assert isinstance(await person.tries(ANNA, INN, a_code(), source="192.0.2.9"), Link)


async def test_strangers_alarm_staff_and_never_block_the_number(stores: FakeStores, person: Person) -> None:
    await give_code(stores.records, INN, a_code())
    with capture_logs() as logs:
        for number in range(ALARMING_AT_NUMBER + 1):
            await person.tries(UUID(int=5000 + number), INN, a_code(9), source=f"192.0.2.{number}")
    alarms = [entry for entry in logs if entry["event"] == "codes_guessed"]
    assert [(entry["kind"], entry["failures"]) for entry in alarms] == [("number", ALARMING_AT_NUMBER)]
    [alert] = await stores.failures.alerts()
    assert (alert.subject, alert.failures) == ("47110702", ALARMING_AT_NUMBER + 1)
    assert isinstance(await person.tries(ANNA, INN, a_code()), Link)


async def test_a17_unlinking_ends_membership_and_leaves_the_code_used(
    stores: FakeStores, person: Person, clock: FakeClock
) -> None:
    await give_code(stores.records, INN, a_code())
    await person.tries(ANNA, INN, a_code())
    stores.announcements.said.clear()
    assert await unlink_customer(BERND, INN.id, records=stores.records, clock=clock) is None
    assert await unlink_customer(ANNA, INN.id, records=stores.records, clock=clock) is not None
    assert stores.announcements.said == [("membership_changed", ANNA), ("link_ended", INN.id)]
    assert await unlink_customer(ANNA, INN.id, records=stores.records, clock=clock) is None
    assert await person.tries(ANNA, INN, a_code()) is Refusal.UNMATCHED


async def test_an_older_code_works_until_the_newer_one_is_used(
    stores: FakeStores, person: Person, clock: FakeClock
) -> None:
    await give_code(stores.records, INN, a_code())
    values = iter(range(100))
    means = IssueMeans(KEEPER, clock, lambda below: next(values) % below)
    order = Order(UUID(int=77), INN.id, clock.now + timedelta(days=60))
    _, secret = await issue_code(order, records=stores.records, means=means)
    older = await stores.codes.match(KEEPER.macs(a_code()), number_key(INN.number))
    assert older is not None
    assert older[0].usable(clock.now)
    assert isinstance(await person.tries(ANNA, INN, secret), Link)
    assert await person.tries(BERND, INN, a_code(), holders=2) is Refusal.UNMATCHED
