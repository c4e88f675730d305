"""The licensing society's registration and login, in what a script and a longer stay add (A3, A8)."""

import pytest
from journey_musik import fill_in_registration
from journey_people import People
from playwright.sync_api import expect

BRANDS = ("musik",)


def test_a3_while_typing_one_reads_what_is_taken_and_what_is_weak(people: People) -> None:
    visitor = people.stranger()
    asked: list[str] = []
    visitor.page.on(
        "request", lambda request: asked.append(request.post_data or "") if "hints" in request.url else None
    )
    fill_in_registration(visitor, username="", password="", email="")
    page = visitor.page
    for field, typed, said in (
        ("username", "anna.gruber", "schon vergeben"),
        ("email", "nora@", "Prüfen Sie die E-Mail-Adresse"),
        ("password", "Service-Portal-2026", "leicht zu erraten"),
        ("password", "vier stille Seen im Wald", "Sehr gut"),
    ):
        page.locator(f"#{field}").fill("")
        page.locator(f"#{field}").press_sequentially(typed)
        expect(page.locator(f"#{field}-live")).to_contain_text(said)
    assert [body for body in asked if body.startswith("username=")] == ["username=anna.gruber"]
    assert not any("idempotency_key" in body for body in asked)
    visitor.look()


@pytest.mark.every_manner
def test_a8_who_stays_logged_in_names_the_device(people: People) -> None:
    visitor = people.stranger()
    visitor.open("/login")
    visitor.fill(login="david.stern", password=people.password("david.stern"))
    visitor.choose("Angemeldet bleiben")
    visitor.fill(device_name="Küche")
    visitor.press("Anmelden")
    visitor.open("/settings/sessions")
    visitor.sees("Küche", "bleibt angemeldet bis")
    session = next(cookie for cookie in visitor.page.context.cookies() if "session" in cookie["name"])
    assert session["expires"] > 0
