"""No password, token, secret or code in a table, an event or a log (A09)."""

import structlog

from identity.domain.one_time_code import secret_text
from identity_harness import PASSWORD, REGISTRATION, Portal

NEW = "noch ruhigere Wasserfarben"


async def test_sec_a09_after_every_journey_no_canary_is_found(portal: Portal) -> None:
    _, secret = await portal.add_staff("agent")
    with structlog.testing.capture_logs() as logs:
        canaries = await _journeys(portal, secret)
    everything = await portal.dump() + str(logs) + str([event.to_cloudevent() for event in await portal.events()])
    assert [name for name, canary in canaries.items() if canary in everything] == []


async def test_sec_a09_no_page_about_an_error_repeats_a_secret(portal: Portal) -> None:
    await portal.add_account("anna.muster")
    await portal.client.post("/password/forgot", data={"login": "anna.muster"})
    canary, link = "Passwort2026", await portal.last_link()
    pages = [
        await portal.client.post("/login", data={"login": "anna.muster", "password": canary}),
        await portal.client.post("/register", data=REGISTRATION | {"password": canary}),
        await portal.client.post(link, data={"password": canary}),
        await portal.client.post("/c/nothing", data={"password": canary}),
    ]
    assert [page.status_code for page in pages] == [422, 422, 422, 410]
    assert not any(canary in page.text for page in pages)


async def test_events_carry_no_personal_data(portal: Portal) -> None:
    await _journeys(portal, (await portal.add_staff("agent"))[1])
    said = str([event.to_cloudevent() for event in await portal.events()])
    for personal in ("anna", "Muster", "beispiel.at", "Gasthaus", "Firefox", "203.0.113.7"):
        assert personal not in said


async def _journeys(portal: Portal, secret: bytes) -> dict[str, str]:
    client = portal.client
    await client.post("/register", data=REGISTRATION | {"idempotency_key": "k"})
    link = await portal.last_link()
    await client.post(link, data={"password": PASSWORD})
    session = client.cookies["session"]
    device = client.cookies["device"]
    await client.post("/settings/password", data={"current_password": PASSWORD, "new_password": NEW})
    await client.post("/password/forgot", data={"login": "anna.muster"})
    reset = await portal.last_link()
    await client.post("/settings/email", data={"email": "neu@beispiel.at"})
    objection = await portal.last_link()
    code = portal.code(secret)
    staff = portal.browser()
    await staff.post("/login", data={"login": "agent", "password": PASSWORD})
    await staff.post("/login/code", data={"code": code})
    return {
        "password": PASSWORD,
        "new password": NEW,
        "confirmation link": link.removeprefix("/c/"),
        "reset link": reset.removeprefix("/c/"),
        "objection link": objection.removeprefix("/c/"),
        "session": session,
        "new session": client.cookies["session"],
        "device": device,
        "staff session": staff.cookies["session"],
        "second factor": secret_text(secret),
        "second factor, hex": secret.hex(),
        "source address": "203.0.113.7",
    }
