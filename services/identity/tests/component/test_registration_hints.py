"""What is said below a field while somebody types (A3)."""

import pytest
import structlog.testing

from identity.domain.account import AccountState
from identity.domain.throttle import HINTS
from identity_harness import PASSWORD, REGISTRATION, Portal
from ui.page_check import check_fragment


async def hint(portal: Portal, field: str, status: int = 200, **typed: str) -> str:
    answer = await portal.client.post(f"/register/hints/{field}", data=typed, headers={"HX-Request": "true"})
    assert answer.status_code == status
    if status == 200:
        check_fragment(answer.text)
    return answer.text


@pytest.mark.parametrize("state", [AccountState.ACTIVE, AccountState.UNCONFIRMED, AccountState.LOCKED])
async def test_a_taken_name_is_said_in_every_spelling(portal: Portal, state: AccountState) -> None:
    await portal.add_account("müller", state=state)
    assert "schon vergeben" in await hint(portal, "username", username="MU\u0308LLER ")
    assert "Dieser Benutzername ist frei." in await hint(portal, "username", username="mueller")


async def test_a_name_that_cannot_be_is_explained(portal: Portal) -> None:
    assert "3 bis 40 Zeichen" in await hint(portal, "username", username="x")
    assert (await hint(portal, "username", username=" ")).strip() == ""


async def test_sec_a01_no_hint_tells_whether_an_address_is_known(portal: Portal) -> None:
    await portal.add_account("anna", email="anna@beispiel.at")
    for field in ("email", "username"):
        known, unknown = [await hint(portal, field, **{field: f"{name}@beispiel.at"}) for name in ("anna", "xnna")]
        assert known == unknown
    assert "Prüfen Sie die E-Mail-Adresse" in await hint(portal, "email", email="anna@")


async def test_sec_a01_names_cannot_be_asked_for_by_the_list(portal: Portal) -> None:
    for number in range(HINTS.free):
        await hint(portal, "username", username=f"person{number}")
    await hint(portal, "username", 429, username="another")
    assert (await portal.client.post("/register", data=REGISTRATION)).status_code == 303


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("kurz", "Noch 8 Zeichen, bitte."),
        ("elf zeichen", "Noch ein Zeichen, bitte."),
        ("Kundenportal2026", "leicht zu erraten"),
        ("AnnaMuster2026", "aus Ihrem Namen"),
        ("regen am blech", "Gut."),
        (PASSWORD, "Sehr gut"),
        ("x9 k" * 33, "Verwenden Sie höchstens 128 Zeichen"),
    ],
)
async def test_how_strong_a_password_is_stands_there_in_words(portal: Portal, password: str, said: str) -> None:
    assert said in await hint(portal, "password", **(REGISTRATION | {"password": password}))


@pytest.mark.parametrize("password", ["Kundenportal2026", "AnnaMuster2026", "kurz", PASSWORD, "regen am blech"])
async def test_the_hint_and_the_form_agree(portal: Portal, password: str) -> None:
    typed = REGISTRATION | {"password": password}
    good = "live-good" in await hint(portal, "password", **typed)
    assert ((await portal.client.post("/register", data=typed)).status_code == 303) == good


async def test_sec_a09_what_is_being_typed_comes_back_nowhere_and_is_not_logged(portal: Portal) -> None:
    with structlog.testing.capture_logs() as logs:
        text = await hint(portal, "password", **(REGISTRATION | {"password": "Kundenportal2026"}))
    for kept in (text, str(logs), await portal.dump()):
        assert "Kundenportal2026" not in kept
    assert (await portal.client.get("/register/hints/password?password=x")).status_code == 405


async def test_typing_is_no_activity(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    portal.clock.forward(minutes=20)
    await hint(portal, "username", username="berta")
    portal.clock.forward(minutes=10)
    assert (await portal.client.get("/settings")).status_code == 303


async def test_a_closed_portal_answers_no_questions(software: Portal) -> None:
    assert (await software.client.post("/register/hints/username", data={"username": "anna"})).status_code == 404


async def test_closed_registration_says_how_strong_a_password_is_and_no_more(software: Portal) -> None:
    assert "Sehr gut" in await hint(software, "password", new_password=PASSWORD)
    for field in ("username", "email"):
        await hint(software, field, 404)
    await software.add_account("anna@beispiel.at")
    await software.client.post("/login", data={"login": "anna@beispiel.at", "password": PASSWORD})
    assert 'data-sends="new_password username"' in (await software.client.get("/settings/password")).text
