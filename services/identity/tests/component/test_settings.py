"""Settings: data, password, sessions, language (M8, A9)."""

import re

import pytest
from sqlalchemy import text

from identity_harness import PASSWORD, Portal

NEW = "noch ruhigere Wasserfarben"
CHANGE = {"current_password": PASSWORD, "new_password": NEW}


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in."""
    await portal.add_account("anna", company="Gasthaus Zum Goldenen Ton")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal


async def test_ones_data_are_shown_with_the_way_to_the_customer_numbers(anna: Portal) -> None:
    page = await anna.client.get("/settings")
    for shown in ("Anna Muster", "Gasthaus Zum Goldenen Ton", "anna@beispiel.at", "Zugeordnete Kundennummern"):
        assert shown in page.text
    assert 'href="/customers"' in page.text


async def test_sec_s01_changing_the_password_makes_a_new_session(anna: Portal) -> None:
    elsewhere = anna.browser()
    await elsewhere.post("/login", data={"login": "anna", "password": PASSWORD})
    before = anna.client.cookies["session"]
    answer = await anna.client.post("/settings/password", data=CHANGE)
    assert answer.headers["location"] == "/settings/password?notice=password_changed"
    assert anna.client.cookies["session"] != before
    assert "Ihr Passwort ist geändert" in (await anna.client.get("/settings/password?notice=password_changed")).text
    assert (await elsewhere.get("/settings")).status_code == 303
    assert (await anna.browser(Cookie=f"session={before}").get("/settings")).status_code == 303
    assert (await anna.event_types())[-2:] == ["session.revoked", "password.changed"]
    assert (await anna.browser().post("/login", data={"login": "anna", "password": NEW})).status_code == 303


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"current_password": ""}, "Geben Sie Ihr aktuelles Passwort ein."),
        ({"current_password": "falsch"}, "Das ist nicht Ihr aktuelles Passwort"),
        ({"new_password": ""}, "Wählen Sie ein Passwort."),
        ({"new_password": "Kundenportal2026"}, "leicht zu erraten"),
        ({"new_password": "GasthausGoldenenTon1"}, "aus Ihrem Namen"),
    ],
)
async def test_bad_input_is_explained(anna: Portal, changes: dict[str, str], message: str) -> None:
    page = await anna.client.post("/settings/password", data=CHANGE | changes)
    assert page.status_code == 422
    assert message in page.text
    assert "falsch" not in page.text
    assert (await anna.client.get("/settings")).status_code == 200


async def test_an_open_browser_is_no_way_to_guess_the_password(anna: Portal) -> None:
    answers = [await anna.client.post("/settings/password", data=CHANGE | {"current_password": "x"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


async def test_a_changed_password_keeps_the_second_factor(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    await portal.client.post("/login", data={"login": "agent", "password": PASSWORD})
    await portal.client.post("/login/code", data={"code": portal.code(secret)})
    await portal.client.post("/settings/password", data=CHANGE)
    async with portal.core.database.transaction() as tx:
        assert (await tx.execute(text("SELECT second_factor, pending FROM session"))).all() == [(True, False)]


async def test_other_sessions_are_listed_and_can_be_ended(anna: Portal) -> None:
    phone = anna.browser(**{"User-Agent": "Safari/604 iPhone"})
    await phone.post("/login", data={"login": "anna", "password": PASSWORD})
    page = (await anna.client.get("/settings/sessions")).text
    assert "Firefox, Windows" in page
    assert "Safari, iPhone" in page
    ending = re.findall(r'action="(/settings/sessions/[0-9a-f-]{36}/end)"', page)
    assert len(ending) == 1
    answer = await anna.client.post(ending[0])
    assert answer.headers["location"] == "/settings/sessions?notice=session_ended"
    assert (await phone.get("/settings")).status_code == 303
    assert "Safari, iPhone" not in (await anna.client.get("/settings/sessions")).text


async def test_sec_s06_all_other_sessions_end_at_once_and_this_one_stays(anna: Portal) -> None:
    others = [anna.browser() for _ in range(2)]
    for other in others:
        await other.post("/login", data={"login": "anna", "password": PASSWORD})
    answer = await anna.client.post("/settings/sessions/end-others")
    assert answer.headers["location"] == "/settings/sessions?notice=others_ended"
    assert [(await other.get("/settings")).status_code for other in others] == [303, 303]
    page = (await anna.client.get("/settings/sessions?notice=others_ended")).text
    assert "Alle anderen Anmeldungen sind beendet." in page
    assert "end-others" not in page
    assert (await anna.event_types())[-1] == "session.revoked"


async def test_ending_the_own_session_leads_to_the_login(anna: Portal) -> None:
    session = (await anna.sessions())[0]
    answer = await anna.client.post(f"/settings/sessions/{session.id}/end")
    assert answer.headers["location"] == "/login"
    assert (await anna.client.get("/settings")).status_code == 303


async def test_nobody_ends_the_sessions_of_others(anna: Portal) -> None:
    await anna.add_account("berta")
    berta = anna.browser()
    await berta.post("/login", data={"login": "berta", "password": PASSWORD})
    for session in await anna.sessions():
        await berta.post(f"/settings/sessions/{session.id}/end")
    assert (await anna.client.get("/settings")).status_code == 200


async def test_password_managers_find_the_form(anna: Portal) -> None:
    assert (await anna.client.get("/.well-known/change-password")).headers["location"] == "/settings/password"


async def test_the_language_is_kept_by_browser_and_account(anna: Portal) -> None:
    answer = await anna.client.post("/language", data={"language": "en", "next": "/settings"})
    assert answer.headers["location"] == "/settings"
    page = await anna.client.get("/settings")
    assert '<html lang="en">' in page.text
    assert "Devices and logins" in page.text
    assert (await anna.account("anna")).language == "en"
    assert (await anna.event_types())[-1] == "account.changed"


@pytest.mark.parametrize("language", ["fr", "", "../etc"])
async def test_another_language_changes_nothing(portal: Portal, language: str) -> None:
    answer = await portal.client.post("/language", data={"language": language, "next": "//evil.example"})
    assert answer.headers["location"] == "/"
    assert "set-cookie" not in answer.headers
