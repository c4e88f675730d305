"""`/customers`: the form, what is said under it, and the list (A9, A11 to A14, A16)."""

from datetime import timedelta
from uuid import UUID

import pytest

from chassis.testing_edges import START
from customer_link.domain.activation_code import shown_code
from customer_link.domain.guesses import PER_ACCOUNT_A_DAY
from customer_link_builders import ANNA, BERND, CONCERT, INN, SECOND_INN, a_code, a_link, give_code, some_data
from customer_link_world import World


async def code_for(world: World, seed: int = 7) -> str:
    async with world.records() as records:
        await give_code(records, INN, a_code(seed))
    return shown_code(a_code(seed))


async def test_a9_the_page_has_the_words_of_the_seed(world: World) -> None:
    page = await world.get("anna", "/customers")
    for words in (
        "Zugeordnete Kundennummern",
        "Freischaltcode",
        "Um eine zusätzliche Kundennummer mit Ihrem Profil zu verbinden, geben Sie hier Ihren Freischaltcode",
        "Freischaltcode *",
        "Kundennummer *",
        "auf Ihrer aktuellen Rechnung",
        "Ihrem/Ihrer KundenbetreuerIn",
        "Gültigkeitsdatum",
        "Verknüpfen",
        "Noch ist keine Kundennummer verknüpft.",
    ):
        assert words in page.words
    assert page.title.startswith("Zugeordnete Kundennummern")


async def test_the_page_speaks_english(world: World) -> None:
    page = await world.get("anna", "/customers", language="en")
    assert "Linked customer numbers" in page.words
    assert "No customer number is linked yet." in page.words


async def test_strangers_are_sent_to_the_login(world: World) -> None:
    page = await world.get(None, "/customers")
    assert (page.status, page.location) == (303, "/login?next=/customers")


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a11_a_number_is_linked_and_its_data_come(world: World, language: str) -> None:
    code = await code_for(world)
    answer = await world.link("anna", f" {code.lower()} ", "4711-0702")
    assert (answer.status, answer.location) == (303, f"/customers?linked={INN.id}")
    assert await world.event_names() == [
        "membership.changed",
        "link.created",
        "code.used",
        "customer.data_requested",
    ]
    loading = await world.get("anna", answer.location, language=language)
    said = {
        "de": ("Die Kundennummer 4711 0702 ist jetzt mit Ihrem Profil verknüpft.", "Angefragt: gerade eben"),
        "en": ("Customer number 4711 0702 is linked to your profile now.", "Asked for: just now"),
    }
    assert all(words in loading.words for words in said[language])
    assert 'data-hx-get="/customers/list?seen=w"' in loading.html
    async with world.records() as records:
        await records.customers.put_data(INN.id, some_data(), START)
    loaded = await world.get("anna", "/customers", language=language)
    assert "Gasthaus Zum Goldenen Ton" in loaded.words
    assert ("188,40" if language == "de" else "188.40") in loaded.words
    assert 'data-hx-get="/customers' not in loaded.html


async def test_the_list_is_sent_anew_only_when_it_changed(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    assert (await world.get("anna", "/customers/list?seen=w")).status == 204
    world.clock.advance(timedelta(minutes=3))
    late = await world.get("anna", "/customers/list?seen=w")
    assert "es dauert länger als sonst" in late.words
    assert "every 30s" in late.html
    async with world.records() as records:
        await records.customers.put_data(INN.id, some_data(), START)
    loaded = await world.get("anna", "/customers/list?seen=l")
    assert "Hauptplatz" not in loaded.words
    assert "1030 Wien" in loaded.words
    assert (await world.get("anna", "/customers/list?seen=d")).status == 204


async def test_loading_by_itself_does_not_keep_a_session_alive(world: World) -> None:
    await world.get("anna", "/customers/list?seen=")
    assert world.sessions.active == []
    await world.get("anna", "/customers")
    assert len(world.sessions.active) == 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Geben Sie Ihren Freischaltcode ein"),
        ("7K4M-9QXD", "Ein Freischaltcode hat 12 Zeichen"),
        ("OK4M-9QXD-3FWH", "„O“ kommt in keinem Freischaltcode vor"),
        ("RIGHT", "Im Freischaltcode steckt ein Tippfehler"),
    ],
)
async def test_a12_typos_are_told_and_never_count(world: World, code: str, words: str) -> None:
    right = await code_for(world)
    typed = f"{right[1]}{right[0]}{right[2:]}" if code == "RIGHT" else code
    for _ in range(PER_ACCOUNT_A_DAY + 1):
        page = await world.link("anna", typed, "4711 0702")
    assert (page.status, words in page.words, page.title[:8]) == (422, True, "Fehler: ")
    assert f'value="{typed}"' in page.html or not typed
    assert 'value="4711 0702"' in page.html
    assert (await world.link("anna", right, "4711 0702")).status == 303


async def test_both_fields_are_needed(world: World) -> None:
    page = await world.link("anna", "", "")
    assert "Geben Sie Ihre Kundennummer ein" in page.words
    assert page.html.count('href="#code"') == page.html.count('href="#number"') == 1
    long = await world.link("anna", a_code(), "4" * 41)
    assert "Eine Kundennummer hat höchstens 40 Zeichen" in long.words


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a12_the_neutral_answer_helps_the_honest(world: World, language: str) -> None:
    await code_for(world)
    page = await world.link("anna", shown_code(a_code(9)), "4711 0702", language=language)
    said = {
        "de": "Dieser Freischaltcode passt nicht zu dieser Kundennummer, oder er ist nicht mehr gültig.",
        "en": "This activation code does not fit this customer number, or it is no longer valid.",
    }
    assert (page.status, said[language] in page.words) == (422, True)
    assert "050 717-0" in page.words
    assert page.title.startswith(("Fehler: ", "Error: "))


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a13_a_number_of_another_is_told_in_place(world: World, language: str) -> None:
    async with world.records() as records:
        await records.links.add(a_link(BERND, INN))
    page = await world.link("anna", await code_for(world), "4711 0702", language=language)
    said = {
        "de": "Diese Kundennummer ist bereits einem anderen Benutzernamen zugeordnet.",
        "en": "This customer number is already linked to another user name.",
    }
    assert (page.status, said[language] in page.words) == (409, True)
    assert ("Anforderung senden" if language == "de" else "Send request") in page.words
    assert await world.event_names() == []
    async with world.records() as records:
        await records.links.end(BERND, INN.id, START)
    assert (await world.link("anna", shown_code(a_code()), "4711 0702")).status == 303


async def test_sec_z10_a14_a_second_number_of_a_type_is_told_in_place(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, SECOND_INN))
    page = await world.link("anna", await code_for(world), "4711 0702")
    assert page.status == 409
    assert "Sie haben bereits eine Kundennummer dieses Typs zugeordnet." in page.words


async def test_ones_own_number_is_told_to_be_there(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    page = await world.link("anna", await code_for(world), "4711 0702")
    assert "Diese Kundennummer ist bereits mit Ihrem Profil verknüpft." in page.words


async def test_a16_several_numbers_are_listed(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.links.add(a_link(ANNA, CONCERT, START - timedelta(days=400)))
        await records.customers.put_data(INN.id, some_data(), START)
    page = await world.get("anna", "/customers")
    assert "Mit Ihrem Profil sind 2 Kundennummern verknüpft. Die Daten zu einer werden noch geladen." in page.words
    assert page.words.index("4711 0933") < page.words.index("4711 0702")
    assert "Veranstaltung" in page.words
    assert "Überfällig" in page.words


@pytest.mark.parametrize("language", ["de", "en"])
async def test_sec_z08_too_many_failures_pause_the_form(world: World, language: str) -> None:
    code = await code_for(world)
    for _ in range(PER_ACCOUNT_A_DAY):
        await world.link("anna", shown_code(a_code(9)), "4711 0702")
    page = await world.link("anna", code, "4711 0702", language=language)
    assert (page.status, page.response.headers["retry-after"]) == (429, str(24 * 3600 + 1))
    assert "23. November 2026, 10:00" in page.words or "November 23, 2026" in page.words
    assert "050 717-0" in page.words
    world.clock.advance(timedelta(days=1))
    assert (await world.link("anna", code, "4711 0702")).status == 303


async def test_a_double_click_links_once_and_counts_once(world: World) -> None:
    code = await code_for(world)
    key = (await world.get("anna", "/customers")).key()
    answers = [await world.link("anna", code, "4711 0702", key=key) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"/customers?linked={INN.id}"}
    assert (await world.event_names()).count("link.created") == 1
    other = (await world.get("bernd", "/customers")).key()
    for _ in range(PER_ACCOUNT_A_DAY + 1):
        page = await world.link("bernd", code, "4711 0702", key=other)
    assert page.status == 422


async def test_a_notice_names_only_ones_own_number(world: World) -> None:
    page = await world.get("anna", f"/customers?linked={INN.id}")
    assert "jetzt mit Ihrem Profil verknüpft" not in page.words
    strange = await world.get("anna", f"/customers?linked={UUID(int=5)}%22%3E")
    assert strange.status == 200


async def test_a_form_from_another_site_is_refused(world: World) -> None:
    async with world.client("anna") as browser:
        headers = {"Sec-Fetch-Site": "cross-site"}
        answer = await browser.post("/customers", data={"code": a_code(), "number": "1"}, headers=headers)
    assert answer.status_code == 403
    assert a_code() not in answer.text
