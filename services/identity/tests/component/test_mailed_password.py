"""A generated password by a second mail (M5 `mailed`, DESIGN 12 and 20): a brand of its own setting."""

import pytest

from identity_harness import PASSWORD, Portal, hidden

NEW = "noch ruhigere Wasserfarben"
MAIL = "anna@beispiel.at"


async def first_link(mailing: Portal, login: str = MAIL) -> str:
    answer = await mailing.client.post("/password/forgot", data={"login": login})
    assert answer.headers["location"] == "/password/sent"
    return await mailing.last_link()


async def mailed(mailing: Portal) -> str:
    answer = await mailing.client.post(await first_link(mailing))
    assert answer.headers["location"] == "/password/mailed"
    return (await mailing.last_mail()).password


async def log_in(mailing: Portal, password: str) -> str:
    answer = await mailing.client.post("/login", data={"login": MAIL, "password": password, "next": "/settings"})
    return answer.headers.get("location", str(answer.status_code))


async def test_the_whole_way(mailing: Portal) -> None:
    await mailing.add_account("anna")
    link = await first_link(mailing)
    page = await mailing.client.get(link)
    assert "Neues Passwort zusenden lassen?" in page.text
    password = await mailed(mailing)
    assert "unterwegs" in (await mailing.client.get("/password/mailed")).text
    assert await log_in(mailing, password) == "/password/new?next=%2Fsettings"
    form = await mailing.client.get("/password/new?next=%2Fsettings")
    assert "Eigenes Passwort wählen" in form.text
    done = await mailing.client.post("/password/new", data={"password": NEW, "next": hidden(form.text, "next")})
    assert done.headers["location"] == "/settings"
    assert (await mailing.client.get("/settings")).status_code == 200
    mailing.client.cookies.clear()
    assert [await log_in(mailing, each) for each in (PASSWORD, password, NEW)] == ["422", "422", "/settings"]
    assert (await mailing.event_types())[:2] == ["challenge.issued", "challenge.issued"]
    assert "password.changed" in await mailing.event_types()


async def test_sec_a06_opening_the_first_link_sends_nothing(mailing: Portal) -> None:
    account = await mailing.add_account("anna")
    link = await first_link(mailing)
    issued = len(await mailing.events())
    for method in ("GET", "HEAD", "GET"):
        await mailing.client.request(method, link)
    assert len(await mailing.events()) == issued
    assert await mailing.account(MAIL) == account


async def test_before_the_own_password_nothing_else_opens(mailing: Portal) -> None:
    await mailing.add_account("anna")
    await log_in(mailing, await mailed(mailing))
    assert (await mailing.client.get("/settings")).headers["location"] == "/login?next=/settings"
    assert (await mailing.client.get("/login?next=/settings")).headers["location"] == "/password/new?next=%2Fsettings"
    assert (await mailing.client.get("/api/v1/me")).status_code == 401


@pytest.mark.parametrize("chosen", ["", "kurz", "the mailed one"])
async def test_a_bad_choice_is_explained(mailing: Portal, chosen: str) -> None:
    await mailing.add_account("anna")
    password = await mailed(mailing)
    await log_in(mailing, password)
    typed = password if chosen == "the mailed one" else chosen
    page = await mailing.client.post("/password/new", data={"password": typed})
    assert page.status_code == 422
    assert password not in page.text
    assert (await mailing.client.post("/password/new", data={"password": NEW})).status_code == 303


async def test_sec_a05_the_first_link_works_once_and_the_password_once(mailing: Portal) -> None:
    await mailing.add_account("anna")
    link = await first_link(mailing)
    assert [(await mailing.client.post(link)).status_code for _ in range(2)] == [303, 410]
    password = (await mailing.last_mail()).password
    assert (await log_in(mailing, password)).startswith("/password/new")
    mailing.client.cookies.clear()
    assert await log_in(mailing, password) == "422"


@pytest.mark.parametrize("why", ["expired", "newer", "password changed"])
async def test_sec_a05_a_password_that_is_over_is_any_wrong_password(mailing: Portal, why: str) -> None:
    await mailing.add_account("anna")
    password = await mailed(mailing)
    if why == "expired":
        mailing.clock.forward(minutes=31)
    elif why == "newer":
        mailing.clock.forward(seconds=1)
        await mailed(mailing)
    else:
        await log_in(mailing, PASSWORD)
        await mailing.client.post("/settings/password", data={"current_password": PASSWORD, "new_password": NEW})
        mailing.client.cookies.clear()
    wrong = await mailing.client.post("/login", data={"login": MAIL, "password": "ganz falsch geraten"})
    over = await mailing.client.post("/login", data={"login": MAIL, "password": password})
    assert (over.status_code, over.text) == (wrong.status_code, wrong.text)


async def test_sec_a08_staff_give_their_code_before_they_choose(mailing: Portal) -> None:
    _, secret = await mailing.add_staff("anna")
    assert (await log_in(mailing, await mailed(mailing))).startswith("/login/code")
    assert (await mailing.client.get("/password/new")).headers["location"] == "/login"
    await mailing.client.post("/login/code", data={"code": mailing.code(secret), "next": "/settings"})
    assert (await mailing.client.get("/login?next=/settings")).headers["location"] == "/password/new?next=%2Fsettings"
    await mailing.client.post("/password/new", data={"password": NEW})
    assert (await mailing.client.get("/settings")).status_code == 200
    (session,) = await mailing.sessions()
    assert session.second_factor


async def test_sec_a03_known_and_unknown_get_one_answer(mailing: Portal) -> None:
    await mailing.add_account("anna")
    answers = [await mailing.client.post("/password/forgot", data={"login": each}) for each in (MAIL, "x@beispiel.at")]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    pages = [await mailing.client.post("/login", data={"login": MAIL, "password": "falsch geraten"}) for _ in range(2)]
    assert pages[0].text == pages[1].text


async def test_sec_a09_the_generated_password_is_kept_nowhere(mailing: Portal) -> None:
    await mailing.add_account("anna")
    password = await mailed(mailing)
    await log_in(mailing, password)
    everything = await mailing.dump() + str([event.to_cloudevent() for event in await mailing.events()])
    assert password not in everything
    assert password.replace("-", "") not in everything
