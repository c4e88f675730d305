"""`/staff/codes`: issue, print, hand over, withdraw, find (A10, S5)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.testing_edges import START
from customer_link.domain.activation_code import shown_code
from customer_link.domain.code_state import Reason
from customer_link_builders import BERND, CLUB, CONCERT, INN, SECOND_INN, a_code, give_code, some_data
from customer_link_world import Page, World

CODE = re.compile(r"\b[3-9B-Y]{4}-[3-9B-Y]{4}-[3-9B-Y]{4}\b")


async def issued(world: World, number: str = "4711 0702") -> Page:
    """What staff see after they issued a code."""
    answer = await world.post("tarek", "/staff/codes/new", {"number": number, "valid_until": "2027-02-28"})
    assert answer.status == 303, answer.words
    return await world.get("tarek", answer.location)


def place_of(page: Page) -> str:
    return str(page.response.url.path)


async def test_a10_staff_issue_a_code_hand_it_over_and_the_customer_types_it(world: World) -> None:
    page = await issued(world)
    assert "Der Code ist ausgestellt." in page.words
    assert "28. Februar 2027" in page.words
    assert await world.event_names() == ["code.issued", "customer.data_requested"]
    [code] = set(CODE.findall(page.words))
    assert (await world.link("anna", code, "4711 0702")).status == 303
    after = await world.get("tarek", place_of(page))
    assert "Eingelöst" in after.words
    assert code not in after.html


async def test_a_handed_over_code_is_read_by_nobody_and_erased(world: World) -> None:
    page = await issued(world)
    place = place_of(page)
    wrong = await world.post("tarek", f"{place}/hand-over", {})
    assert (wrong.status, "Wählen Sie, wie der Code zum Kunden kam" in wrong.words) == (422, True)
    answer = await world.post("tarek", f"{place}/hand-over", {"how": "by_phone"})
    after = await world.get("tarek", answer.location)
    assert "Niemand kann ihn hier mehr lesen." in after.words
    assert "am Telefon" in after.words
    assert not CODE.search(after.words)
    async with world.database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM activation_code WHERE sealed IS NOT NULL")) == 0
    assert (await world.get("tarek", f"{place}/letter")).location == f"{place}?notice=unreadable"
    assert (await world.get("tarek", f"{place}/letter.pdf")).location == f"{place}?notice=unreadable"
    again = await world.post("tarek", f"{place}/hand-over", {"how": "by_phone"})
    assert again.location == f"{place}?notice=ended"


async def test_after_seven_days_a_code_that_nobody_handed_over_is_gone(world: World) -> None:
    place = place_of(await issued(world))
    world.clock.advance(timedelta(days=7))
    async with world.records() as records:
        assert await records.codes.erase_sealed(START, world.clock()) == 1
    assert "Er ist nicht lesbar gespeichert." in (await world.get("tarek", place)).words


async def test_a10_the_letter_shows_address_code_and_qr_and_is_a_pdf_for_everyone(world: World) -> None:
    async with world.records() as records:
        await records.customers.put_data(INN.id, some_data(), START)
    place = place_of(await issued(world))
    printed = await world.post("tarek", f"{place}/print")
    letter = await world.get("tarek", printed.location)
    for words in ("Gasthaus Zum Goldenen Ton Hauptplatz 1 1030 Wien", "4711 0702", "28. Februar 2027", "Verknüpfen"):
        assert words in letter.words
    assert 'src="data:image/svg+xml;base64,' in letter.html
    assert "Gedruckt" in (await world.get("tarek", place)).words
    async with world.client("tarek") as browser:
        pdf = await browser.get(f"{place}/letter.pdf")
    assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"pdfuaid" in pdf.content
    assert pdf.headers["content-disposition"] == 'attachment; filename="47110702.pdf"'
    assert pdf.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("number", "day", "words"),
    [
        ("", "2027-02-28", "Geben Sie die Kundennummer ein"),
        ("9999", "2027-02-28", "Diese Kundennummer gibt es nicht"),
        ("4711 0702", "nie", "Geben Sie den letzten Tag ein"),
        ("4711 0702", "2026-11-21", "Wählen Sie einen Tag ab heute"),
        ("4711 0702", "01.01.2030", "Ein Code gilt höchstens zwei Jahre"),
    ],
)
async def test_a_bad_form_comes_back_with_what_was_typed(world: World, number: str, day: str, words: str) -> None:
    page = await world.post("tarek", "/staff/codes/new", {"number": number, "valid_until": day})
    assert (page.status, words in page.words) == (422, True)
    assert f'value="{day}"' in page.html
    assert await world.event_names() == []


async def test_a_double_click_issues_one_code(world: World) -> None:
    key = (await world.get("tarek", "/staff/codes/new?number=4711%200702")).key()
    fields = {"number": "4711 0702", "valid_until": "2026-11-22", "idempotency_key": key}
    places = {(await world.post("tarek", "/staff/codes/new", fields)).location for _ in range(2)}
    assert len(places) == 1
    assert (await world.event_names()).count("code.issued") == 1


async def test_s5_a_withdrawn_code_opens_nothing_and_ends_once(world: World) -> None:
    page = await issued(world)
    place, [code] = place_of(page), set(CODE.findall(page.words))
    wrong = await world.post("tarek", f"{place}/withdraw", {"reason": "replaced"})
    assert (wrong.status, "Wählen Sie, warum der Code zurückgezogen wird" in wrong.words) == (422, True)
    answer = await world.post("tarek", f"{place}/withdraw", {"reason": "lost"})
    after = await world.get("tarek", answer.location)
    assert "Der Brief ging verloren" in after.words
    assert (await world.link("anna", code, "4711 0702")).status == 422
    assert (await world.post("tarek", f"{place}/withdraw", {"reason": "lost"})).location == f"{place}?notice=ended"
    assert (await world.event_names()).count("code.withdrawn") == 1


async def test_s5_the_list_is_narrowed_by_state_and_number_and_turned_page_by_page(world: World) -> None:
    async with world.records() as records:
        for number in range(60):
            await records.codes.supersede(INN.id, START)
            await give_code(records, INN, a_code(number + 20), START - timedelta(minutes=number))
        await give_code(records, CLUB, a_code(9), valid_until=START)
        await records.codes.use(await give_code(records, CONCERT, a_code(8)), BERND, START)
        lost = await give_code(records, SECOND_INN, a_code(10))
        await records.register.withdraw(lost.id, Reason.LOST, BERND, START)
    every = await world.get("tarek", "/staff/codes")
    assert "63 ausgestellt, 1 eingelöst, 1 ungenutzt abgelaufen" in every.words
    assert "50 Einträge" in every.words
    following = re.findall(r'href="([^"]+)" rel="next"', every.html)[0].replace("&amp;", "&")
    second = await world.get("tarek", following)
    assert ("13 Einträge" in second.words, 'rel="prev"' in second.html) == (True, True)
    assert "4802 0110" in (await world.get("tarek", "/staff/codes?state=expired")).words
    found = await world.get("tarek", "/staff/codes?q=4711-0933")
    assert ("1 Eintrag" in found.words, "Eingelöst" in found.words) == (True, True)
    assert "Nichts gefunden" in (await world.get("tarek", "/staff/codes?q=5&state=nonsense&page=x")).words


@pytest.mark.parametrize("place", ["", "/new"])
async def test_the_pages_speak_english(world: World, place: str) -> None:
    page = await world.get("tarek", f"/staff/codes{place}", language="en")
    assert "Activation codes" in page.words


async def test_an_unknown_code_is_not_found(world: World) -> None:
    for place in ("x", "00000000-0000-4000-8000-000000000000"):
        assert (await world.get("tarek", f"/staff/codes/{place}")).status == 404


async def test_sec_z08_secrets_stand_in_no_database_column_and_no_event(world: World) -> None:
    [code] = set(CODE.findall((await issued(world)).words))
    async with world.database.transaction() as tx:
        row = (await tx.execute(text("SELECT activation_code::text FROM activation_code"))).scalar_one()
    bare = code.replace("-", "")
    assert bare not in row
    assert bare.encode().hex() not in row
    assert shown_code(bare) == code
    assert all(code not in str(event.data) and bare not in str(event.data) for event in await world.events())
