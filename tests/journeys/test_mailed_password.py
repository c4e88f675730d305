"""The other setting of the way to a new password: a generated one by a second mail (M4 to M7, M9 with `mailed`)."""

import re
import socket

import httpx
import pytest
from journey_people import People, log_in
from journey_portal import Portal
from journey_visitor import Visitor

BRANDS = ("mailed",)
JONAS = "jonas.krueger@stadtwerke-lindau.example"
TAREK = "tarek.hadid@nordwerk.example"
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


TRICKS = (
    {"X-Forwarded-Host": "evil.example"},
    {"X_Forwarded_Host": "evil.example", "X-Forwarded-Prefix": "//evil.example", "Forwarded": "host=evil.example"},
    {"Host": "evil.example"},
)


def test_sec_a04_nothing_that_a_request_says_gets_into_the_mailed_link(portal: Portal) -> None:
    own = {"Origin": portal.url, "Sec-Fetch-Site": "same-origin"}
    for headers in TRICKS:
        httpx.post(f"{portal.url}/password/forgot", data={"login": TAREK}, headers=own | headers)
    _ask_in_absolute_form(portal)
    httpx.post(f"{portal.url}/password/forgot", data={"login": TAREK}, headers=own)
    portal.mailbox.wait(TAREK, FIRST, count=2)
    for mail in portal.mailbox.to(TAREK):
        assert mail.link.startswith(f"{portal.url}/c/")
        assert "evil" not in mail.text + mail.html


def _ask_in_absolute_form(portal: Portal) -> None:
    """RFC 9112 3.2.2: the address in the request line counts more than the header Host."""
    body = f"login={TAREK}"
    lines = ["POST http://evil.example/password/forgot HTTP/1.1", f"Host: localhost:{portal.port}"]
    lines += [f"Origin: {portal.url}", "Sec-Fetch-Site: same-origin", "Connection: close"]
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", body]
    with socket.create_connection(("127.0.0.1", portal.port), 5) as line:
        line.sendall("\r\n".join(lines).encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 ")
