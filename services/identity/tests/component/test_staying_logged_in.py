"""Staying logged in on a device of one's own."""

from datetime import timedelta
from http.cookies import SimpleCookie

import httpx
import pytest

from identity_harness import PASSWORD, Portal

STAY = {"login": "anna", "password": PASSWORD, "remember": "yes", "device_name": " Küche \n links "}


def session_cookie(answer: httpx.Response) -> tuple[str, str]:
    """Value and Max-Age of the session's cookie."""
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        jar.load(line)
    return jar["session"].value, jar["session"]["max-age"]


async def test_the_browser_keeps_the_cookie_and_the_person_stays_for_thirty_days(portal: Portal) -> None:
    await portal.add_account("anna")
    value, max_age = session_cookie(await portal.client.post("/login", data=STAY))
    assert max_age == str(30 * 24 * 3600)
    restarted = portal.browser(Cookie=f"session={value}")
    portal.clock.forward(days=29)
    assert (await restarted.get("/settings")).status_code == 200
    portal.clock.forward(days=1)
    assert (await restarted.get("/settings")).headers["location"] == "/login?next=/settings"


async def test_the_device_bears_the_name_that_the_person_gave_it(portal: Portal) -> None:
    await portal.add_account("anna")
    form = await portal.client.get("/login")
    assert 'value="Firefox, Windows"' in form.text
    await portal.client.post("/login", data=STAY)
    (session,) = await portal.sessions()
    assert session.name == "Küche links"
    page = await portal.client.get("/settings/sessions")
    assert "Küche links" in page.text
    assert "bleibt angemeldet bis 22. Dezember 2026" in page.text


async def test_a_long_name_is_cut_and_no_name_is_the_browsers(portal: Portal) -> None:
    await portal.add_account("anna")
    for typed, kept in (("x" * 99, "x" * 40), ("", "Firefox, Windows")):
        await portal.client.post("/login", data=STAY | {"device_name": typed})
        assert [session.name for session in await portal.sessions()] == [kept]


async def test_without_the_wish_the_cookie_ends_with_the_browser(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data=STAY)
    value, max_age = session_cookie(await portal.client.post("/login", data=STAY | {"remember": ""}))
    assert max_age == ""
    portal.clock.forward(minutes=30)
    assert (await portal.browser(Cookie=f"session={value}").get("/settings")).status_code == 303


async def test_a_mark_that_somebody_adds_keeps_nothing_alive(portal: Portal) -> None:
    await portal.add_account("anna")
    value, _ = session_cookie(await portal.client.post("/login", data=STAY | {"remember": ""}))
    for forged in (f"r.{value}", "r.", "r.x"):
        assert (await portal.browser(Cookie=f"session={forged}").get("/settings")).status_code == 303


async def test_staff_are_out_after_half_an_hour_whatever_they_tick(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    await portal.client.post("/login", data=STAY | {"login": "agent"})
    _, max_age = session_cookie(await portal.client.post("/login/code", data={"code": portal.code(secret)}))
    assert max_age == ""
    (session,) = await portal.sessions()
    assert (session.remembered, session.expires_at - session.authenticated_at) == (False, timedelta(hours=12))


async def test_what_was_ticked_and_typed_is_kept_when_the_password_is_wrong(portal: Portal) -> None:
    page = await portal.client.post("/login", data=STAY | {"password": "falsch"})
    assert page.status_code == 422
    assert 'name="remember" type="checkbox" value="yes" checked' in page.text


@pytest.mark.parametrize("path", ["/login", "/login?next=/tickets"])
async def test_the_box_is_not_ticked_for_anybody(portal: Portal, path: str) -> None:
    page = await portal.client.get(path)
    assert 'type="checkbox"' in page.text
    assert "checked" not in page.text
