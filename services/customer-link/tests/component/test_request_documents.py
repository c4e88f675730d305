"""Documents with a request: sent, refused, shown, downloaded, forgotten (A15, S3)."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.testing_files import FakeFiles
from customer_link.adapters.personal_data import HeldByCustomerLink
from customer_link.domain.activation_code import shown_code
from customer_link.domain.link_request import Act, Step
from customer_link.domain.request_document import LARGEST_DOCUMENT
from customer_link.entrypoints.file_jobs import DELETE_FILES, FORGET_DOCUMENTS, SWEEP_FILES, file_handlers
from customer_link.entrypoints.pages.requests.sent_documents import BODY_LIMIT
from customer_link.usecases.handle_request import handle_request
from customer_link_builders import ANNA, BERND, INN, a_code, a_link, give_code
from customer_link_world import Page, World
from sample_files import DISGUISED, FILES, JPEG, PDF, PNG

CODE = shown_code(a_code())
FORM = {"code": CODE, "number": "4711 0702", "reason": "successor", "text": "Seit Oktober bin ich zuständig."}
ASK = "/customers/requests"
NAMED = ("Gewerbeschein Grüße.pdf", PDF)


@pytest.fixture
async def world(world: World) -> World:
    """Bernd holds the number; Anna has a code for it."""
    async with world.records() as records:
        await records.links.add(a_link(BERND, INN))
        await give_code(records, INN, a_code())
    return world


async def ask(world: World, *files: tuple[str, bytes], **changes: str) -> Page:
    return await world.send_files("anna", ASK, FORM | changes, files, "documents")


async def sent(world: World, *files: tuple[str, bytes]) -> str:
    """The path of a request with these documents."""
    answer = await ask(world, *files)
    assert answer.status == 303, answer.words
    return answer.location.partition("?")[0]


async def links_of(world: World, name: str, place: str) -> list[str]:
    html = (await world.get(name, place)).html
    return [part.partition('"')[0] for part in html.split('href="')[1:] if "/documents/" in part.partition('"')[0]]


async def run(world: World, name: str, **payload: object) -> None:
    await file_handlers(world.core.workplace)[name](payload)


async def test_a15_documents_go_with_the_request_and_both_sides_download_them(world: World) -> None:
    conflict = await world.link("anna", CODE, "4711 0702")
    assert 'type="file" multiple' in conflict.html
    assert 'formenctype="multipart/form-data"' in conflict.html
    place = await sent(world, NAMED, ("foto.png", PNG))
    page = await world.get("anna", place)
    assert "Gewerbeschein Grüße.pdf" in page.words
    assert "1 kB" in page.words
    staffs = place.replace("customers", "staff")
    for name, address in (("anna", place), ("monika", staffs)):
        paths = await links_of(world, name, address)
        assert len(paths) == 2
        async with world.client(name) as browser:
            answers = [await browser.get(path) for path in paths]
        assert sorted(one.content for one in answers) == sorted([PDF, PNG])
        for one in answers:
            assert one.headers["content-disposition"].startswith("attachment; ")
            assert one.headers["content-security-policy"] == "default-src 'none'; sandbox"
            assert one.headers["x-content-type-options"] == "nosniff"
            assert "no-store" in one.headers["cache-control"]


async def test_a15_a_request_needs_no_document(world: World) -> None:
    place = await sent(world, ("", b""))
    assert await world.kept_files() == set()
    assert "Dokumente" not in (await world.get("anna", place)).words


async def test_every_kind_that_is_taken_comes_back_as_it_was(world: World) -> None:
    for name, content in FILES.items():
        place = await sent(world, (name, content))
        [path] = await links_of(world, "anna", place)
        async with world.client("anna") as browser:
            assert (await browser.get(path)).content == content, name
        await world.post("anna", f"{place}/withdraw")


WRONG = {
    "„seite.html“ hat ein Format": [("seite.html", PDF)],
    "„seite.pdf“ ist beschädigt oder nicht das": [("seite.pdf", DISGUISED["seite.pdf"])],
    "„bomb.docx“ ist beschädigt": [("bomb.docx", DISGUISED["bomb.docx"])],
    "„leer.pdf“ ist leer": [("leer.pdf", b"")],
    "„gross.pdf“ ist größer als 10 MB": [("gross.pdf", PDF + bytes(LARGEST_DOCUMENT))],
    "„_b_.exe“ hat ein Format": [("a.pdf", PDF), ("../<b>.exe", b"MZ")],
    "Wählen Sie höchstens 3 Dateien": [(f"{number}.pdf", PDF) for number in range(4)],
}


async def test_what_is_wrong_with_a_file_is_said_and_the_rest_kept(world: World) -> None:
    for said, files in WRONG.items():
        refused = await ask(world, *files)
        assert refused.status == 422
        assert said in refused.words
        assert FORM["text"] in refused.html
        assert f'value="{CODE}"' in refused.html
    assert (await world.kept_files(), await world.event_names()) == (set(), [])


async def test_another_mistake_asks_for_the_files_once_more(world: World) -> None:
    refused = await ask(world, NAMED, reason="")
    assert refused.status == 422
    assert "Bitte wählen Sie Ihre Nachweise noch einmal aus" in refused.words
    mistyped = await ask(world, NAMED, code="nichts")
    assert mistyped.status == 422
    assert await world.kept_files() == set()


async def test_files_of_a_refused_code_are_not_kept(world: World) -> None:
    wrong = await ask(world, NAMED, code=shown_code(a_code(9)))
    assert wrong.status == 422
    assert await world.kept_files() == set()
    for seed in range(20, 31):
        paused = await ask(world, NAMED, code=shown_code(a_code(seed)))
    assert paused.status == 429
    assert await world.kept_files() == set()


async def test_a_form_sent_twice_is_one_request_with_one_document(world: World) -> None:
    place = await sent(world, NAMED)
    again = await ask(world, NAMED, idempotency_key="")
    assert again.location == f"{place}?notice=waits"
    assert len(await world.kept_files()) == 1


async def test_a_double_click_keeps_the_files_once(world: World) -> None:
    first, second = [await ask(world, NAMED, idempotency_key="one") for _ in range(2)]
    assert first.location == second.location
    assert first.location.endswith("notice=sent")
    assert len(await world.kept_files()) == 1


async def test_sec_i06_a_body_beyond_the_limit_ends_while_it_streams(world: World) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        yield b'--x\r\nContent-Disposition: form-data; name="documents"; filename="a.pdf"\r\n\r\n'
        while True:
            given += 65_536
            yield bytes(65_536)

    async with world.client("anna") as browser:
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = await browser.post(ASK, content=endless(), headers=kind)
    assert answer.status_code == 413
    assert BODY_LIMIT <= given < BODY_LIMIT + 1_000_000
    assert await world.kept_files() == set()


BROKEN = (
    b"",
    b"--x",
    b"--x\r\nContent-Disposition: form-data; filename=a.pdf\r\n\r\nx\r\n--x--\r\n",
    b"--x\r\nContent-Disposition: form-data; name=documents; filename=a.pdf\r\nX: " + bytes(1_000_000),
    b"".join(b"--x\r\nContent-Disposition: form-data; name=documents; filename=a\r\n\r\n\r\n" for _ in range(99)),
)


async def test_sec_i06_a_broken_form_is_refused_politely(world: World) -> None:
    async with world.client("anna") as browser:
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        for body in BROKEN:
            assert (await browser.post(ASK, content=body, headers=kind)).status_code in {400, 422}


async def test_z02_others_documents_are_as_unknown_ones(world: World) -> None:
    place = await sent(world, NAMED)
    [path] = await links_of(world, "anna", place)
    document = path.rpartition("/")[2]
    other = f"{ASK}/{uuid4()}/documents/{document}"
    paths = [path, f"{place}/documents/{uuid4()}", f"{place}/documents/x", other, f"{ASK}/x/documents/{document}"]
    answers = [await world.get("clara", one) for one in paths]
    assert {one.status for one in answers} == {404}
    told = [one.html.replace(one.response.headers["x-request-id"], "") for one in answers]
    assert len({html.replace(asked, "") for html, asked in zip(told, paths, strict=True)}) == 1
    assert (await world.get("anna", other)).status == 404
    assert (await world.get("monika", path)).status == 404
    assert (await world.get("bernd", path.replace("customers", "staff"))).status == 403


async def test_head_and_ranges_get_no_part_of_a_file(world: World) -> None:
    [path] = await links_of(world, "anna", await sent(world, NAMED))
    async with world.client("anna") as browser:
        head = await browser.head(path)
        ranged = await browser.get(path, headers={"Range": "bytes=0-3"})
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PDF)))
    assert (ranged.status_code, ranged.content, ranged.headers["accept-ranges"]) == (200, PDF, "none")


async def test_events_and_logs_carry_no_file_name(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    place = await sent(world, NAMED)
    [path] = await links_of(world, "monika", place.replace("customers", "staff"))
    await world.get("monika", path)
    written = str([one.to_cloudevent() for one in await world.events()]) + "".join(capsys.readouterr())
    assert "Gewerbeschein" not in written


async def test_a_store_that_is_away_keeps_what_was_typed(world: World) -> None:
    away = FakeFiles()
    away.available = False
    object.__setattr__(world.core.workplace, "files", away)
    answer = await ask(world, NAMED)
    assert answer.status == 503
    assert FORM["text"] in answer.html
    assert await world.event_names() == []


async def test_documents_go_some_time_after_the_decision(world: World) -> None:
    place = await sent(world, NAMED)
    step = Step(UUID(place.rpartition("/")[2]), Act.WITHDRAW, world.clock(), ANNA)
    await run(world, FORGET_DOCUMENTS)
    async with world.records() as records:
        assert await handle_request(step, records=records)
    world.clock.advance(timedelta(days=90))
    await run(world, FORGET_DOCUMENTS)
    assert await links_of(world, "anna", place)
    world.clock.advance(timedelta(seconds=1))
    await run(world, FORGET_DOCUMENTS)
    assert await links_of(world, "anna", place) == []
    assert (await world.get("anna", place)).status == 200
    await deleted(world)


async def test_erasing_a_person_takes_the_documents_too(world: World) -> None:
    await sent(world, NAMED, ("foto.jpg", JPEG))
    async with world.database.transaction() as tx:
        [photo, paper] = sorted(
            (await HeldByCustomerLink().export(tx, ANNA))["documents"], key=lambda one: -len(str(one))
        )
        assert {photo["name"], paper["name"]} == {"foto.jpg", "Gewerbeschein Grüße.pdf"}
        assert {photo["size"], paper["size"]} == {len(PDF), len(JPEG)}
        assert (await HeldByCustomerLink().export(tx, BERND))["documents"] == []
        await HeldByCustomerLink().erase(tx, ANNA)
        assert (await HeldByCustomerLink().export(tx, ANNA))["documents"] == []
    await deleted(world)


async def deleted(world: World) -> None:
    """The job that was enqueued with the rows' end deletes what the store has."""
    async with world.database.transaction() as tx:
        rows = await tx.execute(
            text("SELECT args FROM procrastinate_jobs WHERE task_name = :name"), {"name": DELETE_FILES}
        )
        payloads = [row.args for row in rows]
    assert await world.kept_files()
    for payload in payloads:
        await run(world, DELETE_FILES, keys=payload["keys"])
    assert await world.kept_files() == set()


async def test_what_no_row_claims_is_swept_after_a_day(world: World) -> None:
    place = await sent(world, NAMED)
    await world.keep_file(orphan := uuid4(), PDF)
    world.clock.now = datetime.now(UTC)
    await run(world, SWEEP_FILES)
    assert orphan in await world.kept_files()
    world.clock.advance(timedelta(days=1, minutes=1))
    await run(world, SWEEP_FILES)
    assert orphan not in await world.kept_files()
    assert len(await links_of(world, "anna", place)) == 1
    assert len(await world.kept_files()) == 1
