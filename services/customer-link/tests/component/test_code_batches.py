"""Codes for an invoice run, letters that customers order, and what staff see of guesses (A10, A12, S5)."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis.testing_edges import START
from customer_link.domain.activation_code import read_code
from customer_link.domain.guesses import PER_ACCOUNT_A_DAY
from customer_link.entrypoints.jobs import FORGET_ORDERS, ISSUE_BATCH, job_handlers
from customer_link_builders import BERND, CLUB, INN, a_code, a_link, some_data
from customer_link_fakes import FakeIdentity
from customer_link_world import Page, World

FORM = {"source": "numbers", "valid_until": "2027-02-28"}


async def made(world: World, **fields: str) -> str:
    """The place of a batch that staff asked for, before its job has run."""
    answer = await world.post("tarek", "/staff/codes/batches/new", FORM | fields)
    assert answer.status == 303, answer.words
    return answer.location


async def run_job(world: World, place: str) -> None:
    handlers = job_handlers(world.core.workplace, FakeIdentity())
    await handlers[ISSUE_BATCH]({"batch_id": place.rpartition("/")[2]})


async def data_file(world: World, place: str) -> list[dict[str, str]]:
    async with world.client("tarek") as browser:
        answer = await browser.get(f"{place}/codes.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text)))


async def test_a10_a_batch_is_issued_by_a_job_and_comes_back_as_a_file_that_links(world: World) -> None:
    place = await made(world, numbers="4711 0702\n9999\n4711-0702\n4802 0110")
    waiting = await world.get("tarek", place)
    assert "0 von 2 Codes sind ausgestellt" in waiting.words
    assert "0 von 2" in (await world.get("tarek", f"{place}/progress")).html
    async with world.database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'issue_batch'")) == 1
    await run_job(world, place)
    await run_job(world, place)
    done = await world.get("tarek", place)
    for words in ("2 Codes sind ausgestellt", "2 Zeilen wurden ausgelassen", "Sie steht schon weiter oben", "9999"):
        assert words in done.words
    assert (await world.event_names()).count("code.issued") == 2
    rows = await data_file(world, place)
    assert [row["customer_number"] for row in rows] == ["4711 0702", "4802 0110"]
    assert rows[0]["valid_until"] == "2027-02-28"
    assert rows[0]["link"].endswith(f"/customers#nummer=4711+0702&code={rows[0]['code']}")
    assert (await world.link("anna", rows[0]["code"], "4711 0702")).status == 303
    async with world.client("tarek") as browser:
        assert (await browser.get(f"{place}/progress")).headers["hx-redirect"] == place


async def test_a_handed_over_batch_is_printed_and_can_be_read_no_more(world: World) -> None:
    place = await made(world, numbers="4711 0702,4802 0110\n4802 0110")
    await run_job(world, place)
    async with world.client("tarek") as browser:
        pdf = await browser.get(f"{place}/letters.pdf")
    assert pdf.content[:5] == b"%PDF-"
    assert (await world.get("tarek", f"{place}/letters")).html.count('class="letter"') == 2
    assert "Wählen Sie, wie die Kunden" in (await world.post("tarek", f"{place}/hand-over", {})).words
    answer = await world.post("tarek", f"{place}/hand-over", {"how": "data_file"})
    assert "Niemand kann sie hier mehr lesen." in (await world.get("tarek", answer.location)).words
    assert await data_file(world, place) == []
    assert (await world.get("tarek", f"{place}/letters.pdf")).location == place
    assert "Gedruckt" in (await world.get("tarek", "/staff/codes?state=printed")).words
    async with world.database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM activation_code WHERE sealed IS NOT NULL")) == 0


async def test_a_batch_takes_a_file_or_all_free_numbers_of_a_kind(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(BERND, CLUB))
    content = "\ufeffName;Kundennummer\r\nClub;4802 0110\r\nInn;4711 0702\r\n".encode()
    async with world.client("tarek") as browser:
        answer = await browser.post("/staff/codes/batches/new", data=FORM, files={"file": ("run.csv", content)})
    place = answer.headers["location"]
    await run_job(world, place)
    assert [row["customer_number"] for row in await data_file(world, place)] == ["4711 0702", "4802 0110"]
    of_kind = await made(world, source="type", type="veranstaltung")
    await run_job(world, of_kind)
    assert [row["customer_number"] for row in await data_file(world, of_kind)] == ["4711 0933"]
    assert (await world.get("tarek", "/staff/codes/batches")).words.count("Zu übergeben") == 2


async def test_a_double_click_makes_one_batch_and_another_list_another(world: World) -> None:
    key = (await world.get("tarek", "/staff/codes/batches/new")).key()
    places = [await made(world, numbers=numbers, idempotency_key=key) for numbers in ("1", "1", "2")]
    assert (places[0] == places[1], len(set(places))) == (True, 2)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"source": ""}, "Wählen Sie, welche Nummern einen Code erhalten"),
        ({"numbers": " \n "}, "Geben Sie mindestens eine Kundennummer ein"),
        ({"source": "type"}, "Wählen Sie eine Art von Kundennummern"),
        ({"numbers": "4711 0702", "valid_until": "2020-01-01"}, "Wählen Sie einen Tag ab heute"),
    ],
)
async def test_a_bad_batch_comes_back(world: World, fields: dict[str, str], words: str) -> None:
    page = await world.post("tarek", "/staff/codes/batches/new", FORM | fields)
    assert (page.status, words in page.words) == (422, True)


async def test_a_file_in_another_encoding_is_told_so(world: World) -> None:
    async with world.client("tarek") as browser:
        files = {"file": ("run.csv", "Kündennummer\n1".encode("latin-1"))}
        answer = await browser.post("/staff/codes/batches/new", data=FORM, files=files)
    assert (answer.status_code, "Die Datei ist nicht UTF-8" in answer.text) == (422, True)


async def ordered(world: World, name: str, number: str, key: str = "k") -> Page:
    answer = await world.post(name, "/customers/new-code", {"number": number, "idempotency_key": f"{key}{number}"})
    assert answer.status == 303, answer.words
    return await world.get(name, answer.location)


async def test_an_ordered_letter_is_printed_and_the_posted_code_stays_good(world: World) -> None:
    first = await made(world, numbers="4711 0702")
    await run_job(world, first)
    [old] = await data_file(world, first)
    assert "voraussichtlich bis 29. November 2026" in (await ordered(world, "anna", "4711 0702")).words
    queue = await world.get("tarek", "/staff/codes/orders")
    assert ("4711 0702" in queue.words, "Einen Brief erstellen" in queue.words) == (True, True)
    batch = (await world.post("tarek", "/staff/codes/orders")).location
    await run_job(world, batch)
    page = await world.get("tarek", batch)
    assert ("Angeforderte Briefe vom 22. November 2026" in page.words, "Rechnungen" in page.words) == (True, False)
    assert "Niemand wartet auf einen Brief." in (await world.get("tarek", "/staff/codes/orders")).words
    assert (await world.post("tarek", "/staff/codes/orders")).location == "/staff/codes/orders"
    assert read_code(old["code"]) != read_code((await data_file(world, batch))[0]["code"])
    assert (await world.link("anna", old["code"], "4711 0702")).status == 303


async def test_the_answer_to_an_order_and_its_work_are_the_same_for_any_number(world: World) -> None:
    answers, work = set(), set()
    for name, number in (("anna", "4711 0702"), ("bernd", "4711 0702"), ("clara", "9999 9999")):
        with world.statements() as statements:
            page = await ordered(world, name, number)
        answers.add(page.words)
        work.add(tuple(statements))
    assert (len(answers), len(work)) == (1, 1)
    async with world.records() as records:
        assert [one.number for one in await records.orders.open(9)] == [INN.number]
    world.clock.advance(timedelta(days=1))
    again = await ordered(world, "anna", "4711 0702", key="later")
    assert "29. November 2026" in again.words


async def test_nobody_sends_letters_to_all_the_world(world: World) -> None:
    for number in range(5):
        await ordered(world, "anna", f"4800 {number}")
    page = await world.post("anna", "/customers/new-code", {"number": "4801"})
    assert (page.status, "Sie haben heute schon mehrere Briefe angefordert" in page.words) == (429, True)
    stranger = (await ordered(world, "bernd", "4711 0702")).response.url
    assert "ist ein Brief unterwegs" not in (await world.get("anna", stranger.raw_path.decode())).words
    assert "Geben Sie Ihre Kundennummer ein" in (await world.post("anna", "/customers/new-code", {})).words
    world.clock.advance(timedelta(days=8))
    await job_handlers(world.core.workplace, FakeIdentity())[FORGET_ORDERS]({})
    async with world.database.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM code_order")) == 1


async def test_sec_z08_a12_staff_see_who_guesses_until_they_have_looked(world: World) -> None:
    for number in range(PER_ACCOUNT_A_DAY):
        await world.link("anna", a_code(number + 50), "4711 0702")
    assert (await world.link("anna", a_code(99), "4711 0702")).status == 429
    page = await world.get("tarek", "/staff/codes")
    assert "10 Fehlversuche eines Benutzerkontos" in page.words
    assert "Fehlversuche in den letzten 24 Stunden: 10" in page.words
    [seen] = re.findall(r'action="(/staff/codes/alerts/\d+)"', page.html)
    assert (await world.post("tarek", seen)).location == "/staff/codes"
    assert "Jemand rät" not in (await world.get("tarek", "/staff/codes")).words


async def test_letters_of_a_batch_show_the_address_on_file(world: World) -> None:
    async with world.records() as records:
        await records.customers.put_data(INN.id, some_data(), START)
    place = await made(world, numbers="4711 0702")
    await run_job(world, place)
    assert "Hauptplatz 1 1030 Wien" in (await world.get("tarek", f"{place}/letters")).words
