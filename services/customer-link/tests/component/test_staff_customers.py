"""`/staff/customers`: find, look, name and no longer name contact persons (S4, M2, M2b)."""

import re
from uuid import uuid4

from sqlalchemy import text

from chassis.testing_edges import START
from customer_link.domain.customer_search import search_form, without_digraphs
from customer_link_builders import ANNA, BERND, INN, a_code, a_contact, a_link, a_request, give_code, some_data
from customer_link_world import World

PLACE = f"/staff/customers/{INN.id}"


async def test_s4_staff_find_a_customer_by_any_part_and_filter(world: World) -> None:
    page = await world.get("tarek", "/staff/customers?q=goldenen&type=gastronomie")
    assert "4711 0702" in page.words
    assert "4711 0815" in page.words
    assert "4711 0933" not in page.words
    assert "Niemand gefunden" in (await world.get("tarek", "/staff/customers?q=gibtesnicht")).words
    assert (await world.get("tarek", "/staff/customers?page=x")).status == 422


async def test_s4_pages_of_the_list_follow_one_another(world: World) -> None:
    async with world.database.transaction() as tx:
        await tx.execute(
            text(
                "INSERT INTO customer (id, organisation_id, number, number_key, type, asks) "
                "SELECT gen_random_uuid(), :owner, 'A' || n, 'A' || n, 'handel', 0 FROM generate_series(100, 129) AS n"
            ),
            {"owner": INN.organisation_id},
        )
    first = await world.get("tarek", "/staff/customers?type=handel")
    [following] = re.findall(r'href="(/staff/customers\?type=handel&amp;page=[^"]+)"', first.html)
    second = await world.get("tarek", following.replace("&amp;", "&"))
    assert "A124" in first.words
    assert "A125" not in first.words
    assert "A124" not in second.words
    assert "A129" in second.words


async def test_s4_one_view_has_everything_and_remembers_who_looked(world: World) -> None:
    async with world.records() as records:
        await records.customers.put_data(INN.id, some_data(), START)
        await records.links.add(a_link(BERND, INN))
        await records.links.end(BERND, INN.id, START)
        await records.links.add(a_link(ANNA, INN))
        await records.contacts.add(a_contact())
    page = await world.get("tarek", PLACE)
    for words in ("Gasthaus Zum Goldenen Ton", "Anna", "Bernd", "Beendet", "Martha Gold", "188,40", "4711 0815"):
        assert words in page.words
    assert "Tarek" not in page.words
    assert "Tarek" in (await world.get("ines", PLACE)).words
    assert (await world.get("tarek", f"/staff/customers/{uuid4()}")).status == 404
    assert (await world.get("tarek", "/staff/customers/x")).status == 404


async def test_s4_requests_about_the_number_lead_to_themselves(world: World) -> None:
    assert 'id="requests"' not in (await world.get("tarek", PLACE)).html
    async with world.records() as records:
        asked = a_request(ANNA, INN, (await give_code(records, INN, a_code())).id)
        await records.requests.add(asked)
    page = await world.get("tarek", PLACE)
    assert f'href="/staff/requests/{asked.id}"' in page.html
    for words in ("Kundennummer eines anderen Benutzernamens", "Anna", "Eingegangen"):
        assert words in page.words


async def test_without_identity_the_page_is_there_without_names(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    world.directory.away = True
    page = await world.get("tarek", PLACE)
    assert page.status == 200
    assert "Die Namen lassen sich gerade nicht anzeigen." in page.words
    assert "Anna" not in page.words


async def test_staff_ask_for_the_data_anew(world: World) -> None:
    answer = await world.post("tarek", f"{PLACE}/ask")
    page = await world.get("tarek", answer.location)
    assert "Die Daten sind angefordert." in page.words
    assert await world.event_names() == ["customer.data_requested"]
    assert (await world.post("tarek", f"/staff/customers/{uuid4()}/ask")).status == 404


async def test_m2_staff_name_a_contact_person_once(world: World) -> None:
    key = (await world.get("tarek", PLACE)).key()
    fields = {"display_name": "Zoe Klang", "email": " Zoe@example.com ", "idempotency_key": key}
    for _ in range(2):
        answer = await world.post("tarek", f"{PLACE}/contacts", fields)
        assert (answer.status, answer.location) == (303, f"{PLACE}?notice=named")
    page = await world.get("tarek", answer.location)
    assert "Zoe Klang" in page.words
    assert await world.event_names() == ["contact.changed"]
    again = await world.post("tarek", f"{PLACE}/contacts", {**fields, "idempotency_key": ""})
    assert again.status == 422
    assert "Diese Adresse ist für die Organisation schon benannt" in again.words
    wrong = await world.post("tarek", f"{PLACE}/contacts", {"display_name": "Zoe", "email": "zoe"})
    assert (wrong.status, 'value="Zoe"' in wrong.html) == (422, True)
    empty = await world.post("tarek", f"{PLACE}/contacts", {"display_name": " ", "email": ""})
    assert "Bitte prüfen Sie 2 Angaben" in empty.words
    nameless = await world.post("tarek", f"{PLACE}/contacts", {"display_name": " ", "email": "a@example.com"})
    assert "Geben Sie den Namen der Person ein" in nameless.words


async def test_m2b_who_is_no_longer_named_is_out(world: World) -> None:
    martha = a_contact(account_id=BERND)
    async with world.records() as records:
        await records.contacts.add(martha)
    remove = f"{PLACE}/contacts/{martha.id}/remove"
    assert "Martha Gold" in (await world.get("tarek", remove)).words
    assert await world.event_names() == []
    answer = await world.post("tarek", remove)
    assert "nicht mehr benannt" in (await world.get("tarek", answer.location)).words
    assert sorted(await world.event_names()) == ["contact.changed", "membership.changed"]
    assert (await world.post("tarek", remove)).status == 303
    assert len(await world.event_names()) == 2
    assert (await world.get("tarek", remove)).status == 404


async def test_the_database_folds_words_as_the_rules_do(world: World) -> None:
    words = ["Müller & Söhne GmbH", "ẞtraße", "ﬁeld", "Łódź", "Ærø", "MÜNCHEN ", "e\u0301", "Đorđe", "İstanbul"]
    async with world.database.transaction() as tx:
        for word in words:
            folded = await tx.scalar(text("SELECT search_form(:word)"), {"word": word})
            assert folded == search_form(word), word
            plain = await tx.scalar(text("SELECT search_without_digraphs(:form)"), {"form": folded})
            assert plain == without_digraphs(folded)
