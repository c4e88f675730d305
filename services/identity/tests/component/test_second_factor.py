"""The authenticator app and recovery codes, in the settings and at the login (A15, S01, S1)."""

import re
from typing import Any

import httpx
import pytest

from identity.domain.one_time_code import STEP_SECONDS, code_at
from identity.usecases.enrol_app import waiting_secret
from identity_harness import PASSWORD, Portal

APP = "/settings/security/app"


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in, who has no second factor."""
    await portal.add_account("anna")
    await log_in(portal.client, "anna")
    return portal


async def log_in(browser: httpx.AsyncClient, name: str) -> str:
    """Where the password leads."""
    answer = await browser.post("/login", data={"login": name, "password": PASSWORD})
    return answer.headers["location"]


async def secret_of(portal: Portal, name: str) -> bytes:
    """The secret that the page shows."""
    account, core = await portal.account(name), portal.core
    async with core.database.transaction() as tx:
        found = await waiting_secret(account, records=core.records(tx), keys=core.sealer, clock=portal.clock)
    assert found is not None
    return found


async def link_app(portal: Portal, browser: httpx.AsyncClient, place: str = APP, name: str = "anna") -> Any:
    """The secret and the recovery codes of a newly linked app."""
    await browser.post(f"{place}/start")
    secret = await secret_of(portal, name)
    page = await browser.post(place, data={"code": portal.code(secret), "next": "/desk"})
    portal.clock.forward(seconds=STEP_SECONDS)
    return secret, re.findall(r"<li>(\w{5}-\w{5})</li>", page.text)


async def changes(portal: Portal) -> list[str]:
    """What people were told by mail."""
    return [each.data["changeKind"] for each in await portal.events() if each.type.endswith("security_changed.v1")]


async def test_an_app_is_linked_with_the_first_code_from_it(anna: Portal) -> None:
    page = (await anna.client.get("/settings/security")).text
    assert "Nicht eingerichtet" in page
    before = anna.client.cookies["session"]
    assert (await anna.client.post(f"{APP}/start")).headers["location"] == APP
    secret = await secret_of(anna, "anna")
    page = (await anna.client.get(APP)).text
    assert "secret=" in page
    assert 'src="/settings/security/app/qr.svg"' in page
    drawing = await anna.client.get(f"{APP}/qr.svg")
    assert (drawing.headers["content-type"], drawing.headers["cache-control"]) == ("image/svg+xml", "no-store")
    assert drawing.content.startswith(b"<svg")
    wrong = await anna.client.post(APP, data={"code": "000000"})
    assert (wrong.status_code, "000000" in wrong.text) == (422, False)
    assert await log_in(anna.browser(), "anna") == "/"
    shown = await anna.client.post(APP, data={"code": anna.code(secret)})
    assert "Ihre Wiederherstellungscodes" in shown.text
    assert anna.client.cookies["session"] != before
    assert await log_in(anna.browser(), "anna") == "/login/code"
    assert "10 von 10" in (await anna.client.get("/settings/security")).text
    assert sorted(await changes(anna)) == ["factor_added", "recovery_codes_renewed"]


async def test_the_secret_is_shown_in_groups_and_waits_for_half_an_hour(anna: Portal) -> None:
    await anna.client.post(f"{APP}/start")
    groups = re.findall(r"<span>([A-Z2-7]{4})</span>", (await anna.client.get(APP)).text)
    assert len(groups) == 8
    secret = await secret_of(anna, "anna")
    anna.clock.forward(minutes=30)
    browser = anna.browser()
    await log_in(browser, "anna")
    assert (await browser.get(APP)).headers["location"] == "/settings/security"
    answer = await browser.post(APP, data={"code": anna.code(secret)})
    assert answer.headers["location"] == "/settings/security"
    assert (await browser.get(f"{APP}/qr.svg")).status_code == 404


async def test_sec_a15_the_code_that_linked_the_app_does_not_log_in(anna: Portal) -> None:
    await anna.client.post(f"{APP}/start")
    code = anna.code(await secret_of(anna, "anna"))
    await anna.client.post(APP, data={"code": code})
    browser = anna.browser()
    await log_in(browser, "anna")
    assert (await browser.post("/login/code", data={"code": code})).status_code == 422


@pytest.mark.parametrize(("skew", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
async def test_sec_a15_a_clock_may_differ_by_one_step(anna: Portal, skew: int, status: int) -> None:
    secret, _ = await link_app(anna, anna.client)
    anna.clock.forward(minutes=5)
    browser = anna.browser()
    await log_in(browser, "anna")
    code = code_at(secret, int(anna.clock().timestamp()) // STEP_SECONDS + skew)
    assert (await browser.post("/login/code", data={"code": code})).status_code == status


async def test_sec_a15_five_wrong_codes_of_any_kind_cost_a_pause(anna: Portal) -> None:
    secret, codes = await link_app(anna, anna.client)
    browser = anna.browser()
    await log_in(browser, "anna")
    tries: list[dict[str, str]] = [{"code": "000000"}] * 3 + [{"way": "recovery", "code": "33333-33333"}] * 2
    assert [(await browser.post("/login/code", data=each)).status_code for each in tries] == [422] * 5
    for right in ({"code": anna.code(secret)}, {"way": "recovery", "code": codes[0]}):
        assert (await browser.post("/login/code", data=right)).status_code == 429


async def test_sec_a15_a_recovery_code_works_once_and_is_kept_as_a_keyed_hash(anna: Portal) -> None:
    _, codes = await link_app(anna, anna.client)
    assert len(set(codes)) == 10
    kept = await anna.dump()
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]
    browser = anna.browser()
    await log_in(browser, "anna")
    page = (await browser.get("/login/code?way=recovery&next=/tickets")).text
    assert "Wiederherstellungscode *" in page
    typed = {"way": "recovery", "code": f" {codes[3].lower().replace('-', ' ')} ", "next": "/tickets"}
    answer = await browser.post("/login/code", data=typed)
    assert answer.headers["location"] == "/settings/security?notice=recovery_code_used&next=%2Ftickets"
    told = (await browser.get(answer.headers["location"])).text
    assert "9 sind übrig" in told
    assert 'href="/tickets"' in told
    assert (await changes(anna))[-1] == "recovery_code_used"
    again = anna.browser()
    await log_in(again, "anna")
    refused = await again.post("/login/code", data=typed)
    assert (refused.status_code, "Jeder gilt nur einmal" in refused.text) == (422, True)


async def test_new_recovery_codes_replace_the_old_ones(anna: Portal) -> None:
    _, old = await link_app(anna, anna.client)
    before = anna.client.cookies["session"]
    page = await anna.client.post("/settings/security/recovery-codes")
    new = re.findall(r"<li>(\w{5}-\w{5})</li>", page.text)
    assert anna.client.cookies["session"] != before
    for code, status in ((old[0], 422), (new[0], 303)):
        browser = anna.browser()
        await log_in(browser, "anna")
        answer = await browser.post("/login/code", data={"way": "recovery", "code": code})
        assert answer.status_code == status


async def test_without_a_factor_there_are_no_recovery_codes(anna: Portal) -> None:
    answer = await anna.client.post("/settings/security/recovery-codes")
    assert answer.headers["location"] == "/settings/security"
    assert "Wiederherstellungscodes" not in (await anna.client.get("/settings/security")).text.split("</nav>")[-1]


async def test_a_customer_unlinks_the_app_and_logs_in_with_the_password_alone(anna: Portal) -> None:
    _, codes = await link_app(anna, anna.client)
    before = anna.client.cookies["session"]
    assert "App entfernen" in (await anna.client.get(f"{APP}/remove")).text
    answer = await anna.client.post(f"{APP}/remove")
    assert answer.headers["location"] == "/settings/security?notice=factor_removed"
    assert anna.client.cookies["session"] != before
    assert await log_in(anna.browser(), "anna") == "/"
    assert (await changes(anna))[-1] == "factor_removed"
    assert (await anna.client.post(f"{APP}/remove")).headers["location"] == "/settings/security"
    await link_app(anna, anna.client)
    browser = anna.browser()
    await log_in(browser, "anna")
    assert (await browser.post("/login/code", data={"way": "recovery", "code": codes[0]})).status_code == 422


async def test_a_new_phone_replaces_the_old_one_only_when_its_code_is_right(anna: Portal) -> None:
    old, _ = await link_app(anna, anna.client)
    await anna.client.post(f"{APP}/start")
    browser = anna.browser()
    await log_in(browser, "anna")
    assert (await browser.post("/login/code", data={"code": anna.code(old)})).status_code == 303
    anna.clock.forward(seconds=STEP_SECONDS)
    answer = await anna.client.post(APP, data={"code": anna.code(await secret_of(anna, "anna"))})
    assert answer.headers["location"] == "/settings/security?notice=factor_added"
    anna.clock.forward(seconds=STEP_SECONDS)
    await log_in(browser, "anna")
    assert (await browser.post("/login/code", data={"code": anna.code(old)})).status_code == 422


async def test_staff_keep_a_second_factor(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    await log_in(portal.client, "agent")
    await portal.client.post("/login/code", data={"code": portal.code(secret)})
    assert "App entfernen" not in (await portal.client.get("/settings/security")).text
    answer = await portal.client.post(f"{APP}/remove")
    assert (answer.status_code, "kann nicht entfernt werden" in answer.text) == (409, True)
    assert await log_in(portal.browser(), "agent") == "/login/code"


async def test_staff_without_a_factor_get_one_before_anything_else(portal: Portal) -> None:
    await portal.add_account("neu", roles=frozenset({"agent"}))
    assert await log_in(portal.client, "neu") == "/login/enrol"
    pending = portal.client.cookies["session"]
    for path in ("/settings", "/settings/security", "/login/confirm"):
        assert (await portal.client.get(path)).headers["location"].startswith("/login?next=")
    assert (await portal.client.get("/login/code?next=/desk")).headers["location"] == "/login/enrol?next=%2Fdesk"
    assert "Zweiten Faktor einrichten" in (await portal.client.get("/login/enrol?next=/desk")).text
    start = await portal.client.post("/login/enrol/app/start", data={"next": "/desk"})
    assert start.headers["location"] == "/login/enrol/app?next=%2Fdesk"
    assert (await portal.client.get(start.headers["location"])).status_code == 200
    assert (await portal.client.get("/login/enrol/app/qr.svg")).status_code == 200
    assert (await portal.client.get("/api/v1/me")).status_code == 401
    _, codes = await link_app(portal, portal.client, "/login/enrol/app", "neu")
    assert len(codes) == 10
    assert (await portal.client.get("/api/v1/me")).json()["roles"] == ["agent"]
    assert portal.client.cookies["session"] != pending
    async with portal.core.database.transaction() as tx:
        sessions = await portal.core.records(tx).sessions.of_account((await portal.account("neu")).id)
    assert [(each.second_factor, each.pending) for each in sessions] == [(True, False)]


async def test_a_password_alone_adds_no_factor_to_an_account_that_has_one(portal: Portal) -> None:
    account, _ = await portal.add_staff("agent")
    before = await portal.second_factor(account.id)
    await log_in(portal.client, "agent")
    for method, path in (("POST", "/app/start"), ("GET", "/app"), ("POST", "/app"), ("GET", "")):
        answer = await portal.client.request(method, f"/login/enrol{path}")
        assert answer.headers["location"].startswith("/login/code")
    assert (await portal.client.get("/login/enrol/app/qr.svg")).headers["location"] == "/login"
    assert await portal.second_factor(account.id) == before


async def test_a_known_device_and_a_reset_do_not_skip_the_factor(anna: Portal) -> None:
    secret, _ = await link_app(anna, anna.client)
    assert await log_in(anna.client, "anna") == "/login/code"
    assert (await anna.client.post("/login/code", data={"code": anna.code(secret)})).status_code == 303
    await anna.client.post("/logout")
    assert await log_in(anna.client, "anna") == "/login/code"
    await anna.client.post("/password/forgot", data={"login": "anna"})
    new = "noch ruhigere Wasserfarben"
    await anna.client.post(await anna.last_link(), data={"password": new})
    answer = await anna.client.post("/login", data={"login": "anna", "password": new})
    assert answer.headers["location"] == "/login/code"


async def test_other_logins_are_offered_to_be_ended(anna: Portal) -> None:
    phone = anna.browser()
    await log_in(phone, "anna")
    await link_app(anna, anna.client)
    page = (await anna.client.get("/settings/security?notice=factor_added")).text
    assert 'action="/settings/sessions/end-others"' in page
    assert (await phone.get("/settings")).status_code == 200
