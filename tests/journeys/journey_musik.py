"""What people do again and again in the licensing society's portal."""

import re
import time
from uuid import uuid4

from journey_portal import Portal
from journey_visitor import Visitor

PASSWORD = "Vier-Kiesel-am-Strand-9"
CONFIRM = "Bestätigen Sie Ihre E-Mail-Adresse"
CONSENT = "Ich stimme den Nutzungsbedingungen zu und habe die Datenschutzerklärung gelesen. *"
PROFILE = {
    "salutation": "ms",
    "first_name": "Nora",
    "last_name": "Neu",
    "street": "Lindengasse 4/2",
    "postal_code": "1070",
    "city": "Wien",
    "country": "AT",
    "phone": "+43 1 5880 200",
}
"""What the registration asks of a person beside name, address and password."""
ANNA = "anna.gruber@goldenerton.example"
NUMBER = re.compile(r"[AT]-\d{4}-\d{5}")


def somebody() -> tuple[str, str]:
    """A new user name and mail address."""
    name = f"nora.{uuid4().hex[:8]}"
    return name, f"{name}@mailbox.example"


def fill_in_registration(visitor: Visitor, **typed: str) -> None:
    """Opens the registration and fills in everything that is asked; `typed` goes over it."""
    username, email = somebody()
    visitor.open("/register")
    filled = {"username": username, "email": email, "password": PASSWORD} | PROFILE | typed
    visitor.fill_what_is_there(**filled)
    visitor.choose(CONSENT)


def register(visitor: Visitor, username: str, email: str, password: str = PASSWORD) -> float:
    """Fills in the registration and sends it; gives the time of the click."""
    fill_in_registration(visitor, username=username, email=email, password=password)
    began = time.time()
    visitor.press("Benutzerkonto anlegen")
    return began


def registered(visitor: Visitor, portal: Portal) -> Visitor:
    """Somebody who has just registered, confirmed and is logged in."""
    username, email = somebody()
    register(visitor, username, email)
    visitor.new_tab()
    visitor.open(portal.mailbox.wait(email, CONFIRM).link)
    visitor.fill(password=PASSWORD)
    visitor.press("Bestätigen und anmelden")
    return visitor


def code_of(portal: Portal, number: str) -> str:
    """The unused code of a customer number."""
    code: str = next(code["code"] for code in portal.demo["codes"] if code["customer_number"] == number)
    return code


def link(visitor: Visitor, code: str, number: str, status: int = 200) -> None:
    """Enters code and number and presses VERKNÜPFEN."""
    visitor.open("/customers")
    visitor.fill(code=code, number=number)
    visitor.press("Verknüpfen", status=status)


def fill_in(visitor: Visitor, subject: str, *, visibility: str = "", customer: str = "") -> None:
    """Fills in a new enquiry; opens the page again when customer-link was too slow for it, as the page then says."""
    visitor.open("/tickets/new")
    for _ in range(3):
        if customer and "gerade nicht erreichbar" in visitor.page.locator("main").inner_text():
            visitor.open("/tickets/new")
    visitor.choose("Frage zur Rechnung")
    visitor.fill(subject=subject, text="Die Rechnung kam zweimal.\n\nWelche gilt?")
    if customer:
        visitor.select("customer", re.compile(customer))
    if visibility:
        visitor.choose(visibility)


def open_ticket(visitor: Visitor, *, visibility: str = "", customer: str = "") -> tuple[str, str, str]:
    """Opens an enquiry; gives its subject, number and path."""
    subject = f"Rechnung doppelt {uuid4().hex[:6]}"
    fill_in(visitor, subject, visibility=visibility, customer=customer)
    visitor.press("Senden")
    visitor.sees("Eingegangen unter der Nummer", subject)
    found = NUMBER.search(visitor.page.locator("main").inner_text())
    assert found is not None
    return subject, found.group(), visitor.path.partition("?")[0]
