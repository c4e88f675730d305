"""Another user name: chosen in the settings, unique in every spelling, told by mail."""

import pytest

from identity.domain.throttle import NAMES
from identity_harness import PASSWORD, Portal

PAGE = "/settings/profile/username"


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in."""
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal


async def test_the_new_name_is_kept_told_and_logs_in(anna: Portal) -> None:
    assert f'href="{PAGE}"' in (await anna.client.get("/settings/profile")).text
    answer = await anna.client.post(PAGE, data={"username": " anna.neu "})
    assert answer.headers["location"] == "/settings/profile?notice=username_changed"
    page = (await anna.client.get(answer.headers["location"])).text
    assert "Ihr Benutzername ist geändert." in page
    assert "anna.neu" in page
    assert (await anna.event_types())[-2:] == ["account.changed", "account.security_changed"]
    assert (await anna.events())[-1].data["changeKind"] == "username_changed"
    assert "Benutzername geändert" in (await anna.client.get("/settings/activity")).text
    elsewhere = anna.browser()
    login = await elsewhere.post("/login", data={"login": "Anna.NEU", "password": PASSWORD})
    assert login.status_code == 303
    assert (await elsewhere.get(PAGE)).status_code == 200
    assert (await anna.browser().post("/login", data={"login": "anna", "password": PASSWORD})).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("", "Wählen Sie einen Benutzernamen"),
        ("anna", "Das ist Ihr derzeitiger Benutzername"),
        ("x", "3 bis 40 Zeichen"),
        ("anna@beispiel.at", "Verwenden Sie nur Buchstaben"),
        ("MU\u0308LLER", "schon vergeben"),
    ],
)
async def test_a_name_that_cannot_be_had_is_said_and_kept_in_the_field(anna: Portal, wanted: str, said: str) -> None:
    await anna.add_account("müller")
    page = await anna.client.post(PAGE, data={"username": wanted})
    assert page.status_code == 422
    assert said in page.text
    assert (await anna.account("anna")).username == "anna"


async def test_another_spelling_of_the_own_name_is_a_change(anna: Portal) -> None:
    assert (await anna.client.post(PAGE, data={"username": "Anna"})).status_code == 303
    assert (await anna.account("anna")).username == "Anna"


async def test_names_cannot_be_tried_by_the_list(anna: Portal) -> None:
    await anna.add_account("bert")
    for _ in range(NAMES.free):
        await anna.client.post(PAGE, data={"username": "bert"})
    assert (await anna.client.post(PAGE, data={"username": "bert"})).status_code == 429
    assert (await anna.client.post(PAGE, data={"username": "anna.neu"})).status_code == 429


async def test_an_old_login_is_asked_again_who_it_is(anna: Portal) -> None:
    anna.clock.forward(minutes=11)
    for answer in (await anna.client.get(PAGE), await anna.client.post(PAGE, data={"username": "anna.neu"})):
        assert answer.headers["location"].startswith("/login/confirm")


async def test_where_the_address_is_the_name_there_is_no_such_page(software: Portal) -> None:
    await software.add_account("anna@beispiel.at")
    await software.client.post("/login", data={"login": "anna@beispiel.at", "password": PASSWORD})
    assert (await software.client.get(PAGE)).status_code == 404
    assert PAGE not in (await software.client.get("/settings/profile")).text
