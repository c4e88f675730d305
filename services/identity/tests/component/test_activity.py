"""What happened to one's account, and what staff looked at (S4); devices with names."""

from dataclasses import replace
from uuid import uuid4

import pytest

from identity.domain.history import ActorKind, HistoryAction
from identity_builders import an_entry
from identity_harness import PASSWORD, Portal


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in."""
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal


async def test_ones_own_logins_and_the_looks_of_staff_are_told_with_the_reason(anna: Portal) -> None:
    account, staff = await anna.account("anna"), await anna.add_account("tina", roles=frozenset({"agent"}))
    look = an_entry(
        account,
        at=anna.clock(),
        actor_kind=ActorKind.STAFF,
        actor_id=staff.id,
        action=HistoryAction.LOOKED_AT,
        reason="Anruf wegen der Rechnung <i>",
    )
    async with anna.core.database.transaction() as tx:
        await anna.core.records(tx).history.add(look)
    page = (await anna.client.get("/settings/activity")).text
    for words in ("Angemeldet", "Firefox, Windows", "unser Team", "Anruf wegen der Rechnung &lt;i&gt;"):
        assert words in page
    assert "Tina" not in page


async def test_longer_histories_have_pages_and_nobody_reads_anothers(anna: Portal) -> None:
    account, other = await anna.account("anna"), await anna.add_account("berta")
    async with anna.core.database.transaction() as tx:
        for number in range(25):
            entry = an_entry(account, at=anna.clock(), reason=f"Eintrag-{number:02}", actor_kind=ActorKind.SYSTEM)
            await anna.core.records(tx).history.add(entry)
        await anna.core.records(tx).history.add(an_entry(other, at=anna.clock(), reason="Bertas"))
    first = (await anna.client.get("/settings/activity")).text
    older = first.partition('href="/settings/activity?older=')[2].partition('"')[0]
    second = (await anna.client.get(f"/settings/activity?older={older}")).text
    shown = [[f"Eintrag-{number:02}" in page for number in range(25)] for page in (first, second)]
    assert all(one != two for one, two in zip(*shown, strict=True))
    assert "Bertas" not in first + second
    assert (await anna.client.get("/settings/activity?older=x")).status_code == 422


async def remember(portal: Portal) -> str:
    """Makes Anna's session a remembered one."""
    account = await portal.account("anna")
    async with portal.core.database.transaction() as tx:
        sessions = portal.core.records(tx).sessions
        (session,) = await sessions.of_account(account.id)
        await sessions.delete(account.id)
        await sessions.add(replace(session, remembered=True))
    return f"/settings/sessions/{session.id}/name"


async def test_a_remembered_device_is_given_a_name(anna: Portal) -> None:
    path = await remember(anna)
    assert path in (await anna.client.get("/settings/sessions")).text
    assert "Name des Geräts" in (await anna.client.get(path)).text
    answer = await anna.client.post(path, data={"device_name": " Büro-Laptop <b> "})
    assert answer.headers["location"] == "/settings/sessions?notice=renamed"
    assert "Büro-Laptop &lt;b&gt;" in (await anna.client.get("/settings/sessions?notice=renamed")).text
    page = await anna.client.post(path, data={"device_name": "x" * 41})
    assert page.status_code == 422
    assert "Der Name ist zu lang." in page.text


async def test_nobody_names_the_devices_of_others(anna: Portal) -> None:
    path = await remember(anna)
    await anna.add_account("berta")
    berta = anna.browser()
    await berta.post("/login", data={"login": "berta", "password": PASSWORD})
    for place in (path, f"/settings/sessions/{uuid4()}/name"):
        assert (await berta.get(place)).status_code == 404
        assert (await berta.post(place, data={"device_name": "Meins"})).status_code == 404
