"""Registration to first login, over HTTP on a real database (A3 to A8)."""

from collections.abc import AsyncIterator

import pytest

from identity.domain.account import AccountState
from identity_harness import PASSWORD, REGISTRATION, Portal, hidden, open_portal
from portal_fixtures import DatabaseFactory


@pytest.fixture
async def portal(database_factory: DatabaseFactory) -> AsyncIterator[Portal]:
    async with open_portal(await database_factory("identity")) as opened:
        yield opened


async def test_registering_confirming_and_logging_in(portal: Portal) -> None:
    page = await portal.client.get("/register")
    assert page.status_code == 200
    form = REGISTRATION | {"idempotency_key": hidden(page.text, "idempotency_key")}
    sent = await portal.client.post("/register", data=form)
    assert (sent.status_code, sent.headers["location"]) == (303, "/register/sent")
    assert "Spam" in (await portal.client.get("/register/sent")).text
    assert await portal.event_types() == ["account.registered", "challenge.issued"]

    link = await portal.last_link()
    opened = await portal.client.get(link)
    assert opened.status_code == 200
    assert "anna.muster" in opened.text
    assert (await portal.account("anna.muster")).state is AccountState.UNCONFIRMED

    confirmed = await portal.client.post(link, data={"password": PASSWORD})
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/?notice=confirmed")
    overview = await portal.client.get("/?notice=confirmed")
    assert "Willkommen, Anna Muster" in overview.text
    assert (await portal.account("anna.muster")).state is AccountState.ACTIVE

    out = await portal.client.post("/logout")
    assert out.headers["location"] == "/login?notice=signed_out"
    assert "Neuer Kunde?" in (await portal.client.get("/")).text
    again = await portal.client.post("/login", data={"login": "anna.muster", "password": PASSWORD})
    assert (again.status_code, again.headers["location"]) == (303, "/")
