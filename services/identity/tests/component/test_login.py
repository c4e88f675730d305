"""Login, second factor and logout (A8, M7, S1; A02, A12, A13, A15, S01 to S05, S10 of the security checklist)."""

import re
import shutil
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from chassis.database import Database
from identity_harness import BRANDS, PASSWORD, Portal, open_portal

GOOD = {"login": "anna", "password": PASSWORD}
BAD = {"login": "anna", "password": "falsch"}


def cookies(answer: httpx.Response) -> SimpleCookie:
    jar: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        jar.load(line)
    return jar


@pytest.mark.parametrize("login", ["anna", " ANNA ", "anna@beispiel.at", "Anna@BEISPIEL.at"])
async def test_by_user_name_or_address(portal: Portal, login: str) -> None:
    await portal.add_account("anna")
    answer = await portal.client.post("/login", data={"login": login, "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await portal.client.get("/api/v1/me")).json()["username"] == "anna"


async def test_sec_a02_a_wrong_password_and_an_unknown_name_get_one_answer(portal: Portal) -> None:
    await portal.add_account("anna")
    wrong = await portal.client.post("/login", data=BAD)
    unknown = await portal.client.post("/login", data={"login": "xnna", "password": "falsch"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace('"anna"', "") == unknown.text.replace('"xnna"', "")
    assert "<title>Fehler: Anmelden" in wrong.text
    assert "falsch" not in wrong.text


async def test_missing_fields_are_named(portal: Portal) -> None:
    page = await portal.client.post("/login", data={"login": " ", "password": ""})
    assert page.status_code == 422
    assert "Geben Sie Ihren Benutzernamen ein." in page.text
    assert "Geben Sie Ihr Passwort ein." in page.text


async def test_sec_s03_the_cookie_is_for_the_server_alone(portal: Portal) -> None:
    await portal.add_account("anna")
    cookie = cookies(await portal.client.post("/login", data=GOOD))["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    assert (cookie["domain"], cookie["secure"], cookie["max-age"]) == ("", "", "")
    assert len(cookie.value) == 43


async def test_sec_s03_over_https_the_cookie_is_bound_to_the_host(database: Database) -> None:
    async with open_portal(database, base_url="https://portal.example") as portal:
        await portal.add_account("anna")
        cookie = cookies(await portal.client.post("/login", data=GOOD))["__Host-session"]
        assert (cookie["secure"], cookie["httponly"], cookie["domain"], cookie["path"]) == (True, True, "", "/")


async def test_sec_s01_each_login_has_a_new_session_and_ends_the_one_before(portal: Portal) -> None:
    await portal.add_account("anna")
    first = cookies(await portal.client.post("/login", data=GOOD))["session"].value
    second = cookies(await portal.client.post("/login", data=GOOD))["session"].value
    assert first != second
    other = portal.browser(Cookie=f"session={first}")
    assert (await other.get("/settings")).status_code == 303
    assert "session.revoked" in await portal.event_types()


async def test_sec_s02_a_value_that_somebody_brings_never_becomes_a_session(portal: Portal) -> None:
    await portal.add_account("anna")
    planted = portal.browser(Cookie="session=planted-by-somebody-else")
    answer = await planted.post("/login", data=GOOD)
    assert cookies(answer)["session"].value != "planted-by-somebody-else"
    assert (await planted.get("/settings")).status_code == 303


async def test_sec_s04_logging_out_ends_the_session_on_the_server(portal: Portal) -> None:
    await portal.add_account("anna")
    token = cookies(await portal.client.post("/login", data=GOOD))["session"].value
    page = await portal.client.get("/settings")
    assert page.headers["cache-control"] == "no-store"
    await portal.client.post("/logout")
    replayed = portal.browser(Cookie=f"session={token}")
    assert (await replayed.get("/settings")).headers["location"] == "/login?next=/settings"
    assert (await replayed.get("/api/v1/me")).status_code == 401
    revoked = (await portal.events())[-1]
    assert revoked.type == "kundenportal.identity.session.revoked.v1"


async def test_logging_out_twice_is_no_error(portal: Portal) -> None:
    assert (await portal.client.post("/logout")).headers["location"] == "/login?notice=signed_out"


@pytest.mark.parametrize("wanted", ["/tickets", "/customers/4711?tab=data", "/settings#password"])
async def test_after_the_login_it_goes_on_to_where_one_wanted(portal: Portal, wanted: str) -> None:
    await portal.add_account("anna")
    page = await portal.client.get("/login", params={"next": wanted})
    assert re.search(r'name="next" value="([^"]*)"', page.text)[1] == wanted  # type: ignore[index]
    answer = await portal.client.post("/login", data=GOOD | {"next": wanted})
    assert answer.headers["location"] == wanted
    assert (await portal.client.get("/login", params={"next": wanted})).headers["location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "https:evil.example",
        "https://evil.example",
        "\\\\evil",
        "/\\evil",
        "%2f%2fevil",
        "%2F%2Fevil",
        "///evil.example",
        "data:text/html,x",
        " //evil.example",
        "javascript:alert(1)",
        "/\t/evil",
        "",
    ],
)
async def test_sec_s10_nowhere_else(portal: Portal, wanted: str) -> None:
    await portal.add_account("anna")
    answer = await portal.client.post("/login", data=GOOD | {"next": wanted})
    assert answer.headers["location"] == "/"


async def test_sec_a12_failures_cost_a_growing_pause_and_are_explained(portal: Portal) -> None:
    await portal.add_account("anna")
    answers = [await portal.client.post("/login", data=BAD) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert "Bitte warten Sie eine Minute" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) <= 31
    assert (await portal.client.post("/login", data=GOOD)).status_code == 429
    portal.clock.forward(seconds=30)
    assert (await portal.client.post("/login", data=GOOD)).status_code == 303


async def test_sec_a12_the_owner_comes_in_from_a_known_device_and_with_a_reset_whatever_strangers_do(
    portal: Portal,
) -> None:
    await portal.add_account("anna")
    home = portal.browser()
    assert (await home.post("/login", data=GOOD)).status_code == 303
    await home.post("/logout")
    for _ in range(6):
        await portal.client.post("/login", data=BAD)
    assert (await portal.browser().post("/login", data=GOOD)).status_code == 429
    assert (await home.post("/login", data=GOOD)).status_code == 303

    await portal.client.post("/password/forgot", data={"login": "anna"})
    new = "noch ruhigere Wasserfarben"
    assert (await portal.client.post(await portal.last_link(), data={"password": new})).status_code == 303
    assert (await portal.browser().post("/login", data=GOOD | {"password": new})).status_code == 303


async def test_sec_a13_one_password_against_many_accounts_is_paused(portal: Portal) -> None:
    answers = [
        await portal.client.post("/login", data={"login": f"person{n}", "password": "Sommer2026!"}) for n in range(40)
    ]
    assert [answer.status_code for answer in answers].count(429) >= 10


async def test_sec_a13_a_list_tried_from_everywhere_leaves_the_owners_alone(database: Database) -> None:
    """A thousand sources with one try each: neither source nor account sees many, all together do."""
    async with open_portal(database, failed_logins_limit=10) as portal:
        await portal.add_account("anna")
        home = portal.browser()
        await home.post("/login", data=GOOD)
        statuses = []
        for number in range(12):
            stranger = portal.browser(**{"X-Forwarded-For": f"198.51.100.{number}"})
            answer = await stranger.post("/login", data={"login": f"person{number}", "password": "Sommer2026!"})
            statuses.append(answer.status_code)
        assert statuses == [422] * 10 + [429] * 2
        assert int(answer.headers["retry-after"]) <= 601
        assert (await portal.browser().post("/login", data=GOOD)).status_code == 429
        assert (await home.post("/login", data=GOOD)).status_code == 303

        reader = portal.browser()
        await reader.post("/password/forgot", data={"login": "anna"})
        new = "noch ruhigere Wasserfarben"
        await reader.post(await portal.last_link(), data={"password": new})
        assert (await reader.post("/login", data=GOOD | {"password": new})).status_code == 303

        portal.clock.forward(minutes=10)
        assert (await portal.browser().post("/login", data=GOOD | {"password": new})).status_code == 303


async def test_sec_a14_failures_count_across_replicas_and_restarts(portal: Portal) -> None:
    await portal.add_account("anna")
    for _ in range(5):
        await portal.client.post("/login", data=BAD)
    async with open_portal(portal.core.database) as replica:
        assert (await replica.client.post("/login", data=GOOD)).status_code == 429


async def test_sec_s05_idle_sessions_end_and_activity_extends_them(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data=GOOD)
    for _ in range(2):
        portal.clock.forward(minutes=29)
        assert (await portal.client.get("/settings")).status_code == 200
    portal.clock.forward(minutes=30)
    assert (await portal.client.get("/settings")).headers["location"] == "/login?next=/settings"


async def test_sec_s01_staff_give_a_second_factor_and_get_a_new_session(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    answer = await portal.client.post("/login", data=GOOD | {"login": "agent", "next": "/desk"})
    assert answer.headers["location"] == "/login/code?next=%2Fdesk"
    pending = cookies(answer)["session"].value
    assert (await portal.client.get("/settings")).status_code == 303
    assert "Zweiter Schritt der Anmeldung" in (await portal.client.get("/login/code?next=/desk")).text
    wrong = await portal.client.post("/login/code", data={"code": "000000", "next": "/desk"})
    assert wrong.status_code == 422
    assert "000000" not in wrong.text
    done = await portal.client.post("/login/code", data={"code": portal.code(secret), "next": "/desk"})
    assert done.headers["location"] == "/desk"
    assert cookies(done)["session"].value != pending
    me = (await portal.client.get("/api/v1/me")).json()
    assert (me["username"], me["roles"]) == ("agent", ["agent"])
    assert (await portal.browser(Cookie=f"session={pending}").get("/api/v1/me")).status_code == 401


async def test_sec_a15_a_code_works_once_and_wrong_ones_are_throttled(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    code = portal.code(secret)
    for expected in (303, 422):
        browser = portal.browser()
        await browser.post("/login", data=GOOD | {"login": "agent"})
        assert (await browser.post("/login/code", data={"code": code})).status_code == expected
    answers = [await browser.post("/login/code", data={"code": "000000"}) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]
    assert (await browser.post("/login/code", data={"code": ""})).status_code == 422


async def test_without_a_password_there_is_no_code_page(portal: Portal) -> None:
    assert (await portal.client.get("/login/code")).headers["location"] == "/login"
    assert (await portal.client.post("/login/code", data={"code": "1"})).headers["location"] == "/login"


async def test_the_code_must_come_soon(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    await portal.client.post("/login", data=GOOD | {"login": "agent"})
    portal.clock.forward(minutes=10)
    answer = await portal.client.post("/login/code", data={"code": portal.code(secret)})
    assert answer.headers["location"] == "/login"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
async def test_sec_s07_another_site_cannot_log_anybody_in(portal: Portal, headers: dict[str, str]) -> None:
    await portal.add_account("anna")
    answer = await portal.client.post("/login", data=GOOD, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_by_address_where_the_brand_says_so(software: Portal) -> None:
    await software.add_account("anna@stadtwerke.example", email="anna@stadtwerke.example")
    page = await software.client.get("/login")
    assert "E-Mail-Adresse *" in page.text
    answer = await software.client.post("/login", data=GOOD | {"login": "anna@stadtwerke.example"})
    assert answer.headers["location"] == "/"


async def test_by_either_where_the_brand_says_so(database: Database, tmp_path: Path) -> None:
    pack = shutil.copytree(BRANDS / "musik", tmp_path / "musik")
    told = (pack / "brand.toml").read_text("utf-8")
    (pack / "brand.toml").write_text(told.replace('login = "username"', 'login = "either"'), "utf-8")
    async with open_portal(database, brand=str(pack)) as portal:
        await portal.add_account("anna")
        assert "Benutzername oder E-Mail-Adresse *" in (await portal.client.get("/login")).text
        missing = await portal.client.post("/login", data={"login": "", "password": ""})
        assert "Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein." in missing.text
        wrong = await portal.client.post("/login", data=BAD)
        assert "Benutzername, E-Mail-Adresse oder Passwort stimmt nicht." in wrong.text
        for login in ("anna", "anna@beispiel.at"):
            assert (await portal.client.post("/login", data=GOOD | {"login": login})).headers["location"] == "/"
