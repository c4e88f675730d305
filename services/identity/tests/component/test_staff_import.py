"""Administrators import a file of accounts on a page (A4, S6)."""

from typing import Any
from urllib.parse import urlsplit

import bcrypt
import httpx
import pytest
from sqlalchemy import text

from identity.other_systems import make_import_desk
from identity_harness import PASSWORD, Portal, sign_in_staff

PATH = "/staff/accounts/import"
BCRYPT = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)).decode()
GOOD = f"1;alt.eins;eins@beispiel.at;{BCRYPT}\n2;;zwei@beispiel.at;\n"
BAD = "3;alt.drei;keine Adresse;geheim\n"
HEAD = "external_id;username;email;password_hash\n"


@pytest.fixture
async def admin(portal: Portal) -> Portal:
    """The portal with an administrator signed in."""
    await sign_in_staff(portal, "vera", roles=frozenset({"admin"}))
    return portal


async def hand_in(portal: Portal, content: str | bytes) -> httpx.Response:
    return await portal.client.post(PATH, files={"file": ("konten.csv", content, "text/csv")})


async def work(portal: Portal, page: str) -> None:
    """What the job does."""
    desk = make_import_desk(portal.core)
    await desk.work({"import_id": urlsplit(page).path.rpartition("/")[2]})


async def checked(portal: Portal, content: str) -> str:
    answer = await hand_in(portal, content)
    assert answer.status_code == 303
    page = answer.headers["location"]
    assert "Wird geprüft: 0 von" in (await portal.client.get(page)).text
    await work(portal, page)
    return str(page)


async def log_in(portal: Portal, login: str) -> int:
    return (await portal.browser().post("/login", data={"login": login, "password": PASSWORD})).status_code


async def count(portal: Portal, query: str) -> Any:
    async with portal.core.database.transaction() as tx:
        return await tx.scalar(text(query))


async def test_a_file_is_checked_then_imported_and_people_log_in(admin: Portal) -> None:
    page = await checked(admin, HEAD + GOOD + BAD)
    shown = (await admin.client.get(page)).text
    assert "1 Zeile kann nicht importiert werden." in shown
    assert "Prüfen Sie die E-Mail-Adresse" in shown
    assert "Diesen Passwort-Hash können wir nicht prüfen." in shown
    assert await log_in(admin, "alt.eins") == 422
    errors = (await admin.client.get(f"{page}/errors.csv")).text
    assert errors.splitlines()[0] == "\ufeffZeile;Spalte;Was nicht stimmt"
    assert errors.splitlines()[1].startswith("4;email;")
    assert (await admin.client.post(page)).headers["location"] == page
    assert "Wird importiert: 0 von 3 Zeilen" in (await admin.client.get(f"{page}/progress")).text
    await work(admin, page)
    done = (await admin.client.get(page)).text
    assert "Die Konten sind importiert." in done
    assert await log_in(admin, "alt.eins") == 303
    assert "challenge.issued" not in await admin.event_types()
    assert await count(admin, "SELECT count(sealed) FROM account_import") == 0


async def test_whoever_has_no_password_is_mailed_only_if_asked(admin: Portal) -> None:
    page = await checked(admin, HEAD + GOOD)
    await admin.client.post(page, data={"notify": "yes"})
    await work(admin, page)
    assert (await admin.event_types()).count("challenge.issued") == 1


async def test_a_second_click_and_a_repeated_job_import_once(admin: Portal) -> None:
    page = await checked(admin, HEAD + GOOD)
    for _ in range(2):
        await admin.client.post(page)
    for _ in range(2):
        await work(admin, page)
    assert "Nicht importiert" in (await admin.client.get(page)).text
    assert (await admin.event_types()).count("account.registered") == 2


async def test_a_job_goes_on_after_the_last_batch_that_was_committed(admin: Portal) -> None:
    lines = "".join(f"{number};;p{number}@beispiel.at;\n" for number in range(450))
    page = await checked(admin, HEAD + lines)
    await admin.client.post(page)
    desk, broken = make_import_desk(admin.core), RuntimeError("the replica dies")
    taken = []

    class Dying:
        def __init__(self, files: Any) -> None:
            self._files = files

        def __getattr__(self, name: str) -> Any:
            return getattr(self._files, name)

        async def progress(self, import_id: Any, done: int, report: Any) -> None:
            taken.append(done)
            if done > 200:
                raise broken
            await self._files.progress(import_id, done, report)

    dying = type(desk)(desk.importer, lambda tx: Dying(desk.files(tx)), desk.sealer)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError):
        await dying.work({"import_id": page.rpartition("/")[2]})
    assert taken == [200, 400]
    assert "200 von 450" in (await admin.client.get(f"{page}/progress")).text
    await work(admin, page)
    assert (await admin.event_types()).count("account.registered") == 450
    done = (await admin.client.get(page)).text
    assert ">450<" in done
    assert "Zeilen können nicht" not in done


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "Wählen Sie eine CSV-Datei"),
        ("email;roles\nx@beispiel.at;admin\n", "eine Spalte, die es nicht gibt"),
        ("username\nanna\n", "Die erste Zeile muss die Spalten nennen"),
        (b"x" * (5 * 1024 * 1024 + 1), "Wählen Sie eine CSV-Datei"),
    ],
)
async def test_what_is_no_file_is_refused_at_once(admin: Portal, content: str | bytes, words: str) -> None:
    answer = await hand_in(admin, content)
    assert answer.status_code == 422
    assert words in answer.text


async def test_the_file_is_sealed_and_nobody_else_sees_it(admin: Portal) -> None:
    page = await checked(admin, HEAD + GOOD)
    assert BCRYPT not in await admin.dump()
    other = admin.browser()
    await sign_in_staff(admin, "otto", browser=other, roles=frozenset({"admin"}))
    for path in (page, f"{page}/progress", f"{page}/errors.csv"):
        assert (await other.get(path)).status_code == 404
    assert (await other.post(page)).status_code == 404
    admin.clock.forward(hours=25)
    await make_import_desk(admin.core).sweep({})
    assert await count(admin, "SELECT count(*) FROM account_import") == 0


async def test_the_template_can_be_handed_in(admin: Portal) -> None:
    template = (await admin.client.get(f"{PATH}/template.csv")).text
    page = await checked(admin, template)
    assert "Es gibt nichts zu importieren." in (await admin.client.get(page)).text


async def test_the_hub_leads_there(admin: Portal) -> None:
    assert f'href="{PATH}"' in (await admin.client.get("/staff")).text
    assert (await admin.client.get(PATH)).status_code == 200
