"""The licensing society's portal, the entrance: start page, registration, confirmation, login (A1 to A8, A18)."""

import re

import pytest
from journey_musik import CONFIRM, PASSWORD, fill_in_registration, register, somebody
from journey_people import People, log_in
from journey_portal import Note, Portal
from playwright.sync_api import Locator, expect

BRANDS = ("musik",)
EXISTS = "Sie haben bereits ein Benutzerkonto"
RESET = "Neues Passwort vergeben"
HINT = "Hinweis für Mitglieder, Programmaussteller und Produzenten"
every_manner = pytest.mark.every_manner


def place_of(thing: Locator) -> tuple[float, float]:
    """Where something stands on the screen, in pixels from the left and from the top."""
    box = thing.bounding_box()
    assert box is not None
    return box["x"], box["y"]


@every_manner
def test_a1_the_start_page_has_two_doors(people: People) -> None:
    visitor = people.stranger()
    visitor.open("/")
    visitor.sees("tonrecht", "Service-Portal", "Anmelden oder Benutzerkonto erstellen:")
    visitor.sees("Sie wollen Musik nutzen – wir haben die Lizenz zum Spielen für Sie")
    visitor.sees("Neuer Kunde?", "Bereits registriert?")
    login = visitor.page.get_by_role("banner").get_by_role("link", name="Login")
    logo = visitor.page.get_by_role("banner").get_by_role("link", name="tonrecht")
    assert place_of(logo)[0] < visitor.manner.width / 4
    assert place_of(login)[0] > visitor.manner.width * 0.7
    assert login.locator("svg").count() == 1
    new, registered = (visitor.page.get_by_role("link", name=name) for name in ("Benutzerkonto anlegen", "Zum Login"))
    side_by_side = abs(place_of(new)[1] - place_of(registered)[1]) < 10
    assert side_by_side == (visitor.manner.name != "phone")
    visitor.follow("Zum Login")
    assert visitor.path == "/login"
    visitor.open("/")
    visitor.follow("Benutzerkonto anlegen")
    assert visitor.path == "/register"


@every_manner
def test_a2_news_and_topics_are_read_from_the_start_page(people: People) -> None:
    visitor = people.stranger()
    visitor.open("/")
    visitor.sees("Hinweise & News", "Für welche Musiknutzung benötige ich eine Lizenz?")
    visitor.follow("Alle aktuellen Themen")
    assert "aktuelle themen" in visitor.heading().lower()
    visitor.follow(re.compile("Neue Tarife"))
    assert visitor.heading() == "Neue Tarife ab Jänner"
    for topic in ("Öffentliche Aufführung", "Onlinenutzung", "Sendung"):
        visitor.open("/")
        visitor.follow(topic)
        assert visitor.heading() == topic
        visitor.does_not_see("Seite nicht gefunden")


@every_manner
def test_a3_what_is_missing_is_named_and_nothing_typed_is_lost(people: People) -> None:
    visitor = people.stranger()
    visitor.open("/register")
    visitor.fill(username="x", first_name="Nora", company="Chor am Fluss", email="nora(at)mailbox", password="kurz")
    visitor.press("Benutzerkonto anlegen", status=422)
    assert visitor.page.title().startswith("Fehler: ")
    if visitor.scripts:
        expect(visitor.page.locator("#error-summary")).to_be_focused()
    for field in ("username", "last_name", "email", "password", "consent"):
        assert visitor.wrong_beside(field)
    assert len(visitor.wrong()) >= 5
    assert [visitor.value(field) for field in ("username", "first_name", "company", "email")] == [
        *("x", "Nora", "Chor am Fluss", "nora(at)mailbox")
    ]
    assert visitor.value("password") == ""
    first = visitor.page.locator("#error-summary a").first
    visitor.point(first)
    field = (first.get_attribute("href") or "").removeprefix("#")
    expect(visitor.page.locator(f"#{field}")).to_be_focused()


def test_a3_a_user_name_that_is_taken_is_said(people: People) -> None:
    visitor = people.stranger()
    fill_in_registration(visitor, username="Anna.Gruber")
    visitor.press("Benutzerkonto anlegen", status=422)
    assert len(visitor.wrong()) == 1
    assert "schon vergeben" in visitor.wrong_beside("username")


@every_manner
def test_a4_a5_who_has_an_account_or_other_credentials_is_told(people: People) -> None:
    visitor = people.stranger()
    for place in ("/", "/login", "/register"):
        visitor.open(place)
        visitor.sees(HINT)
    visitor.sees("Benutzerkonto für die Meldung von Veranstaltungen", "so entfällt dieser Schritt")


@pytest.mark.either_bus
@every_manner
def test_a6_a7_a8_from_registration_to_login(people: People, portal: Portal, note: Note) -> None:
    visitor, (username, email) = people.stranger(), somebody()
    began = register(visitor, username, email)
    visitor.sees("Bitte bestätigen Sie Ihre E-Mail-Adresse")
    first = portal.mailbox.wait(email, CONFIRM)
    taken = first.received_at.timestamp() - began
    note("registration to mail in the mailbox", taken)
    assert taken < 10
    assert username in first.text

    log_in(visitor, username, PASSWORD, status=403)
    visitor.sees("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse")
    visitor.press("E-Mail noch einmal senden")
    second = portal.mailbox.wait(email, CONFIRM, count=2)
    visitor.open(first.link, status=410)
    visitor.sees("Dieser Link gilt nicht mehr")

    for _ in range(2):
        visitor.open(second.link)
        visitor.sees(username, "Das war ich nicht")
    assert visitor.page.context.cookies() == [] or "session" not in [
        c.get("name") for c in visitor.page.context.cookies()
    ]
    visitor.fill(password="Falsch-geraten-12345")
    visitor.press("Bestätigen und anmelden", status=422)
    visitor.sees("Das ist nicht das Passwort")
    visitor.fill(password=PASSWORD)
    visitor.press("Bestätigen und anmelden")
    visitor.sees("Willkommen, Nora Neu", "Ihre E-Mail-Adresse ist bestätigt")
    visitor.open(second.link, status=410)

    visitor.open("/")
    visitor.open_profile_menu()
    visitor.press("Abmelden")
    log_in(visitor, username, PASSWORD)
    visitor.sees("Willkommen, Nora Neu")


def test_a6_that_was_not_me_deletes_the_registration(people: People, portal: Portal) -> None:
    visitor, (username, email) = people.stranger(), somebody()
    register(visitor, username, email)
    mail = portal.mailbox.wait(email, CONFIRM)
    owner = people.stranger()
    owner.open(mail.link)
    owner.follow("Das war ich nicht")
    owner.sees("Diese Registrierung löschen?", username)
    owner.press("Registrierung löschen")
    owner.sees("Die Registrierung ist gelöscht")
    visitor.open("/login")
    visitor.fill(login=username, password=PASSWORD)
    visitor.press("Anmelden", status=422)
    visitor.sees("Benutzername oder Passwort stimmt nicht")


def test_a6_a_known_address_gets_another_mail_and_the_same_answer(people: People, portal: Portal) -> None:
    stranger, (username, email) = people.stranger(), somebody()
    register(stranger, username, email)
    unknown = stranger.page.locator("main").inner_text()
    portal.mailbox.wait(email, CONFIRM)
    known, address = people.stranger(), "clara.novak@donaukanal.example"
    register(known, somebody()[0], address)
    assert known.page.locator("main").inner_text() == unknown
    assert known.path == stranger.path
    mail = portal.mailbox.wait(address, EXISTS)
    assert mail.link.endswith("/login")
    assert portal.mailbox.to(address, CONFIRM) == []


def test_a8_a_wrong_password_and_an_unknown_name_get_the_same_answer(people: People) -> None:
    visitor, answers = people.stranger(), []
    for login, password in (("bernd.huber", "Ganz-falsch-geraten-1"), ("gibt.es.nicht", "Ganz-falsch-geraten-1")):
        visitor.open("/login")
        visitor.fill(login=login, password=password)
        visitor.press("Anmelden", status=422)
        assert visitor.value("password") == ""
        assert visitor.value("login") == login
        answers.append(visitor.wrong())
    assert answers[0] == answers[1] == ["Benutzername oder Passwort stimmt nicht. Bitte prüfen Sie beides."]


def test_a8_who_opens_a_protected_page_comes_back_to_it_after_the_login(people: People) -> None:
    visitor = people.stranger()
    visitor.open("/tickets?tab=organisation")
    assert visitor.path.startswith("/login?next=")
    visitor.fill(login="clara.novak", password=people.password("clara.novak"))
    visitor.press("Anmelden")
    assert visitor.path == "/tickets?tab=organisation"


@every_manner
def test_a18_a_forgotten_password_is_chosen_anew_by_name_or_mail(people: People, portal: Portal) -> None:
    owner, (username, email) = people.stranger(), somebody()
    register(owner, username, email)
    owner.open(portal.mailbox.wait(email, CONFIRM).link)
    owner.fill(password=PASSWORD)
    owner.press("Bestätigen und anmelden")

    visitor = people.stranger()
    for number, login in enumerate((username, email), start=1):
        visitor.open("/login")
        visitor.follow("Passwort vergessen?")
        visitor.fill(login=login)
        visitor.press("Übermitteln")
        visitor.sees("Wenn wir Ihre Angabe kennen")
        mail = portal.mailbox.wait(email, RESET, count=number)
    visitor.open(mail.link)
    visitor.fill(password="Neun-Wolken-im-Oktober")
    visitor.press("Passwort speichern")
    visitor.sees("Ihr neues Passwort gilt")
    portal.mailbox.wait(email, "Ihr Passwort wurde geändert")
    owner.open("/settings")
    assert owner.path.startswith("/login"), "a reset ends all sessions"
    log_in(visitor, username, "Neun-Wolken-im-Oktober")
    visitor.sees("Willkommen, Nora Neu")


def test_pages_are_read_in_english_too(people: People) -> None:
    visitor = people.stranger(language="en-GB")
    visitor.open("/")
    visitor.sees("Log in or create an account:")
    visitor.press("Deutsch")
    visitor.sees("Anmelden oder Benutzerkonto erstellen:")
    for place in (
        "/register",
        "/login",
        "/password/forgot",
        "/news",
        "/help",
        "/imprint",
        "/privacy",
        "/accessibility",
    ):
        visitor.open(f"{place}?lang=en")
        assert visitor.page.locator("html").get_attribute("lang") == "en"


def test_m17_outside_the_hours_it_says_when_somebody_will_answer(people: People) -> None:
    visitor = people.stranger()
    visitor.open("/help")
    visitor.sees("050 717-0", "Mo bis Do 9 bis 15 Uhr", "lizenzen@tonrecht.example")
