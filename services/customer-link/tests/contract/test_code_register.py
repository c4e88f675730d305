"""One suite for the fake register of codes and the real one."""

from datetime import timedelta
from uuid import uuid4

from chassis.testing_edges import START
from customer_link.domain.code_listing import CodeFigures, CodeQuery
from customer_link.domain.code_state import CodeState, Handover, Reason, Standing
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, CLARA, CLUB, CONCERT, GASTHAUS, INN, KEEPER, a_code, give_code, some_data

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def test_the_newest_stand_first_and_pages_follow_one_another(records: Records) -> None:
    for number in range(5):
        await records.codes.supersede(INN.id, START)
        await give_code(records, INN, a_code(number), START - number * MINUTE)
    first = await records.register.page(CodeQuery(size=3), START)
    assert [row.code.issued_at for row in first.rows] == [START - number * MINUTE for number in range(3)]
    assert (first.rows[0].customer, first.rows[0].organisation) == (INN, GASTHAUS.name)
    rest = await records.register.page(CodeQuery(size=3, below=first.next), START)
    assert ([row.code.issued_at for row in rest.rows], rest.next) == ([START - 3 * MINUTE, START - 4 * MINUTE], None)


async def test_codes_are_found_by_standing_and_by_the_beginning_of_their_number(records: Records) -> None:
    await give_code(records, INN, a_code(1))
    await give_code(records, CONCERT, a_code(2), valid_until=START)
    await give_code(records, CLUB, a_code(3))
    await records.codes.supersede(CLUB.id, START)

    async def numbers(standing: Standing | None, number_key: str = "") -> list[str]:
        page = await records.register.page(CodeQuery(standing, number_key), START)
        return sorted(row.customer.number for row in page.rows)

    assert await numbers(Standing.ISSUED) == [INN.number]
    assert await numbers(Standing.EXPIRED) == [CONCERT.number]
    assert await numbers(Standing.SUPERSEDED) == [CLUB.number]
    assert await numbers(Standing.USED) == []
    assert await numbers(None, "4711") == [INN.number, CONCERT.number]
    assert await numbers(Standing.ISSUED, "4711%") == []


async def test_who_expired_last_stands_first_among_the_expired(records: Records) -> None:
    for number, customer in enumerate((INN, CONCERT, CLUB)):
        await give_code(records, customer, a_code(number), START - number * DAY, valid_until=START - (9 - number) * DAY)
    first = await records.register.page(CodeQuery(Standing.EXPIRED, size=2), START)
    assert [row.customer for row in first.rows] == [CLUB, CONCERT]
    rest = await records.register.page(CodeQuery(Standing.EXPIRED, size=2, below=first.next), START)
    assert ([row.customer for row in rest.rows], rest.next) == ([INN], None)


async def test_a_code_is_read_until_it_is_handed_over(records: Records) -> None:
    code = await give_code(records, INN, a_code())
    [sealed] = await records.register.sealed([code.id, uuid4()])
    assert (sealed.name, sealed.address_lines, KEEPER.open(code.id, sealed.kept)) == ("", (), a_code())
    await records.customers.put_data(INN.id, some_data(), START)
    [sealed] = await records.register.sealed([code.id])
    assert (sealed.name, sealed.address_lines) == ("Gasthaus Zum Goldenen Ton", ("Hauptplatz 1", "1030 Wien"))
    assert await records.register.mark_printed([code.id], START + MINUTE) == 1
    assert await records.register.mark_printed([code.id], START + DAY) == 0
    assert await records.register.hand_over([code.id], Handover.BY_LETTER, CLARA, START + DAY) == 1
    assert await records.register.hand_over([code.id], Handover.BY_PHONE, CLARA, START + DAY) == 0
    assert await records.register.sealed([code.id]) == []
    entry = await records.register.get(code.id)
    assert entry is not None
    trail = entry.trail
    assert (entry.code.state, trail.printed_at, trail.sealed) == (CodeState.PRINTED, START + MINUTE, False)
    assert (trail.handed_over_at, trail.handover) == (START + DAY, Handover.BY_LETTER)
    assert await records.register.get(uuid4()) is None


async def test_open_and_superseded_codes_are_withdrawn_once_and_used_ones_never(records: Records) -> None:
    older = await give_code(records, INN, a_code(1))
    await records.codes.supersede(INN.id, START)
    newer = await give_code(records, INN, a_code(2))
    used = await give_code(records, CLUB, a_code(3))
    await records.codes.use(used, ANNA, START)
    for code in (older, newer):
        ended = await records.register.withdraw(code.id, Reason.LOST, CLARA, START + DAY)
        assert ended is not None
        assert ended.state is CodeState.WITHDRAWN
        assert await records.register.withdraw(code.id, Reason.OTHER, CLARA, START + DAY) is None
    assert await records.register.withdraw(used.id, Reason.LOST, CLARA, START) is None
    assert await records.register.withdraw(uuid4(), Reason.LOST, CLARA, START) is None
    entry = await records.register.get(newer.id)
    assert entry is not None
    assert (entry.trail.reason, entry.trail.withdrawn_at, entry.trail.sealed) == (Reason.LOST, START + DAY, False)
    assert await records.register.hand_over([newer.id], Handover.IN_PERSON, CLARA, START) == 0
    assert await records.register.mark_printed([newer.id], START) == 0


async def test_a_code_that_gave_way_to_a_used_one_says_so(records: Records) -> None:
    older = await give_code(records, INN, a_code(1))
    await records.codes.supersede(INN.id, START)
    await records.codes.use(await give_code(records, INN, a_code(2)), ANNA, START + DAY)
    entry = await records.register.get(older.id)
    assert entry is not None
    assert (entry.trail.reason, entry.trail.withdrawn_at) == (Reason.REPLACED, START + DAY)


async def test_figures_are_of_thirty_days_and_failures_of_one(records: Records) -> None:
    await give_code(records, INN, a_code(1), START - 31 * DAY, valid_until=START - 30 * DAY)
    await give_code(records, CONCERT, a_code(2), START - 29 * DAY, valid_until=START)
    await records.codes.use(await give_code(records, CLUB, a_code(3)), ANNA, START)
    await records.failures.add(ANNA, "192.0.2.1", "1", START - 25 * timedelta(hours=1))
    await records.failures.add(ANNA, "192.0.2.1", "1", START)
    assert await records.register.figures(START) == CodeFigures(issued=2, used=1, expired=1, failures=1)


async def test_numbers_are_found_in_their_compared_form(records: Records) -> None:
    assert await records.customers.numbered("47110702") == INN
    assert await records.customers.numbered("4711070") is None
    assert not await records.customers.has_data(INN.id)
    await records.customers.put_data(INN.id, some_data(), START)
    assert await records.customers.has_data(INN.id)
