"""Until number and code match, every failure has one answer and takes the same work (DESIGN 21, Z07)."""

from datetime import timedelta

from chassis.testing_edges import START
from customer_link.domain.activation_code import shown_code
from customer_link.domain.code_state import Reason
from customer_link_builders import BERND, CLARA, CLUB, CONCERT, INN, SECOND_INN, a_code, a_link, give_code
from customer_link_world import Page, World

# What is wrong, and the code and number that a guesser enters.
FAILURES = {
    "unknown number": (20, "9999 9999"),
    "number without a code": (20, CLUB.number),
    "wrong code": (20, INN.number),
    "code of another number": (1, CONCERT.number),
    "wrong code for a held number": (20, SECOND_INN.number),
    "expired": (2, CONCERT.number),
    "used": (3, CONCERT.number),
    "withdrawn": (4, CONCERT.number),
    "superseded too long ago": (5, CONCERT.number),
}


async def make_codes(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(BERND, SECOND_INN))
        await give_code(records, INN, a_code(1))
        await records.codes.use(await give_code(records, CONCERT, a_code(3)), BERND, START)
        withdrawn = await give_code(records, CONCERT, a_code(4))
        assert await records.register.withdraw(withdrawn.id, Reason.LOST, CLARA, START)
        await give_code(records, CONCERT, a_code(5))
        await records.codes.supersede(CONCERT.id, START - timedelta(days=14))
        await give_code(records, CONCERT, a_code(2), valid_until=START)


def without_what_was_typed(page: Page, *typed: str) -> str:
    """The page byte for byte, but for what the person typed and the key of the next form."""
    html = page.html.replace(page.key(), "KEY")
    for text in typed:
        assert f'value="{text}"' in html
        html = html.replace(f'value="{text}"', 'value=""')
    return html


async def test_sec_z07_every_failure_is_told_in_the_same_bytes_and_takes_the_same_statements(world: World) -> None:
    await make_codes(world)
    answers, work = {}, {}
    for name, (seed, number) in FAILURES.items():
        code = shown_code(a_code(seed))
        with world.statements() as statements:
            page = await world.link("anna", code, number, key=f"key {name}")
        headers = sorted(page.response.headers.keys() - {"x-request-id"})
        answers[name] = (page.status, headers, without_what_was_typed(page, code, number))
        work[name] = tuple(statements)
    assert len(set(map(str, answers.values()))) == 1
    assert len(set(work.values())) == 1
    assert await world.event_names() == []
