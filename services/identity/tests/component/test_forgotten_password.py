"""Forgotten and first passwords (A18, M2 to M9; A03 to A08)."""

import pytest

from identity.domain.account import AccountState
from identity_harness import PASSWORD, Portal

NEW = "noch ruhigere Wasserfarben"
BY_NAME = {"login": "anna"}


async def ask(portal: Portal, login: str = "anna") -> str:
    answer = await portal.client.post("/password/forgot", data={"login": login})
    assert (answer.status_code, answer.headers["location"]) == (303, "/password/sent")
    return await portal.last_link()


async def log_in(portal: Portal, password: str, login: str = "anna") -> int:
    return (await portal.browser().post("/login", data={"login": login, "password": password})).status_code


@pytest.mark.parametrize("login", ["anna", "ANNA", "anna@beispiel.at"])
async def test_the_whole_way(portal: Portal, login: str) -> None:
    await portal.add_account("anna")
    link = await ask(portal, login)
    page = await portal.client.get(link)
    assert "Neues Passwort wählen" in page.text
    assert "anna" in page.text
    done = await portal.client.post(link, data={"password": NEW})
    assert done.headers["location"] == "/login?notice=password_set"
    assert "Ihr neues Passwort gilt" in (await portal.client.get("/login?notice=password_set")).text
    assert (await portal.client.get("/api/v1/me")).status_code == 401
    assert (await log_in(portal, PASSWORD), await log_in(portal, NEW)) == (422, 303)
    assert (await portal.event_types())[:2] == ["challenge.issued", "password.changed"]


async def test_sec_a07_asking_changes_nothing(portal: Portal) -> None:
    account = await portal.add_account("anna")
    await portal.client.post("/login", data=BY_NAME | {"password": PASSWORD})
    await ask(portal)
    assert await portal.account("anna") == account
    assert (await portal.client.get("/settings")).status_code == 200
    assert await log_in(portal, PASSWORD) == 303


async def test_sec_a03_known_and_unknown_get_one_answer(portal: Portal) -> None:
    await portal.add_account("anna")
    known = await portal.client.post("/password/forgot", data=BY_NAME)
    unknown = await portal.client.post("/password/forgot", data={"login": "nobody@beispiel.at"})
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.headers["location"] == unknown.headers["location"]


async def test_an_empty_field_is_named(portal: Portal, software: Portal) -> None:
    page = await portal.client.post("/password/forgot", data={"login": " "})
    assert page.status_code == 422
    assert "Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein." in page.text
    page = await software.client.post("/password/forgot", data={})
    assert "Geben Sie Ihre E-Mail-Adresse ein." in page.text


async def test_a_bad_password_is_explained_and_the_link_goes_on_working(portal: Portal) -> None:
    await portal.add_account("anna")
    link = await ask(portal)
    page = await portal.client.post(link, data={"password": "Weihnachten2026"})
    assert page.status_code == 422
    assert "leicht zu erraten" in page.text
    assert (await portal.client.post(link, data={"password": NEW})).status_code == 303


async def test_a_link_works_once(portal: Portal) -> None:
    await portal.add_account("anna")
    link = await ask(portal)
    await portal.client.post(link, data={"password": NEW})
    page = await portal.client.post(link, data={"password": PASSWORD})
    assert page.status_code == 410
    assert await log_in(portal, NEW) == 303


@pytest.mark.parametrize("why", ["used", "expired", "replaced", "password changed", "locked", "closed", "forged"])
async def test_sec_a05_every_link_that_is_over_gets_one_page(portal: Portal, why: str) -> None:
    account = await portal.add_account("anna")
    neutral = (await portal.client.get("/c/nothing")).text
    link = await ask(portal)
    if why == "used":
        await portal.client.post(link, data={"password": NEW})
    elif why == "expired":
        portal.clock.forward(minutes=30)
    elif why == "replaced":
        await ask(portal)
    elif why == "password changed":
        await portal.client.post("/login", data=BY_NAME | {"password": PASSWORD})
        await portal.client.post("/settings/password", data={"current_password": PASSWORD, "new_password": NEW})
        portal.client.cookies.clear()
    elif why in {"locked", "closed"}:
        await portal.set_state(account, AccountState(why))
    else:
        link = link[:-4] + "abcd"
    for page in (await portal.client.get(link), await portal.client.post(link, data={"password": PASSWORD})):
        assert page.status_code == 410
        assert page.text.replace(link, "/c/nothing") == neutral


async def test_sec_a08_a_reset_ends_all_sessions_within_the_same_transaction(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data=BY_NAME | {"password": PASSWORD})
    elsewhere = portal.browser()
    await elsewhere.post(await ask(portal), data={"password": NEW})
    assert (await portal.client.get("/settings")).status_code == 303
    revoked = [event for event in await portal.events() if event.type.endswith("session.revoked.v1")]
    assert len(revoked[0].data["sessionIds"]) == 1


async def test_sec_a08_staff_still_need_their_second_factor_after_a_reset(portal: Portal) -> None:
    await portal.add_staff("agent")
    await portal.client.post(await ask(portal, "agent"), data={"password": NEW})
    answer = await portal.client.post("/login", data={"login": "agent", "password": NEW})
    assert answer.headers["location"] == "/login/code"


async def test_an_invited_contact_chooses_the_first_password(software: Portal) -> None:
    mail = "b.fischer@stadtwerke.example"
    await software.add_account(mail, email=mail, state=AccountState.INVITED, password_hash=None)
    assert await log_in(software, "", mail) == 422
    assert await log_in(software, NEW, mail) == 422
    await software.client.post(await ask(software, mail), data={"password": NEW})
    assert await log_in(software, NEW, mail) == 303
    assert (await software.event_types())[:3] == ["challenge.issued", "account.confirmed", "password.changed"]


async def test_an_unasked_mail_can_be_ignored(portal: Portal) -> None:
    await portal.add_account("anna")
    link = await ask(portal)
    await portal.client.get(link)
    portal.clock.forward(days=1)
    assert await log_in(portal, PASSWORD) == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Prefix": "//evil.example"},
        {"X_Forwarded_Host": "evil.example"},
    ],
)
async def test_sec_a04_the_mailed_link_is_a_path_whatever_the_request_says(
    portal: Portal, headers: dict[str, str]
) -> None:
    await portal.add_account("anna")
    await portal.client.post("/password/forgot", data=BY_NAME, headers=headers)
    assert (await portal.last_link()).startswith("/c/")
    assert "evil" not in await portal.dump()


async def test_asking_is_throttled_by_source(portal: Portal) -> None:
    answers = [await portal.client.post("/password/forgot", data={"login": f"x{n}"}) for n in range(31)]
    assert [answer.status_code for answer in answers] == [303] * 30 + [429]
