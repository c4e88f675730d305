"""`/customers/{id}` and giving a number back (A11, A17), and the same as JSON."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.testing_edges import START
from customer_link.domain.customer_data import CustomerData
from customer_link_builders import ANNA, BERND, CLARA, CLUB, CONCERT, GASTHAUS, INN, a_contact, a_link, some_data
from customer_link_world import Page, World


@pytest.fixture
async def annas(world: World) -> World:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.links.add(a_link(BERND, CLUB))
    return world


async def put(world: World, data: CustomerData) -> None:
    async with world.records() as records:
        await records.customers.put_data(INN.id, data, START)


async def test_a11_data_on_their_way_say_since_when(annas: World) -> None:
    page = await annas.get("anna", f"/customers/{INN.id}")
    assert "Kundennummer 4711 0702" in page.words
    assert "Daten werden geladen Begonnen: gerade eben" in page.words
    assert f'data-hx-get="/customers/{INN.id}/data"' in page.html
    assert (await annas.get("anna", f"/customers/{INN.id}/data")).status == 204
    annas.clock.advance(timedelta(minutes=5))
    late = await annas.get("anna", f"/customers/{INN.id}/data")
    assert "Das Laden der Daten dauert länger als sonst." in late.words
    assert (await annas.get("anna", f"/customers/{INN.id}/data?late=1")).status == 204


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a11_the_data_are_shown(annas: World, language: str) -> None:
    await put(annas, some_data())
    page = await annas.get("anna", f"/customers/{INN.id}", language=language)
    said = {
        "de": ("Hauptplatz 1 1030 Wien", "Gastronomie", "188,40 €", "seit 1. Januar 2024", "Überfällig", "Bezahlt"),
        "en": ("Hauptplatz 1 1030 Wien", "Catering", "€188.40", "since January 1, 2024", "Overdue", "Paid"),
    }
    for words in said[language]:
        assert words in page.words.replace("\u00a0", " ")
    fragment = await annas.get("anna", f"/customers/{INN.id}/data?late=1", language=language)
    assert "Hintergrundmusik" in fragment.words
    assert "data-hx-get" not in fragment.html


async def test_a_number_without_contracts_and_invoices_says_so(annas: World) -> None:
    await put(annas, CustomerData(START, "Gasthaus", (), (), ()))
    page = await annas.get("anna", f"/customers/{INN.id}")
    assert "Zu dieser Kundennummer gibt es keinen Vertrag." in page.words
    assert "Zu dieser Kundennummer gibt es keine Rechnung." in page.words
    assert "Nichts offen" in page.words
    assert (await annas.get("anna", "/customers")).status == 200


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a11_colleagues_with_access_are_named(annas: World, language: str) -> None:
    async with annas.records() as records:
        await records.links.add(a_link(CLARA, CONCERT))
        await records.contacts.add(a_contact(account_id=BERND))
    annas.directory.known = {CLARA: "Clara Winter", BERND: "Bernd Huber", ANNA: "Anna Gruber"}
    page = await annas.get("anna", f"/customers/{INN.id}", language=language)
    assert "Clara Winter" in page.words
    assert "Bernd Huber" in page.words
    assert "Anna Gruber" not in page.words
    assert GASTHAUS.name in page.words
    assert f'href="/tickets?customer={INN.id}"' in page.html
    annas.directory.away = True
    page = await annas.get("anna", f"/customers/{INN.id}", language=language)
    assert page.status == 200
    assert ("Namen" if language == "de" else "Names of colleagues are not available at the moment.") in page.words
    assert CONCERT.number in page.words


async def test_a11_nobody_else_has_access(annas: World) -> None:
    page = await annas.get("bernd", f"/customers/{CLUB.id}")
    assert "Außer Ihnen hat niemand Zugang" in page.words


async def test_a11_who_waits_for_a_minute_may_ask_again_and_is_told_whom_to_call(annas: World) -> None:
    await annas.post("anna", f"/customers/{INN.id}/ask")
    assert await annas.event_names() == []
    annas.clock.advance(timedelta(seconds=61))
    page = await annas.get("anna", f"/customers/{INN.id}")
    assert "Noch einmal anfragen" in page.words
    assert "tel:" in page.html
    for _ in range(2):
        answer = await annas.post("anna", f"/customers/{INN.id}/ask")
    page = await annas.get("anna", answer.location)
    assert "Wir haben die Daten noch einmal angefragt." in page.words
    assert "Noch einmal anfragen" not in page.words
    assert await annas.event_names() == ["customer.data_requested"]
    await put(annas, some_data())
    annas.clock.advance(timedelta(hours=1))
    await annas.post("anna", f"/customers/{INN.id}/ask")
    assert await annas.event_names() == ["customer.data_requested"]


async def test_sec_z02_others_numbers_are_as_unknown_ones(annas: World) -> None:
    await put(annas, some_data())
    for part in ("", "/data", "/unlink"):
        told = {
            _without_request_id(await annas.get("bernd", f"/customers/{wanted}{part}"))
            for wanted in (INN.id, uuid4(), "47110702")
        }
        assert len(told) == 1
        assert "4711" not in told.pop()
    posted = await annas.post("bernd", f"/customers/{INN.id}/unlink", {"idempotency_key": "1"})
    assert posted.status == 404
    assert (await annas.get("anna", f"/customers/{INN.id}")).status == 200


def _without_request_id(page: Page) -> str:
    assert page.status == 404
    return re.sub(r"[0-9a-f]{32}", "", page.words)


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a17_unlinking_asks_once_and_is_done(annas: World, language: str) -> None:
    await put(annas, some_data())
    asked = await annas.get("anna", f"/customers/{INN.id}/unlink", language=language)
    said = {"de": "Verknüpfung mit Kundennummer 4711 0702 lösen?", "en": "Unlink customer number 4711 0702?"}
    assert said[language] in asked.words
    fields = {"idempotency_key": asked.key()}
    for _ in range(2):
        answer = await annas.post("anna", f"/customers/{INN.id}/unlink", fields)
        assert (answer.status, answer.location) == (303, "/customers?unlinked=1")
    page = await annas.get("anna", answer.location, language=language)
    assert "4711 0702" not in page.words
    assert ("nicht mehr mit Ihrem Profil" if language == "de" else "no longer linked") in page.words
    assert await annas.event_names() == ["membership.changed", "link.ended"]
    assert (await annas.get("anna", f"/customers/{INN.id}")).status == 404


async def test_the_data_of_ones_own_numbers_as_json(annas: World) -> None:
    await put(annas, some_data())
    async with annas.client("anna") as program:
        answer = await program.get("/api/v1/customers")
    [customer] = answer.json()["customers"]
    assert (customer["number"], customer["type"], UUID(customer["customer_id"])) == (INN.number, INN.type, INN.id)
    assert customer["data"]["name"] == "Gasthaus Zum Goldenen Ton"
    assert customer["data"]["contracts"][0]["end_date"] is None
    assert customer["data"]["invoices"][0] == {
        "number": "R-3",
        "date": "2026-11-01",
        "due_date": "2026-11-30",
        "amount_cents": 12_840,
        "currency": "EUR",
        "state": "open",
    }
    async with annas.client("bernd") as program:
        [other] = (await program.get("/api/v1/customers")).json()["customers"]
    assert (other["number"], other["data"]) == (CLUB.number, None)
    async with annas.client(None) as program:
        stranger = await program.get("/api/v1/customers")
    assert (stranger.status_code, stranger.headers["content-type"]) == (401, "application/problem+json")
