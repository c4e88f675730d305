"""The other setting of the way to a new password: a generated one by a second mail (M4 to M7, M9 with `mailed`)."""

import re

import pytest
from journey_people import People, log_in
from journey_portal import Portal
from journey_visitor import Visitor

BRANDS = ("mailed",)
JONAS = "jonas.krueger@stadtwerke-lindau.example"
ANNA = "anna.weber@stadtwerke-lindau.example"
FIRST, SECOND = "Möchten Sie ein neues Passwort?", "Ihr neues Passwort"
_PASSWORD = re.compile(r"\b(?:[346789BCDFGHJKMPQRTVWXY]{4}-){4}[346789BCDFGHJKMPQRTVWXY]{4}\b")


def ask(visitor: Visitor, email: str) -> None:
    """Goes through "Passwort vergessen?"."""
    visitor.open("/login")
    visitor.follow("Passwort vergessen?")
    visitor.fill(login=email)
    visitor.press("Übermitteln")


@pytest.mark.every_manner
def test_m4_m5_m6_m7_a_generated_password_comes_only_when_asked_and_is_changed(people: People, portal: Portal) -> None:
    visitor, count = people.stranger(), len(portal.mailbox.to(JONAS, SECOND))
    ask(visitor, JONAS)
    first = portal.mailbox.wait(JONAS, FIRST, count=count + 1)
    for _ in range(2):
        visitor.open(first.link)
        visitor.sees("Neues Passwort zusenden lassen?")
    assert len(portal.mailbox.to(JONAS, SECOND)) == count, "opening the link sends nothing"
    visitor.press("Neues Passwort senden")
    visitor.sees("Ihr neues Passwort ist unterwegs")
    found = _PASSWORD.search(portal.mailbox.wait(JONAS, SECOND, count=count + 1).text)
    assert found is not None
    log_in(visitor, JONAS, found.group())
    assert visitor.heading() == "Eigenes Passwort wählen"
    visitor.open("/tickets")
    assert visitor.heading() == "Eigenes Passwort wählen"
    visitor.fill(password=found.group())
    visitor.press("Passwort speichern", status=422)
    visitor.fill(password=f"Ein-Leuchtturm-im-Nebel-{count}")
    visitor.press("Passwort speichern")
    assert visitor.path == "/tickets"
    again = people.stranger()
    log_in(again, JONAS, found.group(), status=422)
    log_in(again, JONAS, f"Ein-Leuchtturm-im-Nebel-{count}")
    again.sees("Jonas Krüger")


@pytest.mark.every_manner
def test_m6_m9_whoever_ignores_the_mails_keeps_the_old_password(people: People, portal: Portal) -> None:
    visitor, count = people.stranger(), len(portal.mailbox.to(ANNA, SECOND))
    ask(visitor, ANNA)
    visitor.open(portal.mailbox.wait(ANNA, FIRST, count=count + 1).link)
    visitor.press("Neues Passwort senden")
    portal.mailbox.wait(ANNA, SECOND, count=count + 1)
    log_in(visitor, ANNA, people.password(ANNA))
    visitor.sees("Willkommen, Anna Weber")
