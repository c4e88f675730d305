"""Enquiries: open, follow, comment, the desk, the colleague and the stranger (M10 to M14, S1, S2)."""

import re
from uuid import uuid4

import pytest
from journey_musik import ANNA, fill_in, open_ticket
from journey_people import People
from journey_portal import Portal
from journey_visitor import Visitor
from playwright.sync_api import expect

BRANDS = ("musik",)
BERND = "bernd.huber@goldenerton.example"
NEW_PASSWORD = "Ein-neuer-Satz-fuer-Eva"


def states_told(visitor: Visitor) -> list[str]:
    """The steps of the talk."""
    return visitor.page.locator(".talk .step").all_inner_texts()


@pytest.mark.either_bus
def test_m10_m11_an_enquiry_gets_a_number_a_mail_and_its_place_in_the_list(people: People, portal: Portal) -> None:
    visitor = people.customer("anna")
    subject, number, path = open_ticket(visitor, customer="4711 0702")
    visitor.sees("4711 0702", "Eingelangt", "von Ihnen gemeldet")
    mail = portal.mailbox.wait(ANNA, number)
    assert subject in mail.subject
    assert mail.link == portal.url + path
    visitor.open("/tickets")
    (row,) = visitor.rows(subject)
    assert number in row
    assert "Eingelangt" in row
    visitor.fill(q=subject)
    visitor.press("Anzeigen")
    assert len(visitor.rows()) == 1
    visitor.fill(q="gibt es nicht")
    visitor.press("Anzeigen")
    visitor.sees("Nichts passt dazu")


def test_m10_what_is_missing_is_named_and_nothing_typed_is_lost(people: People) -> None:
    visitor = people.customer("anna")
    visitor.open("/tickets/new")
    visitor.fill(text="Ein langer Text, der nicht verloren gehen darf.")
    visitor.press("Senden", status=422)
    assert visitor.page.title().startswith("Fehler: ")
    assert len(visitor.wrong()) == 2
    assert visitor.value("text") == "Ein langer Text, der nicht verloren gehen darf."


def test_m10_a_double_click_opens_one_ticket(people: People) -> None:
    visitor = people.customer("anna")
    subject = f"Doppelt geklickt {uuid4().hex[:6]}"
    fill_in(visitor, subject)
    visitor.page.get_by_role("button", name="Senden", exact=True).dblclick()
    visitor.sees("Eingegangen unter der Nummer")
    visitor.open("/tickets")
    assert len(visitor.rows(subject)) == 1


def test_m10_back_and_send_again_is_the_same_and_changed_is_a_new_one(people: People) -> None:
    visitor = people.customer("anna")
    subject = f"Zurück und nochmal {uuid4().hex[:6]}"
    fill_in(visitor, subject)
    visitor.press("Senden")
    first = visitor.path.partition("?")[0]
    visitor.page.go_back()
    assert visitor.value("subject") == subject
    visitor.page.get_by_role("button", name="Senden", exact=True).click()
    visitor.page.wait_for_url(re.compile(re.escape(first)))
    visitor.page.go_back()
    visitor.fill(subject=f"{subject} geändert")
    visitor.page.get_by_role("button", name="Senden", exact=True).click()
    visitor.sees(f"{subject} geändert", "Eingegangen unter der Nummer")
    visitor.open("/tickets")
    assert len(visitor.rows(subject)) == 2


def test_m10_m14_opening_and_commenting_work_without_scripts(people: People) -> None:
    visitor = people.customer("bernd", scripts=False)
    subject, _, _ = open_ticket(visitor)
    visitor.fill(text="Noch ein Hinweis dazu.")
    visitor.press("Kommentar senden")
    visitor.sees("Ihr Kommentar ist gesendet", "Noch ein Hinweis dazu.")
    visitor.open("/tickets")
    assert len(visitor.rows(subject)) == 1


@pytest.mark.either_bus
def test_m13_m14_s2_a_ticket_is_worked_on_and_the_customer_sees_every_step(people: People, portal: Portal) -> None:
    customer, agent = people.customer("anna"), people.member_of_staff("tarek")
    subject, number, path = open_ticket(customer)
    agent.open("/desk")
    agent.fill(q=number)
    agent.press("Anzeigen")
    assert len(agent.rows()) == 1
    agent.follow(subject)
    agent.press("Übernehmen")
    agent.sees("Sie arbeiten jetzt daran")
    agent.fill(note="Intern: Kunde ist verärgert.")
    agent.press("Notiz speichern")
    agent.sees("Notiert.", "Intern: Kunde ist verärgert.")
    agent.fill(text="Wir sehen beide Rechnungen. Welche haben Sie bezahlt?")
    agent.select("action", "Rückfrage: Kunde ist am Zug")
    agent.press("Senden")
    agent.sees("Für den Kunden ist es sichtbar")

    asked = portal.mailbox.wait(ANNA, f"{number}: Sie sind am Zug")
    assert "Welche haben Sie bezahlt?" in asked.text
    customer.open(asked.link)
    customer.sees("Sie sind am Zug", "Welche haben Sie bezahlt?", "Tarek Hadid")
    customer.does_not_see("verärgert")
    customer.fill(text="Die erste, am 4. November.")
    customer.press("Kommentar senden")
    customer.sees("Ihr Kommentar ist gesendet", "In Bearbeitung")
    portal.mailbox.wait("tarek.hadid@tonrecht.example", number)

    agent.open(path.replace("/tickets/", "/desk/"))
    agent.sees("Die erste, am 4. November.")
    agent.fill(text="Danke, die zweite ist storniert.")
    agent.select("action", "Lösen")
    agent.press("Senden")
    portal.mailbox.wait(ANNA, f"{number}: Beantwortet")
    customer.open(path)
    customer.press("Gelöst bestätigen")
    customer.sees("Danke. Damit ist es abgeschlossen.", "Abgeschlossen")
    steps = states_told(customer)
    assert len(steps) >= 5
    assert customer.page.locator(".talk .step time[title]").count() == len(steps)


def test_s2_an_answer_that_a_state_needs_is_asked_for(people: People) -> None:
    agent, customer = people.member_of_staff("tarek"), people.customer("anna")
    _, _, path = open_ticket(customer)
    agent.open(path.replace("/tickets/", "/desk/"))
    agent.select("action", "Rückfrage: Kunde ist am Zug")
    agent.press("Senden", status=422)
    assert agent.wrong_beside("text")


def test_m12_a_colleague_sees_what_is_shared_and_a_stranger_never(people: People, portal: Portal) -> None:
    reporter, colleague, stranger = people.customer("anna"), people.customer("bernd"), people.customer("eva")
    shared, number, shared_path = open_ticket(reporter, visibility="Meine Organisation")
    own, _, own_path = open_ticket(reporter, visibility="Nur ich")
    colleague.open("/tickets?tab=organisation")
    (row,) = colleague.rows(shared)
    assert "Anna Gruber" in row
    assert colleague.rows(own) == []
    colleague.follow(shared)
    colleague.sees("gemeldet von Anna Gruber", "Ihre Organisation teilt es")
    colleague.fill(text="Bei mir kam sie auch doppelt.")
    colleague.press("Kommentar senden")
    assert "Bei mir kam sie auch doppelt." in portal.mailbox.wait(ANNA, f"{number}: Neuer Kommentar").text
    reporter.open(shared_path)
    reporter.sees("Bei mir kam sie auch doppelt.", "Bernd Huber")
    colleague.open(own_path, status=404)
    for path in (shared_path, own_path):
        stranger.open(path, status=404)
        stranger.does_not_see(shared, own)
    assert portal.mailbox.to("eva.lindner@wienerwald.example", number) == []

    reporter.open(shared_path)
    reporter.press("Nicht mehr teilen")
    colleague.open(shared_path, status=404)


def test_m16_from_login_to_a_new_enquiry_by_keyboard_alone(people: People) -> None:
    visitor, subject = people.stranger(), f"Nur mit Tasten {uuid4().hex[:6]}"
    page, keys = visitor.page, visitor.page.keyboard
    visitor.open("/login")
    keys.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    keys.press("Enter")
    visitor.tab_to(page.locator("#login"))
    keys.type("bernd.huber")
    keys.press("Tab")
    keys.type(people.password("bernd"))
    visitor.enter()
    visitor.tab_to(page.get_by_role("navigation", name="Bereiche").get_by_role("link", name="Anfragen"))
    visitor.enter()
    visitor.tab_to(page.get_by_role("link", name="Neue Anfrage"))
    visitor.enter()
    visitor.tab_to(page.locator("#kind"))
    keys.press("Space")
    visitor.tab_to(page.locator("#subject"))
    keys.type(subject)
    keys.press("Tab")
    keys.type("Ohne Maus geschrieben.")
    visitor.tab_to(page.get_by_role("button", name="Senden", exact=True))
    visitor.enter()
    visitor.sees("Eingegangen unter der Nummer", subject)


def test_m10_a_ticket_is_withdrawn_after_asking_once_more(people: People) -> None:
    visitor = people.customer("bernd")
    open_ticket(visitor)
    visitor.follow("Zurückziehen")
    visitor.press("Ja, zurückziehen")
    visitor.sees("Es ist zurückgezogen", "Zurückgezogen")


def test_customers_never_reach_the_desk(people: People) -> None:
    visitor = people.customer("anna")
    visitor.open("/desk", status=403)
    visitor.sees("Das dürfen Sie nicht")
    expect(visitor.page.get_by_role("link", name="Arbeitsplatz")).to_have_count(0)


@pytest.mark.either_bus
def test_m8_a_changed_password_ends_other_sessions_and_is_told_by_mail(people: People, portal: Portal) -> None:
    other, visitor = people.customer("eva"), people.stranger()
    visitor.open("/login")
    visitor.fill(login="eva.lindner", password=people.password("eva"))
    visitor.press("Anmelden")
    visitor.open("/settings")
    visitor.follow("Password", within=".places")
    visitor.fill(current_password="Falsch-geraten-99999", new_password=NEW_PASSWORD)
    visitor.press("Change password", status=422)
    visitor.fill(current_password=people.password("eva"), new_password=NEW_PASSWORD)
    visitor.press("Change password")
    assert visitor.path.startswith("/settings")
    portal.mailbox.wait("eva.lindner@wienerwald.example", "Your password was changed")
    portal.wait("the other session to end", lambda: _signed_out(other), 5)


def _signed_out(visitor: Visitor) -> bool:
    visitor.open("/tickets")
    return visitor.path.startswith("/login")
