"""One suite for fake and real batches, orders and alerts."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from chassis.testing_edges import START
from customer_link.domain.code_batch import LineFault, NewBatch, Source
from customer_link.domain.code_order import CodeOrder
from customer_link.domain.guesses import GuessAlert, Guessed
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND, CLARA, CLUB, CONCERT, INN, SECOND_INN, a_code, a_link, give_code

DAY = timedelta(days=1)


def a_batch(source: Source = Source.NUMBERS, at: datetime = START) -> NewBatch:
    return NewBatch(uuid4(), source, CLARA, at, at + 90 * DAY)


def an_order(account_id: UUID = ANNA, number_key: str = "47110702", at: datetime = START) -> CodeOrder:
    return CodeOrder(uuid4(), account_id, number_key, at, at + 5 * DAY)


async def test_a_batch_names_unknown_and_doubled_lines_and_is_done_step_by_step(records: Records) -> None:
    batch = a_batch()
    await records.batches.add(batch, ["4711 0702", "9999", "4711-0702", "4802 0110"])
    assert await records.batches.waiting(batch.id, 1) == [(1, INN.id)]
    code = await give_code(records, INN, a_code())
    await records.batches.note_code(batch.id, 1, code.id)
    assert await records.batches.waiting(batch.id, 9) == [(4, CLUB.id)]
    faulty = [(one.position, one.number, one.fault) for one in await records.batches.faulty(batch.id, 9)]
    assert faulty == [(2, "9999", LineFault.UNKNOWN), (3, "4711-0702", LineFault.TWICE)]
    found = await records.batches.get(batch.id)
    assert found is not None
    assert (found.total, found.issued, found.faulty, found.created_by) == (4, 1, 2, CLARA)
    assert await records.batches.codes(batch.id, 0, 9) == [(1, code.id)]
    assert await records.batches.codes(batch.id, 1, 9) == []
    assert not await records.batches.hand_over(batch.id, START)
    await records.batches.finish(batch.id, START + DAY)
    await records.batches.finish(batch.id, START + 2 * DAY)
    assert await records.batches.hand_over(batch.id, START + DAY)
    assert not await records.batches.hand_over(batch.id, START + 2 * DAY)
    assert await records.batches.get(uuid4()) is None


async def test_a_batch_of_a_type_leaves_out_who_is_held_or_has_a_code(records: Records) -> None:
    first, second = a_batch(Source.TYPE), a_batch(Source.TYPE, START + DAY)
    await records.batches.add_type(first, "veranstaltung", START)
    await records.links.add(a_link(ANNA, CLUB))
    await records.batches.add_type(second, "veranstaltung", START)
    assert [found for _, found in await records.batches.waiting(first.id, 9)] == [CONCERT.id, CLUB.id]
    assert [found for _, found in await records.batches.waiting(second.id, 9)] == [CONCERT.id]
    assert [one.id for one in await records.batches.recent(9)] == [second.id, first.id]
    third = a_batch(Source.TYPE)
    await give_code(records, INN, a_code())
    await give_code(records, SECOND_INN, a_code(8), valid_until=START)
    await records.batches.add_type(third, "gastronomie", START)
    assert await records.batches.waiting(third.id, 9) == [(1, SECOND_INN.id)]


async def test_one_letter_a_number_goes_out_in_a_week(records: Records) -> None:
    order = await records.orders.add(an_order())
    assert await records.orders.add(an_order(at=START + DAY)) == order
    other = await records.orders.add(an_order(BERND, at=START + DAY))
    unknown = await records.orders.add(an_order(number_key="9999"))
    assert [one.number for one in await records.orders.open(9)] == [INN.number]
    assert await records.orders.today(ANNA, START) == 2
    assert await records.orders.today(ANNA, START + DAY) == 0
    assert await records.orders.mine(BERND, other.id) == other
    assert await records.orders.mine(ANNA, unknown.id) == unknown
    assert await records.orders.mine(BERND, order.id) is None
    await records.orders.done([INN.id])
    assert await records.orders.open(9) == []
    again = await records.orders.add(an_order(at=START + 8 * DAY))
    assert again != order
    assert [one.ordered_at for one in await records.orders.open(9)] == [START + 8 * DAY]
    assert await records.orders.forget(START + 2 * DAY) == 3


async def test_staff_are_told_once_until_somebody_has_looked(records: Records) -> None:
    assert await records.failures.alert(Guessed.NUMBER, "4711", 20, START)
    assert not await records.failures.alert(Guessed.NUMBER, "4711", 21, START + DAY)
    assert await records.failures.alert(Guessed.SOURCE, "192.0.2.1", 30, START)
    source, number = sorted(await records.failures.alerts(), key=lambda one: one.kind, reverse=True)
    assert number == GuessAlert(number.id, Guessed.NUMBER, "4711", 21, START, START + DAY)
    await records.failures.see(number.id, CLARA, START + DAY)
    await records.failures.see(number.id, BERND, START + DAY)
    assert await records.failures.alerts() == [source]
    assert await records.failures.alert(Guessed.NUMBER, "4711", 22, START + 2 * DAY)
