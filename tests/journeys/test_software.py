"""The software house's portal: closed registration, contact persons, tickets of the organisation (M1 to M14, M17)."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from journey_manners import Manner
from journey_people import People, log_in
from journey_portal import Portal
from journey_visitor import Visitor
from playwright.sync_api import expect

BRANDS = ("software",)
RESET, RESET_IN_ENGLISH = "Neues Passwort vergeben", "Choose a new password"
ANNA = "anna.weber@stadtwerke-lindau.example"
JONAS = "jonas.krueger@stadtwerke-lindau.example"
CONTACTS = {
    "desktop": ("katrin.vogt@stadtwerke-lindau.example", "Katrin Vogt", "Buchungslauf"),
    "phone": ("leon.schuster@stadtwerke-lindau.example", "Leon Schuster", "Buchungslauf"),
    "no_scripts": ("henning.classen@stadtarchiv-husum.example", "Henning Claßen", "Umlaute"),
}
"""For each manner somebody who has no password yet, and a ticket of the same organisation."""
every_manner = pytest.mark.every_manner
OPEN = ("/login", "/password/forgot", "/imprint", "/privacy", "/accessibility", "/help")
PROTECTED = ("/", "/tickets", "/tickets/new", "/customers", "/settings", "/desk", "/news", "/pages/ueber-das-portal")
KINDS = ("Störung", "Änderungsanforderung", "Bedienfrage", "Anregung")


def ask_for_password(visitor: Visitor, email: str) -> str:
    """Goes through "Passwort vergessen?"; gives what the page says."""
    visitor.open("/login")
    visitor.follow("Passwort vergessen?")
    visitor.fill(login=email)
    visitor.press("Übermitteln")
    return visitor.page.locator("main").inner_text()


def open_ticket(visitor: Visitor, kind: str = "Störung") -> tuple[str, str]:
    """Opens a ticket; gives its subject and path."""
    subject = f"{kind} {uuid4().hex[:6]}"
    visitor.open("/tickets/new")
    visitor.choose(kind)
    visitor.fill(subject=subject, text="Seit heute früh.")
    visitor.press("Senden")
    visitor.sees("Eingegangen unter der Nummer", subject)
    return subject, visitor.path.partition("?")[0]


@every_manner
def test_m1_without_a_login_only_the_entrance_is_open(people: People) -> None:
    visitor = people.stranger()
    for place in OPEN:
        visitor.open(place)
        assert visitor.path == place
    for place in PROTECTED:
        visitor.open(place)
        assert visitor.path.startswith("/login")
    visitor.does_not_see("Benutzerkonto anlegen")
    visitor.open("/register", status=404)


@every_manner
def test_m2_m4_m5_m7_a_contact_gets_the_first_password_and_logs_in(
    people: People, portal: Portal, manner: Manner
) -> None:
    visitor, (email, name, of_the_organisation) = people.stranger(), CONTACTS[manner.name]
    portal.wait("the contact's account", lambda: _mail_comes(visitor, portal, email), 30)
    mail = portal.mailbox.wait(email, RESET)
    for _ in range(2):
        visitor.open(mail.link)
        visitor.sees(email)
    visitor.fill(password="kurz")
    visitor.press("Passwort speichern", status=422)
    visitor.fill(password="Ein-Fenster-zum-Hafen")
    visitor.press("Passwort speichern")
    visitor.sees("Ihr neues Passwort gilt")
    visitor.open(mail.link, status=410)
    log_in(visitor, email, "Ein-Fenster-zum-Hafen")
    visitor.sees(f"Willkommen, {name}")
    subject, _ = open_ticket(visitor)
    visitor.open("/tickets?tab=organisation")
    assert len(visitor.rows(subject)) == 1
    assert len(visitor.rows(of_the_organisation)) == 1


def test_m2_m2b_a_contact_of_an_import_comes_in_and_a_removed_one_is_out(
    people: People, portal: Portal, tmp_path: Path
) -> None:
    email, password = "rosa.thoma@stadtwerke-lindau.example", "Drei-Segel-vor-der-Insel"
    contacts = tmp_path / "contacts.csv"
    contacts.write_text(f"email,display_name,organisation\n{email},Rosa Thoma,Stadtwerke Lindau\n", "utf-8")
    portal.admin("customer-link", "import-contacts", str(contacts))
    visitor = people.stranger()
    portal.wait("the contact's account", lambda: _mail_comes(visitor, portal, email), 30)
    visitor.open(portal.mailbox.wait(email, RESET).link)
    visitor.fill(password=password)
    visitor.press("Passwort speichern")
    log_in(visitor, email, password)
    subject, _ = open_ticket(visitor)
    visitor.open("/tickets?tab=organisation")
    assert len(visitor.rows("Buchungslauf")) == 1

    portal.admin("customer-link", "remove-contact", "Stadtwerke Lindau", email)
    portal.wait("the contact to be out", lambda: _sees_nothing_of_the_organisation(visitor), 2)
    colleague = people.customer("jonas")
    colleague.open("/tickets?tab=organisation")
    assert len(colleague.rows(subject)) == 1, "the ticket stays with the organisation"


@every_manner
def test_m9_a_password_is_forgotten_later_too(people: People, portal: Portal) -> None:
    emre, visitor = "emre.yildiz@mailbox.example", people.stranger()
    before = len(portal.mailbox.to(emre, RESET_IN_ENGLISH))
    ask_for_password(visitor, emre)
    visitor.open(portal.mailbox.wait(emre, RESET_IN_ENGLISH, count=before + 1).link)
    visitor.fill(password="Ein-Kompass-aus-Messing")
    visitor.press("Passwort speichern")
    log_in(visitor, emre, "Ein-Kompass-aus-Messing")
    visitor.sees("Emre Yıldız")


@every_manner
def test_m3_who_is_not_named_gets_the_same_answer_and_no_mail(people: People, portal: Portal) -> None:
    known, unknown = people.stranger(), people.stranger()
    before = len(portal.mailbox.to(JONAS, RESET))
    answer = ask_for_password(unknown, "niemand@stadtwerke-lindau.example")
    assert ask_for_password(known, JONAS) == answer
    assert known.path == unknown.path
    portal.mailbox.wait(JONAS, RESET, count=before + 1)
    assert portal.mailbox.to("niemand@stadtwerke-lindau.example") == []


@every_manner
def test_m6_a_mail_that_nobody_asked_for_changes_nothing(people: People, portal: Portal) -> None:
    stranger, owner = people.stranger(), people.stranger()
    before = len(portal.mailbox.to(ANNA, RESET))
    ask_for_password(stranger, ANNA)
    mail = portal.mailbox.wait(ANNA, RESET, count=before + 1)
    assert "nichts geändert" in " ".join(mail.text.split())
    stranger.open(mail.link)
    log_in(owner, ANNA, people.password(ANNA))
    owner.sees("Willkommen, Anna Weber")


def test_m7_a_wrong_password_is_said_without_saying_which(people: People) -> None:
    visitor, answers = people.stranger(), []
    for login in (JONAS, "niemand@mailbox.example"):
        visitor.open("/login")
        visitor.fill(login=login, password="Ganz-falsch-geraten-1")
        visitor.press("Anmelden", status=422)
        answers.append(visitor.wrong())
    assert answers[0] == answers[1]


@pytest.mark.parametrize("kind", KINDS)
def test_m10_a_ticket_of_every_kind_is_opened_and_confirmed_by_mail(people: People, portal: Portal, kind: str) -> None:
    visitor = people.customer("anna")
    subject, path = open_ticket(visitor, kind)
    mail = portal.mailbox.wait(ANNA, subject)
    assert mail.link == portal.url + path
    visitor.sees("Neu", kind)


def test_m11_tickets_are_filtered_searched_and_sorted(people: People) -> None:
    visitor = people.customer("anna")
    visitor.open("/tickets")
    everything = len(visitor.rows())
    visitor.select("kind", "Bedienfrage")
    visitor.press("Anzeigen")
    assert 0 < len(visitor.rows()) < everything
    assert all("Bedienfrage" in row for row in visitor.rows())
    visitor.open("/tickets")
    visitor.fill(q="Mandanten")
    visitor.press("Anzeigen")
    assert len(visitor.rows("Buchungslauf")) == 1
    visitor.open("/tickets")
    visitor.select("sort", "Nummer")
    visitor.press("Anzeigen")
    numbers = re.findall(r"T-\d{4}-\d{5}", "".join(visitor.rows()))
    assert numbers == sorted(numbers, reverse=True)


def test_m12_tickets_of_the_organisation_are_seen_and_those_of_another_never(people: People) -> None:
    reporter, colleague, stranger = people.customer("anna"), people.customer("jonas"), people.customer("clara")
    subject, path = open_ticket(reporter)
    colleague.open("/tickets?tab=organisation")
    (row,) = colleague.rows(subject)
    assert "Anna Weber" in row
    colleague.follow(subject)
    colleague.sees("gemeldet von Anna Weber")
    stranger.open("/tickets?tab=organisation")
    assert stranger.rows(subject) == []
    assert len(stranger.rows("Umlaute")) == 1
    stranger.open(path, status=404)


def test_m13_m14_progress_and_comments_reach_reporter_and_colleague(people: People, portal: Portal) -> None:
    reporter, colleague, agent = people.customer("anna"), people.customer("jonas"), people.member_of_staff("tarek")
    subject, path = open_ticket(reporter)
    colleague.open(path)
    colleague.fill(text="Bei mir auch.")
    colleague.press("Kommentar senden")
    colleague.sees("Ihr Kommentar ist gesendet")
    assert "Bei mir auch." in portal.mailbox.wait(ANNA, subject, count=2).text
    agent.open(path.replace("/tickets/", "/desk/"))
    agent.press("Übernehmen")
    agent.fill(text="Behoben in 8.1.1.")
    agent.select("action", "Lösen")
    agent.press("Senden")
    for visitor in (reporter, colleague):
        visitor.open(path)
        visitor.sees("Behoben in 8.1.1.", "Gelöst", "In Bearbeitung")
        assert visitor.page.locator(".talk .step time[title]").count() >= 2
    told = [visitor.page.locator(".talk .step").all_inner_texts() for visitor in (reporter, colleague)]
    assert [step.partition("·")[0] for step in told[0]] == [step.partition("·")[0] for step in told[1]]


@every_manner
def test_m8_the_settings_are_top_right_and_m17_the_direct_line_below(people: People) -> None:
    visitor = people.customer("jonas")
    visitor.open("/")
    visitor.open_profile_menu()
    visitor.follow("Einstellungen", within="header")
    visitor.follow("Passwort", within=".places")
    visitor.sees("Passwort ändern", "0800 270 77 77", "hotline@nordwerk.example")
    expect(visitor.page.get_by_role("contentinfo")).to_contain_text("Mo bis Fr 8 bis 17 Uhr")


def _mail_comes(visitor: Visitor, portal: Portal, email: str) -> bool:
    """Whether the contact's account exists by now: it is made by a job."""
    ask_for_password(visitor, email)
    visitor.page.wait_for_timeout(1000)
    return bool(portal.mailbox.to(email, RESET))


def _sees_nothing_of_the_organisation(visitor: Visitor) -> bool:
    visitor.open("/tickets?tab=organisation")
    return not visitor.rows("Buchungslauf")
