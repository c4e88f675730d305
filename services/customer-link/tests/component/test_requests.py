"""Requests out of a conflict, their pages, and staff's queue (A13 to A15, S3)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from kundenportal.customer_link.events.v1.events_pb2 import RequestDecided, RequestOpened

from customer_link.domain.activation_code import shown_code
from customer_link.domain.link_request import RequestKind
from customer_link.entrypoints.jobs import EXPIRE_REQUESTS, job_handlers
from customer_link.usecases.describe_request import describe_decided, describe_opened
from customer_link_builders import ANNA, BERND, CLARA, INN, SECOND_INN, a_code, a_link, a_request, give_code
from customer_link_fakes import FakeIdentity
from customer_link_world import PEOPLE, Page, World

WISH = {"reason": "successor", "text": "Ich leite das Gasthaus seit Oktober."}
CODE = shown_code(a_code())


async def held_by_bernd(world: World) -> None:
    """Bernd holds the number; Anna has a code for it."""
    async with world.records() as records:
        await records.links.add(a_link(BERND, INN))
        await give_code(records, INN, a_code())
    world.directory.known = {ANNA: "Anna Huber", BERND: "Bernd Wolf", PEOPLE["monika"].account_id: "Monika Berg"}


async def ask(world: World, name: str = "anna", **changes: str) -> Page:
    return await world.post(name, "/customers/requests", {"code": CODE, "number": "4711 0702", **WISH, **changes})


async def sent(world: World) -> str:
    """The id of a request that Anna has sent."""
    await held_by_bernd(world)
    answer = await ask(world)
    assert answer.status == 303, answer.words
    return answer.location.removeprefix("/customers/requests/").partition("?")[0]


async def decide(world: World, request_id: str, decision: str, name: str = "monika", **fields: str) -> Page:
    return await world.post(name, f"/staff/requests/{request_id}/decide", {"decision": decision, **fields})


async def test_a13_a15_a_request_is_sent_from_the_conflict_and_its_state_is_shown(world: World) -> None:
    await held_by_bernd(world)
    conflict = await world.link("anna", CODE, "4711 0702")
    assert 'formaction="/customers/requests"' in conflict.html
    assert "Ich habe den Betrieb übernommen" in conflict.words
    assert "weiteren Standort" not in conflict.words
    missing = await ask(world, reason="", text="")
    assert (missing.status, "Wählen Sie, warum Sie anfragen" in missing.words) == (422, True)
    assert "Erklären Sie es in wenigen Worten" in missing.words
    assert f'value="{CODE}"' in missing.html
    answer = await ask(world)
    assert answer.location.endswith("?notice=sent")
    assert await world.event_names() == ["request.opened"]
    page = await world.get("anna", answer.location)
    for words in ("Wir haben Ihre Anforderung erhalten.", "Eingegangen", WISH["text"], "Anforderung zurückziehen …"):
        assert words in page.words
    listed = await world.get("anna", "/customers")
    assert "Ihre Anforderungen" in listed.words
    again = await ask(world)
    assert again.location == answer.location.replace("sent", "waits")
    assert await world.event_names() == ["request.opened"]


async def test_a14_a15_a_second_number_of_a_type_is_linked_by_staffs_decision(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, SECOND_INN))
        await give_code(records, INN, a_code())
    assert "weiteren Standort" in (await world.link("anna", CODE, "4711 0702")).words
    answer = await ask(world, reason="second_place")
    place = answer.location.partition("?")[0]
    staff = await world.get("monika", place.replace("customers", "staff"))
    assert 'value="link_also"' in staff.html
    assert 'value="transfer"' not in staff.html
    decided = await decide(world, place.rpartition("/")[2], "link_also")
    assert decided.location.endswith("notice=decided")
    assert "Zusätzlich verknüpft" in (await world.get("anna", place)).words
    assert "sind 2 Kundennummern verknüpft" in (await world.get("anna", "/customers")).words


async def test_sec_z07_a_request_needs_the_right_code_and_fails_like_linking(world: World) -> None:
    await held_by_bernd(world)
    wrong = shown_code(a_code(9))
    asked = await ask(world, code=wrong)
    linked = await world.link("anna", wrong, "4711 0702")
    assert (asked.status, linked.status) == (422, 422)
    assert asked.words == linked.words
    assert "anderen Benutzernamen" not in asked.words
    assert await world.event_names() == []


async def test_a_request_for_what_became_free_links_at_once(world: World) -> None:
    await held_by_bernd(world)
    await world.post("bernd", f"/customers/{INN.id}/unlink")
    assert (await ask(world)).location == f"/customers?linked={INN.id}"


async def test_linking_after_all_ends_the_request(world: World) -> None:
    request_id = await sent(world)
    await world.post("bernd", f"/customers/{INN.id}/unlink")
    assert (await world.link("anna", CODE, "4711 0702")).status == 303
    assert "Zurückgezogen" in (await world.get("anna", f"/customers/requests/{request_id}")).words


async def test_withdrawing_asks_once_more(world: World) -> None:
    request_id = await sent(world)
    place = f"/customers/requests/{request_id}"
    assert "zurückziehen?" in (await world.get("anna", f"{place}/withdraw")).words
    for _ in range(2):
        assert (await world.post("anna", f"{place}/withdraw")).location == f"{place}?notice=withdrawn"
    assert "Ihre Anforderung ist zurückgezogen." in (await world.get("anna", f"{place}?notice=withdrawn")).words
    assert (await world.get("anna", f"{place}/withdraw")).location == f"{place}?notice=ended"
    assert (await decide(world, request_id, "transfer")).location.endswith("notice=ended")
    assert await world.event_names() == ["request.opened", "request.decided"]


async def test_s3_the_queue_shows_age_kind_and_who_has_it(world: World) -> None:
    request_id = await sent(world)
    world.clock.advance(timedelta(days=3))
    queue = await world.get("tarek", "/staff/requests")
    assert "4711 0702" in queue.words
    assert "seit 3 Tagen" in queue.words
    assert "4711 0702" not in (await world.get("tarek", "/staff/requests?kind=type_held")).words
    assert (await world.post("monika", f"/staff/requests/{request_id}/take")).location.endswith("notice=taken")
    assert "In Prüfung Monika Berg" in (await world.get("tarek", "/staff/requests")).words
    assert "4711 0702" in (await world.get("monika", "/staff/requests?show=mine")).words
    assert "4711 0702" not in (await world.get("tarek", "/staff/requests?show=mine")).words
    theirs = await world.get("tarek", f"/staff/requests/{request_id}")
    assert "Monika Berg bearbeitet diese Anforderung." in theirs.words
    assert "/decide" not in theirs.html
    assert (await decide(world, request_id, "transfer", "tarek")).location.endswith("notice=ended")
    await world.post("monika", f"/staff/requests/{request_id}/give-back")
    assert "Eingegangen" in (await world.get("tarek", "/staff/requests")).words
    for query in ("?page=xxx", "?show=nothing&kind=nothing", "?page=" + "e30"):
        assert (await world.get("tarek", f"/staff/requests{query}")).status == 200


async def test_s3_staff_see_both_sides_and_a_page_without_names(world: World) -> None:
    request_id = await sent(world)
    page = await world.get("monika", f"/staff/requests/{request_id}")
    for words in ("Anna Huber", "Bernd Wolf", WISH["text"], "Noch keine Kundennummer verknüpft."):
        assert words in page.words
    world.directory.away = True
    nameless = await world.get("monika", f"/staff/requests/{request_id}")
    assert "Anna Huber" not in nameless.words
    assert "nicht erreichbar" in nameless.words
    assert "/decide" in nameless.html


async def test_s3_a_transfer_ends_and_makes_links_in_one_step_and_both_are_told(world: World) -> None:
    request_id = await sent(world)
    key = (await world.get("monika", f"/staff/requests/{request_id}")).key()
    answers = [await decide(world, request_id, "transfer", idempotency_key=key, answer="Gern.") for _ in range(2)]
    assert {one.location for one in answers} == {f"/staff/requests/{request_id}?notice=decided"}
    names = await world.event_names()
    assert sorted(names) == sorted(
        [
            "request.opened",
            "request.decided",
            "membership.changed",
            "membership.changed",
            "link.ended",
            "link.created",
            "code.used",
            "customer.data_requested",
        ]
    )
    assert (await world.get("bernd", f"/customers/{INN.id}")).status == 404
    assert (await world.get("anna", f"/customers/{INN.id}")).status == 200
    assert (await world.link("clara", CODE, "4711 0702")).status == 422
    async with world.records() as records:
        told = await describe_decided(UUID(request_id), records=records)
    assert told.concerned == ((ANNA, "self"), (BERND, "holder"))
    staff = await world.get("monika", f"/staff/requests/{request_id}")
    assert "verknüpft ist Anna Huber" in staff.words
    assert "Bis zur Entscheidung verknüpft mit: Bernd Wolf" in staff.words
    assert "erhalten" not in (await world.get("anna", f"/customers/requests/{request_id}?notice=sent")).words
    assert (await decide(world, request_id, "refuse", "tarek", answer="Nein")).location.endswith("notice=ended")


async def test_s3_a_refusal_needs_a_reason_that_the_customer_reads(world: World) -> None:
    request_id = await sent(world)
    without = await decide(world, request_id, "refuse")
    assert (without.status, "Begründen Sie die Ablehnung" in without.words) == (422, True)
    assert "Wählen Sie, wie Sie entscheiden" in (await decide(world, request_id, "")).words
    await decide(world, request_id, "refuse", answer="Der Betrieb ist nicht auf Sie angemeldet.")
    page = await world.get("anna", f"/customers/requests/{request_id}")
    assert "Der Betrieb ist nicht auf Sie angemeldet." in page.words
    assert (await world.get("bernd", f"/customers/{INN.id}")).status == 200
    assert "4711 0702" in (await world.get("tarek", "/staff/requests?show=ended")).words
    assert (await ask(world)).location.endswith("notice=sent")


async def test_a_decision_that_holders_no_longer_allow_changes_nothing(world: World) -> None:
    request_id = await sent(world)
    assert (await decide(world, request_id, "link_also")).location.endswith("notice=not_possible")
    page = await world.get("monika", f"/staff/requests/{request_id}?notice=not_possible")
    assert "inzwischen anders verknüpft" in page.words
    await world.post("bernd", f"/customers/{INN.id}/unlink")
    assert (await decide(world, request_id, "transfer")).location.endswith("notice=decided")
    assert (await world.get("anna", f"/customers/{INN.id}")).status == 200


async def test_nobody_who_asks_learns_who_holds_the_number(world: World) -> None:
    request_id = await sent(world)
    place = f"/customers/requests/{request_id}"
    pages = [await world.link("anna", CODE, "4711 0702"), await ask(world, text=""), await world.get("anna", place)]
    async with world.records() as records:
        opened = await describe_opened(UUID(request_id), records=records)
    await decide(world, request_id, "transfer")
    pages += [await world.get("anna", place), await world.get("anna", "/customers")]
    async with world.records() as records:
        decided = await describe_decided(UUID(request_id), records=records)
    secrets = ("Bernd", str(BERND), "Wolf", "Monika", str(PEOPLE["monika"].account_id))
    events = [
        str(event.payload(kind))
        for event in await world.events()
        for kind in (RequestOpened, RequestDecided)
        if event.type.endswith(f"request.{kind.__name__.removeprefix('Request').lower()}.v1")
    ]
    assert len(events) == 2
    told = [*(page.html for page in pages), str(opened.facts), str(decided.facts), *events]
    assert not [secret for secret in secrets for text in told if secret in text]
    assert opened.concerned == ((ANNA, "self"),)


@pytest.mark.parametrize("name", ["bernd", "clara"])
async def test_a_request_of_another_is_no_page(world: World, name: str) -> None:
    request_id = await sent(world)
    for place in (f"/customers/requests/{request_id}", f"/customers/requests/{uuid4()}", "/customers/requests/nothing"):
        assert (await world.get(name, place)).status == 404
        assert (await world.post(name, f"{place}/withdraw")).status == 404


async def test_after_30_days_a_request_ends_and_is_told(world: World) -> None:
    request_id = await sent(world)
    expire = job_handlers(world.core.workplace, FakeIdentity())[EXPIRE_REQUESTS]
    world.clock.advance(timedelta(days=30) - timedelta(seconds=1))
    await expire({})
    assert await world.event_names() == ["request.opened"]
    world.clock.advance(timedelta(seconds=1))
    await expire({})
    assert await world.event_names() == ["request.opened", "request.decided"]
    assert "Abgelaufen" in (await world.get("anna", f"/customers/requests/{request_id}")).words
    async with world.records() as records:
        told = await describe_decided(UUID(request_id), records=records)
    assert (told.facts["outcome"], told.concerned) == ("expired", ((ANNA, "self"),))


async def test_the_request_of_one_does_not_keep_another_from_asking(world: World) -> None:
    await sent(world)
    async with world.records() as records:
        code = await give_code(records, SECOND_INN, a_code(3))
        other = a_request(CLARA, INN, code.id, kind=RequestKind.HELD_BY_ANOTHER)
        assert await records.requests.add(other)
