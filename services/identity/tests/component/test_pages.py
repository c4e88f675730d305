"""Every page in both languages; each is checked as it is loaded (identity_harness)."""

import pytest

from chassis.web import access_table
from identity.entrypoints.pages.documents import NAMES
from identity_harness import PASSWORD, REGISTRATION, Portal

OPEN_PAGES = ["/", "/register", "/register/sent", "/login", "/password/forgot", "/password/sent", "/c/nothing"]
NOTICES = ["/login?notice=password_set", "/login?notice=signed_out", "/login?notice=disowned", "/login?notice=<script>"]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", OPEN_PAGES + NOTICES)
async def test_open_pages(portal: Portal, path: str, language: str) -> None:
    page = await portal.browser(language).get(path)
    assert page.status_code == (410 if path.startswith("/c/") else 200)
    assert f'<html lang="{language}">' in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("language", ["de", "en"])
async def test_pages_of_mailed_links(portal: Portal, language: str) -> None:
    browser = portal.browser(language)
    await browser.post("/register", data=REGISTRATION)
    link = await portal.last_link()
    for path in (link, f"{link}/disown"):
        page = await browser.get(path)
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
    wrong = await browser.post(link, data={"password": "x"})
    assert wrong.status_code == 422
    refused = await browser.post("/login", data={"login": "anna.muster", "password": PASSWORD})
    assert refused.status_code == 403
    assert f'<html lang="{language}">' in refused.text


@pytest.mark.parametrize("language", ["de", "en"])
async def test_pages_of_people_who_are_signed_in(portal: Portal, language: str) -> None:
    await portal.add_account("anna")
    await portal.add_staff("agent")
    browser = portal.browser(language)
    await browser.post("/login", data={"login": "anna", "password": PASSWORD})
    for path in ("/?notice=confirmed", "/settings", "/settings?notice=password_changed", "/settings?lang=en"):
        assert (await browser.get(path)).status_code == 200
    staff = portal.browser(language)
    await staff.post("/login", data={"login": "agent", "password": PASSWORD})
    assert (await staff.get("/login/code")).status_code == 200


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", NAMES)
async def test_legal_and_help_pages(portal: Portal, software: Portal, name: str, language: str) -> None:
    for site in (portal, software):
        page = await site.browser(language).get(f"/{name}")
        assert page.status_code == 200


async def test_the_start_page_shows_what_a1_and_a2_say(portal: Portal) -> None:
    page = (await portal.client.get("/")).text
    for shown in (
        "Service-Portal",
        "Login",
        "Anmelden oder Benutzerkonto erstellen:",
        "Neuer Kunde?",
        "Benutzerkonto anlegen",
        "Bereits registriert?",
        "Zum Login",
        "Hinweise &amp; News",
        "Neue Tarife ab Jänner",
        "Für welche Musiknutzung benötige ich eine Lizenz?",
        "Onlinenutzung",
    ):
        assert shown in page


@pytest.mark.parametrize("path", ["/", "/login", "/register"])
async def test_members_are_told_that_their_credentials_do_not_work_here(portal: Portal, path: str) -> None:
    page = (await portal.client.get(path)).text
    assert "Mitglieder, Programmaussteller und Produzenten" in page


async def test_whoever_has_an_account_for_events_is_told_to_skip_registration(portal: Portal) -> None:
    assert "Benutzerkonto für die Meldung von Veranstaltungen" in (await portal.client.get("/register")).text


async def test_the_start_page_stands_while_news_cannot_be_had(portal: Portal) -> None:
    portal.news.answer = None
    page = await portal.client.get("/")
    assert page.status_code == 200
    assert "gerade nicht erreichbar" in page.text
    assert "Benutzerkonto anlegen" in page.text


async def test_the_overview_leads_to_what_the_navigation_has(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    page = (await portal.client.get("/")).text
    for href in ("/customers", "/tickets", "/settings"):
        assert f'href="{href}"' in page
    assert 'href="/desk"' not in page


async def test_a_closed_portal_begins_with_the_login(software: Portal) -> None:
    assert (await software.client.get("/")).headers["location"] == "/login"
    page = (await software.client.get("/login")).text
    assert "/register" not in page
    assert "Passwort vergessen?" in page


async def test_pages_with_a_secret_are_neither_kept_nor_passed_on(portal: Portal) -> None:
    await portal.client.post("/register", data=REGISTRATION)
    page = await portal.client.get(await portal.last_link())
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"


async def test_no_cookie_is_set_before_anybody_signs_in(portal: Portal) -> None:
    for path in OPEN_PAGES:
        assert "set-cookie" not in (await portal.client.get(path)).headers


async def test_sec_a06_opening_any_page_changes_nothing(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    await portal.client.post("/register", data=REGISTRATION | {"email": "neu@beispiel.at"})
    link = await portal.last_link()
    before = await portal.dump()
    paths = [path for method, path, _ in access_table(portal.app) if method == "GET"]
    for path in paths:
        for method in ("GET", "HEAD"):
            await portal.client.request(method, path.replace("/c/{token}", link))
    assert await portal.dump() == before


async def test_a_form_of_unreasonable_size_is_refused(portal: Portal) -> None:
    page = await portal.client.post("/login", data={"login": "x" * 30_000, "password": "x"})
    assert page.status_code == 422
    assert (await portal.client.post("/login", data={"login": "x" * 70_000})).status_code == 413


async def test_text_in_a_form_stays_text(portal: Portal) -> None:
    page = await portal.client.post("/login", data={"login": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>alert" not in page.text
    for bad in ("a\x00b", "\ud83c", "ä" * 5000, "%00", "{{7*7}}"):
        answer = await portal.client.post(
            "/login",
            content=f"login={bad}&password=x".encode("utf-8", "surrogatepass"),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code < 500
