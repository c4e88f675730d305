"""Members of an organisation: invited for good or for a time, out at once, never unadministered (M2, M2b, A17)."""

import re
import time

from journey_musik import ANNA
from journey_people import People, log_in
from journey_portal import Portal
from journey_visitor import Visitor

BRANDS = ("musik",)
PASSWORD = "Drei-Segel-vor-der-Insel"
GASTHAUS, VEREIN = "Gasthaus Zum Goldenen Ton GmbH", "Kulturverein Donaukanal"
SHARED = "Gilt die Lizenz auch für den Gastgarten?"
WITHIN = 1.0
"""Seconds: the guarantee of DESIGN decision 7."""
_LAST_DAY_IS_OVER = "UPDATE invitation SET access_until = now() WHERE email = %s AND state = 'accepted'"


def open_members(visitor: Visitor, organisation: str) -> str:
    """Goes to the members of one's organisation; their path."""
    visitor.open("/customers")
    visitor.follow(re.compile(f"^{re.escape(organisation)}"), within="main")
    return visitor.path


def invite(visitor: Visitor, organisation: str, name: str, email: str, purpose: str, until: str = "") -> str:
    """Sends an invitation from the page of the members; their path."""
    members = open_members(visitor, organisation)
    visitor.follow("Einladen", within="main")
    visitor.fill(name=name, email=email, until=until)
    visitor.choose(purpose)
    visitor.press("Einladung senden")
    visitor.sees("Die Einladung ist per E-Mail unterwegs.", "Offene Einladungen", email)
    return members


def first_password(visitor: Visitor, portal: Portal, email: str) -> None:
    """Somebody new gets in: a first password over "Passwort vergessen?", then the login."""
    visitor.follow("Passwort vergessen?")
    visitor.fill(login=email)
    visitor.press("Übermitteln")
    visitor.open(portal.mailbox.wait(email, "Neues Passwort vergeben").link)
    visitor.fill(password=PASSWORD)
    visitor.press("Passwort speichern")
    log_in(visitor, email, PASSWORD)


def is_out(visitor: Visitor) -> bool:
    """Whether nothing of the organisation is listed any more."""
    visitor.open("/tickets?tab=organisation")
    return visitor.rows(SHARED) == []


def row_of(name: str) -> str:
    """The selector of somebody's row among the members."""
    return f'table.rows tr:has-text("{name}")'


def test_m2_m12_m2b_a_new_colleague_is_invited_comes_in_and_is_out_within_a_second(
    people: People, portal: Portal
) -> None:
    administrator, colleague, email = people.customer("anna"), people.stranger(), "dora.klang@mailbox.example"
    members = invite(administrator, GASTHAUS, "Dora Klang", email, "Kollegin, Kollege")
    mail = portal.mailbox.wait(email, f"{GASTHAUS} lädt Sie ein")
    assert "Dora" not in mail.text, "to an address that is not proven only the organisation's name is sent"
    colleague.open(mail.link)
    assert colleague.path.startswith("/login")
    first_password(colleague, portal, email)
    assert is_out(colleague)
    colleague.open(mail.link)
    colleague.sees(f"Einladung von {GASTHAUS}", "Anna Gruber", "Kollegin, Kollege")
    colleague.press("Annehmen")
    colleague.sees("Sie gehören jetzt zur Organisation.", "4711 0702", "Dora Klang (Sie)")
    colleague.open("/tickets?tab=organisation")
    assert len(colleague.rows(SHARED)) == 1
    assert email in portal.mailbox.wait(ANNA, "Ihre Einladung wurde angenommen").text

    administrator.open(members)
    administrator.follow("Zugang beenden …", within=row_of("Dora Klang"))
    administrator.press("Zugang beenden")
    ended = time.monotonic()
    administrator.sees("Der Zugang ist beendet.")
    portal.wait("a second", lambda: time.monotonic() - ended > WITHIN)
    assert is_out(colleague)
    colleague.open(members, status=404)
    colleague.open(mail.link, status=410)
    portal.mailbox.wait(email, f"Ihr Zugang zu {GASTHAUS} ist beendet")


def test_m2_m12_a_delegate_has_access_for_a_purpose_and_a_time_and_it_ends_by_itself(
    people: People, portal: Portal
) -> None:
    """Somebody who has an account already; the journey does not wait for the last day, it comes sooner."""
    administrator, delegate = people.customer("anna"), people.customer("clara")
    email = "clara.novak@donaukanal.example"
    open_members(administrator, GASTHAUS)
    administrator.follow("Einladen", within="main")
    administrator.fill(name="Clara Novak", email=email)
    administrator.choose("Steuerberatung")
    administrator.press("Einladung senden", status=422)
    assert "endet an einem Tag" in administrator.wrong_beside("until")
    administrator.fill(until=time.strftime("%Y-%m-%d", time.localtime(time.time() + 90 * 86_400)))
    administrator.press("Einladung senden")
    delegate.open(portal.mailbox.wait(email, f"{GASTHAUS} lädt Sie ein").link)
    delegate.sees("Steuerberatung", "Ihr Zugang", "bis ")
    delegate.press("Annehmen")
    assert not is_out(delegate)
    portal.change("customer-link", _LAST_DAY_IS_OVER, email)
    portal.wait("the access to end by itself", lambda: is_out(delegate), 30)
    portal.mailbox.wait(email, f"Ihr Zugang zu {GASTHAUS} ist beendet")


def test_a17_the_last_administrator_names_a_successor_before_unlinking(people: People) -> None:
    """Clara keeps her number in the end: other journeys know her by it."""
    holder, successor = people.customer("clara"), people.customer("bernd")
    members = invite(holder, VEREIN, "Bernd Huber", "bernd.huber@goldenerton.example", "Kollegin, Kollege")
    successor.open("/customers")
    successor.sees(f"{VEREIN} hat Sie eingeladen.")
    successor.follow("Einladung ansehen und beantworten")
    successor.press("Annehmen")

    holder.open("/customers")
    holder.follow("4802 0110")
    holder.follow("Verknüpfung lösen …")
    holder.sees("Außer Ihnen verwaltet niemand die Organisation.")
    holder.follow("Mitglieder der Organisation")
    assert holder.path == members
    holder.press("Verwaltungsrechte geben", within=row_of("Bernd Huber"))
    holder.sees("Die Person verwaltet jetzt die Organisation.")
    holder.open("/customers")
    holder.follow("4802 0110")
    holder.follow("Verknüpfung lösen …")
    holder.sees("Verknüpfung mit Kundennummer 4802 0110 lösen?", "Ihr Freischaltcode ist verbraucht")
    holder.does_not_see("Außer Ihnen verwaltet niemand die Organisation.")

    successor.open(members)
    successor.press("Verwaltungsrechte abgeben")
    successor.follow("Verlassen …")
    successor.press("Verlassen")
    successor.sees("Sie haben die Organisation verlassen.")
    successor.open(members, status=404)
