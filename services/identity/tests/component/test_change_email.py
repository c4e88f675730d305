"""Another mail address (A17): confirmed first, told to the old one, undone by whoever reads it."""

from dataclasses import replace

import pytest

from identity.domain.challenge import Challenge, Purpose
from identity.domain.history import HistoryRange
from identity.usecases.link_for_mail import MailLink, link_for_mail
from identity_harness import PASSWORD, Portal

OLD, NEW = "anna@beispiel.at", "neu@beispiel.at"
CHOSEN = "noch ruhigere Wasserfarben"


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in."""
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal


async def mail(portal: Portal, purpose: Purpose, username: str = "anna") -> MailLink:
    """What the latest mail of this kind brings, and where it goes."""
    account = await portal.account(username)
    async with portal.core.database.transaction() as tx:
        records = portal.core.records(tx)
        found: Challenge | None = await records.challenges.latest(account.id, purpose)
        assert found is not None
        return await link_for_mail(found.id, records=records, signer=portal.core.links, clock=portal.clock)


async def start(portal: Portal, email: str = NEW) -> None:
    answer = await portal.client.post("/settings/email", data={"email": email})
    assert answer.headers["location"] == "/settings/email?notice=email_asked"


async def email_of(portal: Portal) -> str:
    return (await portal.account("anna")).email


async def test_sec_a17_the_whole_way(anna: Portal) -> None:
    await start(anna)
    page = (await anna.client.get("/settings/email?notice=email_asked")).text
    assert "Eine E-Mail an die neue Adresse ist unterwegs" in page
    assert NEW in page
    confirm, told = await mail(anna, Purpose.CONFIRM_EMAIL), await mail(anna, Purpose.EMAIL_CHANGE_STARTED)
    assert (confirm.email, told.email, await email_of(anna)) == (NEW, OLD, OLD)
    assert "Bestätigen Sie Ihre neue E-Mail-Adresse" in (await anna.client.get(confirm.path)).text
    assert await email_of(anna) == OLD
    done = await anna.client.post(confirm.path)
    assert done.headers["location"] == "/?notice=email_changed"
    assert "Ihre E-Mail-Adresse ist geändert" in (await anna.client.get("/?notice=email_changed")).text
    assert await email_of(anna) == NEW
    assert (await mail(anna, Purpose.EMAIL_CHANGE_DONE)).email == OLD
    assert [each for each in await anna.event_types() if each.startswith("account.")] == [
        "account.security_changed",
        "account.changed",
        "account.security_changed",
    ]
    assert (await anna.client.get("/settings")).status_code == 200, "sessions stay"


async def test_sec_a17_an_old_login_is_asked_again_who_it_is(anna: Portal) -> None:
    anna.clock.forward(minutes=11)
    for answer in (await anna.client.get("/settings/email"), await anna.client.post("/settings/email")):
        assert answer.headers["location"].startswith("/login/confirm")


async def test_without_a_login_the_password_confirms(anna: Portal) -> None:
    await start(anna)
    path, stranger = (await mail(anna, Purpose.CONFIRM_EMAIL)).path, anna.browser()
    assert 'name="password"' in (await stranger.get(path)).text
    for typed, said in (("", "Geben Sie Ihr Passwort ein"), ("falsch geraten", "nicht das Passwort")):
        page = await stranger.post(path, data={"password": typed})
        assert page.status_code == 422
        assert said in page.text
    assert await email_of(anna) == OLD
    done = await stranger.post(path, data={"password": PASSWORD})
    assert done.headers["location"] == "/login?notice=email_changed"
    assert await email_of(anna) == NEW
    assert (await stranger.get("/api/v1/me")).status_code == 401


async def test_somebody_else_who_is_signed_in_is_not_the_owner(anna: Portal) -> None:
    await anna.add_account("berta")
    berta = anna.browser()
    await berta.post("/login", data={"login": "berta", "password": PASSWORD})
    await start(anna)
    assert (await berta.post((await mail(anna, Purpose.CONFIRM_EMAIL)).path)).status_code == 422
    assert await email_of(anna) == OLD


@pytest.mark.parametrize("why", ["used", "expired", "asked again", "cancelled", "taken meanwhile"])
async def test_a_confirmation_that_is_over_gets_the_one_page(anna: Portal, why: str) -> None:
    await start(anna)
    path = (await mail(anna, Purpose.CONFIRM_EMAIL)).path
    if why == "used":
        await anna.client.post(path)
    elif why == "expired":
        anna.clock.forward(hours=24)
    elif why == "asked again":
        await start(anna, "anders@beispiel.at")
    elif why == "cancelled":
        assert "Alte Adresse behalten" in (await anna.client.get("/settings/email")).text
        await anna.client.post("/settings/email/cancel")
        assert "Alte Adresse behalten" not in (await anna.client.get("/settings/email")).text
    else:
        await anna.add_account("berta", email=NEW)
    page = await anna.browser().post(path, data={"password": PASSWORD})
    assert page.status_code == 410
    assert await email_of(anna) == (NEW if why == "used" else OLD)


async def test_a_known_address_gets_the_same_answer(anna: Portal) -> None:
    owner = await anna.add_account("owner")
    await start(anna, owner.email)
    taken = (await anna.client.get("/settings/email?notice=email_asked")).text.replace(owner.email, NEW)
    anna.clock.forward(seconds=1)
    await start(anna)
    assert (await anna.client.get("/settings/email?notice=email_asked")).text == taken


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Geben Sie Ihre E-Mail-Adresse ein"),
        ("keine", "Prüfen Sie die E-Mail-Adresse"),
        ("ANNA@beispiel.at", "Das ist Ihre jetzige E-Mail-Adresse"),
    ],
)
async def test_bad_input_is_explained_and_kept(anna: Portal, typed: str, said: str) -> None:
    page = await anna.client.post("/settings/email", data={"email": typed})
    assert page.status_code == 422
    assert said in page.text
    assert f'value="{typed}"' in page.text or not typed


async def test_asking_is_throttled(anna: Portal) -> None:
    answers = [await anna.client.post("/settings/email", data={"email": f"x{n}@beispiel.at"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [303] * 3 + [429]


@pytest.mark.parametrize("done", [False, True])
async def test_sec_a17_whoever_reads_the_old_mailbox_undoes_it(anna: Portal, *, done: bool) -> None:
    await start(anna)
    confirm = (await mail(anna, Purpose.CONFIRM_EMAIL)).path
    if done:
        await anna.client.post(confirm)
    told = await mail(anna, Purpose.EMAIL_CHANGE_DONE if done else Purpose.EMAIL_CHANGE_STARTED)
    owner = anna.browser()
    assert "Haben Sie die Adresse nicht geändert?" in (await owner.get(told.path)).text
    assert await email_of(anna) == (NEW if done else OLD), "opening it changes nothing"
    answer = await owner.post(told.path)
    assert answer.headers["location"] == "/login?notice=objected"
    assert "rückgängig gemacht" in (await owner.get("/login?notice=objected")).text
    assert await email_of(anna) == OLD
    assert (await anna.client.get("/settings")).status_code == 303, "all sessions end"
    assert (await owner.post("/login", data={"login": "anna", "password": PASSWORD})).status_code == 422
    assert (await owner.post(confirm, data={"password": PASSWORD})).status_code == 410
    assert (await owner.post(told.path)).status_code == 410, "once"
    await owner.post((await mail(anna, Purpose.RESET_PASSWORD)).path, data={"password": CHOSEN})
    assert (await owner.post("/login", data={"login": "anna", "password": CHOSEN})).status_code == 303


async def test_objecting_is_possible_for_seven_days(anna: Portal) -> None:
    await start(anna)
    await anna.client.post((await mail(anna, Purpose.CONFIRM_EMAIL)).path)
    told = await mail(anna, Purpose.EMAIL_CHANGE_DONE)
    anna.clock.forward(days=6, hours=23)
    assert (await anna.browser().get(told.path)).status_code == 200
    anna.clock.forward(hours=1)
    assert (await anna.browser().post(told.path)).status_code == 410
    assert await email_of(anna) == NEW


async def test_a_thief_cannot_take_the_way_back_by_changing_once_more(anna: Portal) -> None:
    await start(anna, "thief@beispiel.at")
    await anna.client.post((await mail(anna, Purpose.CONFIRM_EMAIL)).path)
    way_back = await mail(anna, Purpose.EMAIL_CHANGE_DONE)
    anna.clock.forward(minutes=1)
    await start(anna, "second@beispiel.at")
    thiefs = await mail(anna, Purpose.EMAIL_CHANGE_STARTED)
    await anna.client.post((await mail(anna, Purpose.CONFIRM_EMAIL)).path)
    assert (thiefs.email, way_back.email) == ("thief@beispiel.at", OLD)
    last = await mail(anna, Purpose.EMAIL_CHANGE_DONE)
    assert (await anna.browser().post(way_back.path)).status_code == 303
    assert await email_of(anna) == OLD
    assert (await anna.browser().post(last.path)).status_code == 410


async def test_sec_a05_a_reset_link_is_over_when_the_address_changes(anna: Portal) -> None:
    await anna.browser().post("/password/forgot", data={"login": "anna"})
    reset = (await mail(anna, Purpose.RESET_PASSWORD)).path
    await start(anna)
    await anna.client.post((await mail(anna, Purpose.CONFIRM_EMAIL)).path)
    neutral = (await anna.browser().get("/c/nothing")).text
    page = await anna.browser().post(reset, data={"password": CHOSEN})
    assert (page.status_code, page.text.replace(reset, "/c/nothing")) == (410, neutral)


async def test_where_the_address_is_the_user_name_both_change(software: Portal) -> None:
    account = await software.add_account("anna")
    async with software.core.database.transaction() as tx:
        assert await software.core.records(tx).accounts.change_address(account.id, email=OLD, username=OLD)
    await software.client.post("/login", data={"login": OLD, "password": PASSWORD})
    await start(software)
    await software.client.post((await mail(software, Purpose.CONFIRM_EMAIL, OLD)).path)
    changed = await software.account(NEW)
    assert changed == replace(account, username=NEW, email=NEW)
    assert (await software.browser().post("/login", data={"login": NEW, "password": PASSWORD})).status_code == 303


async def test_the_history_says_what_happened_and_names_no_address(anna: Portal) -> None:
    await start(anna)
    await anna.client.post((await mail(anna, Purpose.CONFIRM_EMAIL)).path)
    account = await anna.account("anna")
    async with anna.core.database.transaction() as tx:
        page = await anna.core.records(tx).history.of_account(account.id, HistoryRange())
    assert {"email_change_started", "email_changed"} <= {entry.action.value for entry in page.entries}
    assert "beispiel.at" not in str(page.entries)
