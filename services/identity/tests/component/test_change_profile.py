"""Settings: what one tells of oneself, and the language of pages and mails."""

import pytest

from identity_harness import PASSWORD, Portal

PAGE = "/settings/profile"
FIELDS = {
    "salutation": "ms",
    "first_name": "Anna",
    "last_name": "Neumann",
    "company": "Gasthaus",
    "street": "Ungargasse 12",
    "postal_code": "1030",
    "city": "Wien",
    "country": "AT",
    "phone": "0043 1 7171",
    "language": "de",
}


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in."""
    await portal.add_account("anna", first_name="Anna", last_name="Muster", city="Graz")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal


async def test_the_profile_is_shown_changed_and_told(anna: Portal) -> None:
    page = (await anna.client.get(PAGE)).text
    for value in ('value="Muster"', 'value="Graz"'):
        assert value in page
    answer = await anna.client.post(PAGE, data=FIELDS)
    assert answer.headers["location"] == f"{PAGE}?notice=saved"
    account = await anna.account("anna")
    assert (account.display_name, account.city, account.phone) == ("Anna Neumann", "Wien", "+43 1 7171")
    assert "Ihr Profil ist gespeichert." in (await anna.client.get(f"{PAGE}?notice=saved")).text
    assert (await anna.event_types())[-2:] == ["account.changed", "account.security_changed"]
    assert "Profil geändert" in (await anna.client.get("/settings/activity")).text
    assert "Neumann" not in str([event.data for event in await anna.events()])


async def test_bad_fields_are_named_and_nothing_is_changed(anna: Portal) -> None:
    page = await anna.client.post(PAGE, data=FIELDS | {"last_name": "", "postal_code": "99"})
    assert page.status_code == 422
    assert "Geben Sie Ihren Nachnamen ein." in page.text
    assert 'value="99"' in page.text
    assert (await anna.account("anna")).last_name == "Muster"


async def test_saving_the_same_tells_nobody(anna: Portal) -> None:
    await anna.client.post(PAGE, data=FIELDS)
    before = await anna.event_types()
    await anna.client.post(PAGE, data=FIELDS)
    assert await anna.event_types() == before


async def test_the_language_is_kept_by_account_and_browser_and_an_unknown_one_changes_nothing(anna: Portal) -> None:
    await anna.client.post(PAGE, data=FIELDS)
    answer = await anna.client.post(PAGE, data=FIELDS | {"language": "en"})
    assert "language=en" in answer.headers["set-cookie"]
    assert (await anna.account("anna")).language == "en"
    assert (await anna.event_types())[-1] == "account.changed"
    await anna.client.post(PAGE, data=FIELDS | {"language": "../etc"})
    assert (await anna.account("anna")).language == "en"
