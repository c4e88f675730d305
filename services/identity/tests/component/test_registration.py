"""Registration to first login (A3 to A8)."""

import re

import httpx
import pytest

from identity.domain.account import AccountState
from identity.domain.challenge import Purpose
from identity.domain.profile import Profile
from identity_harness import PASSWORD, REGISTRATION, Portal, hidden


async def register(portal: Portal, **changes: str) -> httpx.Response:
    return await portal.client.post("/register", data=REGISTRATION | changes)


async def test_registering_confirming_and_logging_in(portal: Portal) -> None:
    page = await portal.client.get("/register")
    sent = await register(portal, idempotency_key=hidden(page.text, "idempotency_key"))
    assert (sent.status_code, sent.headers["location"]) == (303, "/register/sent")
    assert "Spam" in (await portal.client.get("/register/sent")).text
    assert await portal.event_types() == ["account.registered", "challenge.issued"]

    link = await portal.last_link()
    opened = await portal.client.get(link)
    assert "anna.muster" in opened.text
    assert (await portal.account("anna.muster")).state is AccountState.UNCONFIRMED

    confirmed = await portal.client.post(link, data={"password": PASSWORD})
    assert (confirmed.status_code, confirmed.headers["location"]) == (303, "/?notice=confirmed")
    overview = await portal.client.get("/?notice=confirmed")
    assert "Willkommen, Anna Muster" in overview.text
    assert "Ihre E-Mail-Adresse ist bestätigt" in overview.text
    assert (await portal.account("anna.muster")).state is AccountState.ACTIVE

    assert (await portal.client.post("/logout")).headers["location"] == "/login?notice=signed_out"
    assert "Neuer Kunde?" in (await portal.client.get("/")).text
    again = await portal.client.post("/login", data={"login": "anna.muster", "password": PASSWORD})
    assert (again.status_code, again.headers["location"]) == (303, "/")


async def test_every_bad_field_is_named_beside_it_and_in_the_summary_and_nothing_typed_is_lost(portal: Portal) -> None:
    page = await portal.client.post(
        "/register",
        data={
            "username": "a b",
            "salutation": "diverse",
            "first_name": "Anna",
            "city": "Wien",
            "country": "CH",
            "phone": "keine",
            "email": "keine@",
            "password": "kurz",
        },
    )
    assert page.status_code == 422
    assert "<title>Fehler: Benutzerkonto anlegen" in page.text
    wrong = ["last_name", "street", "postal_code", "email", "phone", "username", "password", "consent"]
    assert re.findall(r'<a href="#([a-z_]+)">', page.text.partition("</ul>")[0].rpartition("<ul>")[2]) == wrong
    for field in wrong:
        assert f'id="{field}-error"' in page.text
    for kept in ('value="a b"', 'value="Anna"', 'value="Wien"', 'value="keine"', 'value="keine@"'):
        assert kept in page.text
    assert re.findall(r'<option value="(\w+)" selected>', page.text) == ["diverse", "CH"]
    assert "kurz" not in page.text.replace("zu kurz", "")
    assert await portal.events() == []


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("username", "", "Wählen Sie einen Benutzernamen."),
        ("username", "ab", "Ein Benutzername hat 3 bis 40 Zeichen"),
        ("first_name", "x" * 101, "Der Vorname ist zu lang"),
        ("last_name", " ", "Geben Sie Ihren Nachnamen ein."),
        ("company", "x" * 101, "Der Name der Firma ist zu lang"),
        ("first_name", "www://x", "Prüfen Sie den Vornamen"),
        ("street", "", "Geben Sie Straße und Hausnummer ein."),
        ("postal_code", "88131", "Sie passt nicht zu dem Land"),
        ("city", "x" * 101, "Der Name des Ortes ist zu lang"),
        ("country", "XX", "Wählen Sie das Land aus der Liste."),
        ("phone", "ruf an", "Prüfen Sie die Telefonnummer"),
        ("salutation", "dr", "Wählen Sie, wie wir Sie ansprechen dürfen."),
        ("email", "anna@", "Prüfen Sie die E-Mail-Adresse"),
        ("email", "anna@example.com\r\nBcc: x@example.com", "Prüfen Sie die E-Mail-Adresse"),
        ("password", "elf zeichen", "Verwenden Sie mindestens 12 Zeichen"),
        ("password", "x9 k" * 33, "Verwenden Sie höchstens 128 Zeichen"),
        ("password", "Kundenportal2026", "leicht zu erraten"),
        ("password", "AnnaMuster2026", "aus Ihrem Namen"),
    ],
)
async def test_bad_values_are_explained(portal: Portal, field: str, value: str, message: str) -> None:
    page = await register(portal, **{field: value})
    assert page.status_code == 422
    assert message in page.text


async def test_what_was_told_is_kept_with_the_terms_and_their_time(portal: Portal) -> None:
    await register(portal, salutation="ms", phone="0043 1 5550410", first_name=" Anna ")
    account = await portal.account("anna.muster")
    assert account.profile == Profile(
        salutation="ms",
        first_name="Anna",
        last_name="Muster",
        company="Gasthaus Zum Goldenen Ton",
        street="Ungargasse 12",
        postal_code="1030",
        city="Wien",
        country="AT",
        phone="+43 1 5550410",
    )
    assert (account.terms_version, account.terms_accepted_at) == ("2026-11", portal.clock())


async def test_the_terms_can_be_read_in_the_version_that_is_agreed_to(portal: Portal) -> None:
    form = await portal.client.get("/register")
    assert '<a href="/terms">Nutzungsbedingungen lesen</a> (Fassung 2026-11)' in form.text
    for language, heading in (("de", "Nutzungsbedingungen"), ("en", "Terms of use")):
        page = await portal.browser(language).get("/terms")
        assert f"<h1>{heading}</h1>" in page.text
        assert "2026-11" in page.text


async def test_browsers_can_fill_in_every_field(portal: Portal) -> None:
    """WCAG 1.3.5: the purpose of each field about the person is told."""
    page = (await portal.client.get("/register")).text
    told = dict(re.findall(r'name="(\w+)"[^>]*autocomplete="([\w-]+)"', page))
    assert told == {
        "salutation": "honorific-prefix",
        "first_name": "given-name",
        "last_name": "family-name",
        "company": "organization",
        "street": "address-line1",
        "postal_code": "postal-code",
        "city": "address-level2",
        "country": "country",
        "email": "email",
        "phone": "tel",
        "username": "username",
        "password": "new-password",
    }


async def test_countries_are_listed_in_the_readers_language(portal: Portal) -> None:
    german, english = [(await portal.browser(language).get("/register")).text for language in ("de", "en")]
    assert '<option value="AT" selected>Österreich</option>' in german
    assert '<option value="AT" selected>Austria</option>' in english
    names = re.findall(r'<option value="[A-Z]{2}"[^>]*>([^<]+)</option>', german)
    assert len(names) == 249
    assert names.index("Ägypten") < names.index("Belgien") < names.index("Österreich") < names.index("Polen")


async def test_a_taken_name_is_said_in_place(portal: Portal) -> None:
    await portal.add_account("Anna.Muster")
    page = await register(portal, email="neu@beispiel.at")
    assert page.status_code == 422
    assert "schon vergeben" in page.text
    assert 'value="neu@beispiel.at"' in page.text
    assert await portal.events() == []


async def test_a_double_click_registers_once(portal: Portal) -> None:
    for _ in range(2):
        answer = await register(portal, idempotency_key="the-same-key")
        assert (answer.status_code, answer.headers["location"]) == (303, "/register/sent")
    assert await portal.event_types() == ["account.registered", "challenge.issued"]


async def test_a_changed_password_after_going_back_is_a_new_action(portal: Portal) -> None:
    await register(portal, idempotency_key="the-same-key")
    page = await register(portal, idempotency_key="the-same-key", password="andere ruhige Wasserfarben")
    assert page.status_code == 422


async def test_sec_a01_an_existing_address_gets_the_same_answer_and_another_mail(portal: Portal) -> None:
    owner = await portal.add_account("owner", email="anna@beispiel.at")
    unknown = await register(portal, username="fremd.eins", email="fremd@beispiel.at")
    known = await register(portal, username="fremd.zwei")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    changing = {"x-request-id"}
    assert {name: value for name, value in known.headers.items() if name not in changing} == {
        name: value for name, value in unknown.headers.items() if name not in changing
    }
    challenge = await portal.last_challenge()
    assert (challenge.purpose, challenge.account_id) == (Purpose.REGISTRATION_EXISTS, owner.id)


async def test_logging_in_before_confirming_is_refused_with_a_way_to_send_again(portal: Portal) -> None:
    await register(portal)
    first = await portal.last_link()
    refused = await portal.client.post("/login", data={"login": "anna.muster", "password": PASSWORD})
    assert refused.status_code == 403
    assert "Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse" in refused.text
    assert "set-cookie" not in refused.headers
    again = await portal.client.post("/login/again", data={"ticket": hidden(refused.text, "ticket")})
    assert again.headers["location"] == "/register/sent"
    second = await portal.last_link()
    assert second != first
    assert (await portal.client.get(first)).status_code == 410
    assert (await portal.client.get(second)).status_code == 200


async def test_an_unconfirmed_account_looks_unknown_to_a_wrong_password(portal: Portal) -> None:
    await register(portal)
    wrong = await portal.client.post("/login", data={"login": "anna.muster", "password": "falsch"})
    unknown = await portal.client.post("/login", data={"login": "xnna.muster", "password": "falsch"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("anna.muster", "") == unknown.text.replace("xnna.muster", "")


async def test_a_registration_with_a_known_address_behaves_like_any_other_before_it_is_confirmed(
    portal: Portal,
) -> None:
    await portal.add_account("owner", email="anna@beispiel.at")
    await register(portal)
    refused = await portal.client.post("/login", data={"login": "anna.muster", "password": PASSWORD})
    assert refused.status_code == 403
    await portal.client.post("/login/again", data={"ticket": hidden(refused.text, "ticket")})
    assert (await portal.last_challenge()).purpose is Purpose.REGISTRATION_EXISTS


async def test_a_forged_or_old_ticket_sends_nothing(portal: Portal) -> None:
    await register(portal)
    refused = await portal.client.post("/login", data={"login": "anna.muster", "password": PASSWORD})
    ticket = hidden(refused.text, "ticket")
    portal.clock.forward(minutes=15)
    for bad in (ticket, "x", ""):
        answer = await portal.client.post("/login/again", data={"ticket": bad})
        assert answer.headers["location"] == "/login"
    assert len(await portal.events()) == 2


async def test_confirming_needs_the_password_of_the_registration(portal: Portal) -> None:
    await register(portal)
    link = await portal.last_link()
    for password, message in (("", "Geben Sie Ihr Passwort ein."), ("falsch", "nicht das Passwort zu diesem")):
        page = await portal.client.post(link, data={"password": password})
        assert page.status_code == 422
        assert message in page.text
    assert (await portal.account("anna.muster")).state is AccountState.UNCONFIRMED


async def test_whoever_reads_a_foreign_mail_cannot_guess_on(portal: Portal) -> None:
    await register(portal)
    link = await portal.last_link()
    answers = [await portal.client.post(link, data={"password": f"falsch {n}"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


async def test_it_was_not_me(portal: Portal) -> None:
    await register(portal)
    link = await portal.last_link()
    asked = await portal.client.get(f"{link}/disown")
    assert "Diese Registrierung löschen?" in asked.text
    assert (await portal.account("anna.muster")).state is AccountState.UNCONFIRMED
    deleted = await portal.client.post(f"{link}/disown")
    assert deleted.headers["location"] == "/login?notice=disowned"
    assert "Die Registrierung ist gelöscht" in (await portal.client.get("/login?notice=disowned")).text
    assert (await portal.event_types())[-1] == "account.closed"
    assert (await portal.client.get(link)).status_code == 410
    assert (await portal.client.post(f"{link}/disown")).status_code == 410
    assert (await register(portal)).status_code == 303


async def test_an_expired_link_offers_a_new_mail(portal: Portal) -> None:
    await register(portal)
    link = await portal.last_link()
    portal.clock.forward(hours=24)
    page = await portal.client.get(link)
    assert page.status_code == 410
    assert f'action="{link}/again"' in page.text
    assert (await portal.client.post(f"{link}/again")).headers["location"] == "/register/sent"
    assert (await portal.client.get(await portal.last_link())).status_code == 200


async def test_registrations_are_throttled_by_their_source(portal: Portal) -> None:
    limited = portal.core.settings.registrations_per_hour
    for number in range(limited):
        await register(portal, username=f"anna{number}", email=f"anna{number}@beispiel.at")
    page = await register(portal, username="zuviel")
    assert page.status_code == 429
    assert int(page.headers["retry-after"]) <= 301
    assert 'value="zuviel"' in page.text


async def test_whoever_is_signed_in_needs_no_registration(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    assert (await portal.client.get("/register")).headers["location"] == "/"


async def test_a_closed_portal_has_no_registration(software: Portal) -> None:
    assert (await software.client.get("/terms")).status_code == 404
    for answer in (await software.client.get("/register"), await software.client.post("/register", data=REGISTRATION)):
        assert answer.status_code == 404
    assert await software.events() == []
