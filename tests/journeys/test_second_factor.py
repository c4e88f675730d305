"""The second factor: staff at the login (S1); a customer's app, recovery codes and passkeys (A15, A16)."""

import pyotp
import pytest
from journey_musik import CONFIRM, PASSWORD, register, somebody
from journey_people import People, log_in
from journey_portal import Portal
from journey_visitor import Visitor
from playwright.sync_api import CDPSession

BRANDS = ("musik",)
STAFF = {"desktop": "ines", "phone": "felix", "no_scripts": "paul"}
"""Who logs in in which manner: a code works once, and the next one is half a minute away."""
VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
every_manner = pytest.mark.every_manner


def newcomer(people: People, portal: Portal) -> tuple[Visitor, str]:
    """Somebody who has just registered and is logged in, and the user name."""
    visitor, (username, email) = people.stranger(), somebody()
    register(visitor, username, email)
    visitor.open(portal.mailbox.wait(email, CONFIRM).link)
    visitor.fill(password=PASSWORD)
    visitor.press("Bestätigen und anmelden")
    return visitor, username


def leave(visitor: Visitor) -> None:
    """Logs out."""
    visitor.open_profile_menu()
    visitor.press("Abmelden")


@every_manner
def test_s1_staff_log_in_with_a_second_factor(people: People, portal: Portal) -> None:
    name = STAFF[people.manner.name]
    login = next(one for one in portal.demo["staff"] if one["username"].startswith(name))
    first, second = people.stranger(), people.stranger()
    log_in(first, login["username"], login["password"])
    assert first.heading() == "Zweiter Schritt der Anmeldung"
    first.open("/settings")
    assert first.path.startswith("/login?next=")
    first.open("/login/code")
    first.fill(code="000000")
    first.press("Bestätigen", status=422)
    first.sees("Dieser Code gilt nicht")
    code = pyotp.TOTP(login["totp_secret"]).now()
    first.fill(code=code)
    first.press("Bestätigen")
    first.sees("Willkommen")
    log_in(second, login["username"], login["password"])
    second.fill(code=code)
    second.press("Bestätigen", status=422)
    first.open("/settings/security")
    first.does_not_see("App entfernen")


@every_manner
def test_a_customer_links_an_app_and_comes_in_with_a_recovery_code(people: People, portal: Portal) -> None:
    visitor, username = newcomer(people, portal)
    visitor.open("/settings")
    visitor.follow("Anmeldung & Sicherheit", within="main")
    visitor.press("App einrichten")
    visitor.page.locator("summary", has_text="Schlüssel stattdessen abtippen").click()
    secret = "".join(visitor.page.locator(".key").inner_text().split())
    visitor.fill(code=pyotp.TOTP(secret).now())
    visitor.press("App einrichten")
    visitor.sees("Ihre Wiederherstellungscodes", "nur dieses eine Mal")
    codes = visitor.page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    visitor.follow("Ich habe sie gesichert")
    visitor.sees("Die Authenticator-App ist eingerichtet", "10 von 10 sind übrig")
    leave(visitor)
    log_in(visitor, username, PASSWORD)
    visitor.follow("Wiederherstellungscode verwenden")
    visitor.fill(code=codes[0])
    visitor.press("Bestätigen")
    visitor.sees("Sie haben einen Wiederherstellungscode verwendet. 9 sind übrig.")
    leave(visitor)
    log_in(visitor, username, PASSWORD)
    visitor.follow("Wiederherstellungscode verwenden")
    visitor.fill(code=codes[0])
    visitor.press("Bestätigen", status=422)
    visitor.sees("Dieser Wiederherstellungscode gilt nicht")


def device(visitor: Visitor) -> tuple[CDPSession, str]:
    """Chromium's virtual authenticator, and its id."""
    session = visitor.page.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})["authenticatorId"]


def test_a_customer_logs_in_with_a_passkey(people: People, portal: Portal) -> None:
    visitor, username = newcomer(people, portal)
    session, authenticator = device(visitor)
    visitor.open("/settings/security")
    visitor.follow("Passkey hinzufügen")
    visitor.fill(name="Laptop im Büro")
    visitor.press("Passkey hinzufügen")
    visitor.sees("Ihre Wiederherstellungscodes")
    visitor.follow("Ich habe sie gesichert")
    visitor.sees("Der Passkey ist hinzugefügt", "Laptop im Büro", "noch nie")

    leave(visitor)
    visitor.open("/login?next=/settings/security")
    visitor.press("Mit Passkey anmelden")
    assert visitor.path == "/settings/security"

    leave(visitor)
    log_in(visitor, username, PASSWORD)
    assert visitor.heading() == "Zweiter Schritt der Anmeldung"
    visitor.press("Mit Passkey bestätigen")
    visitor.sees("Willkommen")

    leave(visitor)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    visitor.open("/login")
    visitor.page.get_by_role("button", name="Mit Passkey anmelden").click()
    visitor.sees("Das wurde abgebrochen, oder das Gerät hat keinen Passkey")
    session.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": True})
    visitor.press("Mit Passkey anmelden")

    visitor.open("/settings/security")
    visitor.follow("Umbenennen oder entfernen Laptop im Büro")
    visitor.press("Passkey entfernen")
    visitor.sees("Der Passkey ist entfernt")
    leave(visitor)
    visitor.open("/login")
    visitor.press("Mit Passkey anmelden", status=422)
    visitor.sees("Der Passkey wurde nicht angenommen")
    log_in(visitor, username, PASSWORD)
    visitor.sees("Willkommen")
