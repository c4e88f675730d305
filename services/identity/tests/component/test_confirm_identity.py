"""Showing again who one is, before something sensitive changes (S01, S10, ASVS 7.5.1)."""

import pytest

from identity_harness import PASSWORD, Portal

NEW = {"current_password": PASSWORD, "new_password": "noch ruhigere Wasserfarben"}


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in ten minutes ago."""
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    portal.clock.forward(minutes=10)
    return portal


async def test_a_recent_login_is_enough(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    portal.clock.forward(minutes=9, seconds=59)
    assert (await portal.client.get("/login/confirm?next=/customers")).headers["location"] == "/customers"
    assert (
        (await portal.client.post("/settings/password", data=NEW)).headers["location"].startswith("/settings/password")
    )


async def test_an_older_login_is_asked_first_and_changes_nothing(anna: Portal) -> None:
    page = "http://localhost:8080/settings?notice=session_ended"
    answer = await anna.client.post("/settings/password", data=NEW, headers={"Referer": page})
    assert answer.headers["location"] == "/login/confirm?next=/settings%3Fnotice%3Dsession_ended"
    assert (await anna.browser().post("/login", data={"login": "anna", "password": PASSWORD})).status_code == 303


async def test_without_the_page_it_came_from_it_goes_on_to_the_settings(anna: Portal) -> None:
    answer = await anna.client.post("/settings/password", data=NEW)
    assert answer.headers["location"] == "/login/confirm?next=/settings"


async def test_the_password_makes_a_new_session_with_a_new_time(anna: Portal) -> None:
    before = anna.client.cookies["session"]
    page = await anna.client.get("/login/confirm?next=/settings")
    assert "Bestätigen Sie, dass Sie es sind" in page.text
    answer = await anna.client.post("/login/confirm", data={"password": PASSWORD, "next": "/settings"})
    assert answer.headers["location"] == "/settings"
    assert anna.client.cookies["session"] != before
    assert (await anna.browser(Cookie=f"session={before}").get("/settings")).status_code == 303
    assert (await anna.client.post("/settings/password", data=NEW)).headers["location"].startswith("/settings/password")


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "\\\\evil", "javascript:alert(1)"])
async def test_nowhere_else(anna: Portal, wanted: str) -> None:
    answer = await anna.client.post("/login/confirm", data={"password": PASSWORD, "next": wanted})
    assert answer.headers["location"] == "/"


async def test_a_foreign_page_is_no_place_to_go_on_to(anna: Portal) -> None:
    answer = await anna.client.post("/settings/password", data=NEW, headers={"Referer": "https://evil.example//evil"})
    assert answer.headers["location"] == "/login/confirm?next=/"


async def test_wrong_answers_are_explained_and_throttled(anna: Portal) -> None:
    assert "Geben Sie Ihr Passwort ein." in (await anna.client.post("/login/confirm")).text
    answers = [await anna.client.post("/login/confirm", data={"password": "falsch"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Das ist nicht Ihr aktuelles Passwort" in answers[0].text
    assert (await anna.client.post("/login/confirm", data={"password": PASSWORD})).status_code == 429


async def test_who_has_a_second_factor_gives_it_and_the_password_is_not_enough(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    await portal.client.post("/login", data={"login": "agent", "password": PASSWORD})
    await portal.client.post("/login/code", data={"code": portal.code(secret)})
    portal.clock.forward(minutes=11)
    page = await portal.client.get("/login/confirm?next=/settings")
    assert "Code aus der App" in page.text
    assert (await portal.client.post("/login/confirm", data={"password": PASSWORD})).status_code == 422
    code = portal.code(secret)
    assert (await portal.client.post("/login/confirm", data={"code": code})).headers["location"] == "/"
    portal.clock.forward(minutes=10)
    assert (await portal.client.post("/login/confirm", data={"code": code})).status_code == 422
    assert (await portal.client.get("/api/v1/me")).json()["roles"] == ["agent"]
