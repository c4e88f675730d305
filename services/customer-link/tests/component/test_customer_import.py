"""Administrators import customers, contracts and invoices on a page, after a dry run (S6, M2, M2b)."""

import csv
import io
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from customer_link.domain.customer_import import CONTENT_KEPT
from customer_link.entrypoints.jobs import ERASE_OLD_IMPORTS, IMPORT_CUSTOMERS, job_handlers
from customer_link_builders import ANNA, GASTHAUS, INN, a_contact
from customer_link_fakes import FakeIdentity
from customer_link_world import Page, World

PATH = "/staff/customers/import"
HEAD = "organisation;customer_number;type;street;postal_code;city;email;display_name;contact"
NEW = "Café Süd;9001;handel;Weg 2;8010;Graz;anna@example.com;Anna Süd;"
LEAVES = f"{GASTHAUS.name};;;;;;martha@example.com;;remove"
BAD = "=Café;9002;falsch;;;;;;"


async def hand_in(
    world: World, *lines: str | bytes, kind: str = "customers", key: str = "", name: str = "ines"
) -> httpx.Response:
    content = b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines)
    async with world.client(name) as browser:
        fields = {"kind": kind, "idempotency_key": key}
        return await browser.post(PATH, data=fields, files={"file": ("kunden.csv", content, "text/csv")})


async def work(world: World, place: str) -> None:
    """What the job does."""
    handlers = job_handlers(world.core.workplace, FakeIdentity())
    await handlers[IMPORT_CUSTOMERS]({"import_id": place.rpartition("/")[2]})


async def checked(world: World, *lines: str, kind: str = "customers") -> str:
    answer = await hand_in(world, *lines, kind=kind)
    assert answer.status_code == 303, answer.text
    place = answer.headers["location"]
    assert "Wird geprüft: 0 von" in (await world.get("ines", place)).words
    await work(world, place)
    return str(place)


async def imported(world: World, place: str) -> Page:
    assert (await world.post("ines", place)).location == place
    assert "Wird importiert: 0 von" in (await world.get("ines", f"{place}/progress")).html
    await work(world, place)
    return await world.get("ines", place)


async def count(world: World, query: str) -> int:
    async with world.database.transaction() as tx:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {query}")) or 0)


async def bad_lines(world: World, place: str) -> list[list[str]]:
    async with world.client("ines") as browser:
        answer = await browser.get(f"{place}/errors.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(answer.text[1:]), delimiter=";"))


async def test_s6_m2b_a_file_is_checked_then_imported_and_who_leaves_is_out(world: World) -> None:
    async with world.records() as records:
        martha = a_contact(account_id=ANNA)
        await records.contacts.add(martha)
    place = await checked(world, HEAD, NEW, LEAVES, BAD)
    shown = (await world.get("ines", place)).words
    for words in (
        "1 Zeile kann nicht importiert werden.",
        "1 Person ist dann nicht mehr benannt.",
        "Neue Kundennummern 1",
        "Diese Art gibt es nicht. Bekannt sind: gastronomie,",
    ):
        assert words in shown
    assert (await world.event_names(), await count(world, "customer")) == ([], 4)
    assert await bad_lines(world, place) == [
        ["line", "reason", *HEAD.split(";")],
        ["4", (await bad_lines(world, place))[1][1], *f"'{BAD}".split(";")],
    ]
    done = await imported(world, place)
    assert "Die Datei ist importiert." in done.words
    assert "Hochgeladen" in done.words
    names = await world.event_names()
    assert sorted(names) == ["contact.changed", "contact.changed", "customer.changed", "membership.changed"]
    async with world.records() as records:
        assert await records.memberships.members(GASTHAUS.id) == []
        assert (await records.customers.numbered("9001")) is not None
    assert await count(world, "procrastinate_jobs WHERE task_name = 'provide_account'") == 1
    assert "Graz" in (await world.get("tarek", "/staff/customers?q=graz")).words
    listed = (await world.get("ines", PATH)).words
    assert tuple(one for one in ("kunden.csv", "Importiert", "Ines") if one in listed) == (
        "kunden.csv",
        "Importiert",
        "Ines",
    )


async def test_nothing_of_a_good_line_is_left_after_the_import_and_nothing_of_a_bad_one_after_a_week(
    world: World,
) -> None:
    place = await checked(world, HEAD, NEW, BAD)
    await imported(world, place)
    assert await count(world, "customer_import_part WHERE lines::text LIKE '%Anna%'") == 0
    assert len(await bad_lines(world, place)) == 2
    world.clock.advance(CONTENT_KEPT + timedelta(seconds=1))
    await job_handlers(world.core.workplace, FakeIdentity())[ERASE_OLD_IMPORTS]({})
    assert await count(world, "customer_import_part") == 0
    assert "Die fehlerhaften Zeilen wurden nach sieben Tagen gelöscht." in (await world.get("ines", place)).words
    assert len(await bad_lines(world, place)) == 1


async def test_a_double_click_hands_in_and_imports_once(world: World) -> None:
    places = [(await hand_in(world, HEAD, NEW, key="k")).headers["location"] for _ in range(2)]
    assert len(set(places)) == 1
    other = (await hand_in(world, HEAD, BAD, key="k")).headers["location"]
    assert other != places[0]
    await work(world, places[0])
    for _ in range(2):
        assert (await world.post("ines", places[0])).location == places[0]
    assert await count(world, "procrastinate_jobs WHERE task_name = 'import_customers'") == 3
    for _ in range(2):
        await work(world, places[0])
    assert (await world.event_names()).count("contact.changed") == 1
    again = await checked(world, HEAD, NEW)
    assert "Alles, was in der Datei steht, ist schon bekannt." in (await world.get("ines", again)).words


async def test_a_file_is_put_aside_and_cannot_be_imported_any_more(world: World) -> None:
    place = await checked(world, HEAD, NEW)
    assert (await world.post("ines", f"{place}/drop")).location == place
    assert "Die Datei wurde nicht importiert und ist gelöscht." in (await world.get("ines", place)).words
    await world.post("ines", place)
    await work(world, place)
    assert (await count(world, "customer"), await count(world, "customer_import_part")) == (4, 0)
    done = await checked(world, HEAD, NEW)
    await imported(world, done)
    await world.post("ines", f"{done}/drop")
    assert "Die Datei ist importiert." in (await world.get("ines", done)).words


@pytest.mark.parametrize(
    ("lines", "kind", "words"),
    [
        ([], "customers", "Wählen Sie eine CSV-Datei."),
        ([HEAD, NEW], "tickets", "Wählen Sie, was die Datei enthält"),
        (["organisation;kunde", "a;b"], "customers", "eine Spalte, die es nicht gibt"),
        ([HEAD, NEW], "invoices", "eine Spalte, die es nicht gibt"),
        (["email", "a@b.at"], "customers", "Die erste Zeile muss die Spalten nennen"),
        ([HEAD, "x" * 20_000], "customers", "Die Datei ist zu lang"),
        ([HEAD, *["Neu;;;;;;a@b.at;A;"] * 100_001], "customers", "Die Datei ist zu lang"),
    ],
)
async def test_what_is_no_file_is_refused_at_once(world: World, lines: list[str], kind: str, words: str) -> None:
    answer = await hand_in(world, *lines, kind=kind)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert await count(world, "customer_import") == 0


async def test_lines_in_another_encoding_are_named(world: World) -> None:
    answer = await hand_in(world, HEAD, NEW.encode("latin-1"), "Gut;9003;handel;;;;;;")
    place = answer.headers["location"]
    await work(world, place)
    shown = (await world.get("ines", place)).words
    assert "Speichern Sie die Datei als CSV UTF-8." in shown
    assert "Neue Kundennummern 1" in shown


async def test_contracts_and_invoices_are_imported_and_the_customer_sees_them(world: World) -> None:
    contracts = await checked(
        world,
        "customer_number;reference;title;starts;ends",
        f"{INN.number};L-1;Musik im Saal;1.1.2024;",
        kind="contracts",
    )
    await imported(world, contracts)
    invoices = await checked(
        world,
        "customer_number;number;issued;due;amount;state",
        f"{INN.number};R-1;1.11.2026;30.11.2026;1.128,40;open",
        kind="invoices",
    )
    assert "Neu 1" in (await imported(world, invoices)).words
    page = (await world.get("tarek", f"/staff/customers/{INN.id}")).words
    for words in ("Musik im Saal", "1.128,40", GASTHAUS.name):
        assert words in page


@pytest.mark.parametrize("kind", ["customers", "contracts", "invoices"])
async def test_a_template_can_be_handed_in(world: World, kind: str) -> None:
    async with world.client("ines") as browser:
        template = (await browser.get(f"{PATH}/template/{kind}.csv")).content
    place = (await hand_in(world, template, kind=kind)).headers["location"]
    await work(world, place)
    assert "Unter der ersten Zeile der Datei steht nichts." in (await world.get("ines", place)).words
    assert (await world.get("ines", f"{PATH}/template/tickets.csv")).status == 404


async def test_the_file_of_bad_lines_can_be_mended_and_handed_in(world: World) -> None:
    place = await checked(world, HEAD, BAD)
    async with world.client("ines") as browser:
        mended = (await browser.get(f"{place}/errors.csv")).text.replace("falsch", "handel").replace("'=Café", "Café")
    again = (await hand_in(world, mended)).headers["location"]
    await work(world, again)
    assert "Die Datei ist in Ordnung." in (await world.get("ines", again)).words


async def test_only_administrators_find_it(world: World) -> None:
    assert f'href="{PATH}"' in (await world.get("ines", "/staff/customers")).html
    assert f'href="{PATH}"' not in (await world.get("tarek", "/staff/customers")).html
    assert "Es wurde noch nichts importiert." in (await world.get("ines", PATH)).words
    assert "Nothing was imported yet." in (await world.get("ines", PATH, language="en")).words
    for place in ("nothing", str(UUID(int=7))):
        assert (await world.get("ines", f"{PATH}/{place}")).status == 404


async def test_a_part_takes_the_same_few_statements_however_many_lines_it_has(world: World) -> None:
    work_done = []
    for round_, lines in enumerate((2, 200)):
        rows = [
            f"B{round_}-{n};{round_}{n:05};handel;Weg 1;1010;Wien;p{round_}x{n}@example.com;P;" for n in range(lines)
        ]
        place = await checked(world, HEAD, *rows)
        await world.post("ines", place)
        with world.statements() as statements:
            await work(world, place)
        work_done.append(len([one for one in statements if "customer_import" not in one]))
    assert work_done[0] == work_done[1]
    assert work_done[0] < 25
