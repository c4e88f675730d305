"""The staff's side: queue, taking, assigning, answering, noting."""

from uuid import UUID

import pytest

from portal_fixtures import DatabaseFactory
from ticketing_world import PEOPLE, World

SECRET = "Der Index ist schuld, intern bleiben!"


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"))


async def test_the_queue_shows_what_is_unfinished_in_the_words_of_staff(world: World) -> None:
    waiting, done = await world.open("anna", subject="Offenes"), await world.open("anna", subject="Fertiges")
    await world.bring_to(waiting, "waiting")
    await world.bring_to(done, "withdrawn")
    page = await world.get("tarek", "/desk")
    assert page.subjects == ["Offenes"]
    assert "Beim Kunden" in page.words
    assert "Sie sind am Zug" not in page.words
    assert "Person 1 Stadtwerke Lindau" in page.words
    assert set((await world.get("tarek", "/desk?state=all")).subjects) == {"Offenes", "Fertiges"}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?who=me", ["Genommen"]),
        ("?who=nobody", ["Frei", "Vertraulich"]),
        ("?state=new", ["Frei", "Vertraulich"]),
        ("?kind=question", ["Vertraulich"]),
        ("?q=frei", ["Frei"]),
        ("?q=T-2026-00001", ["Vertraulich"]),
        (f"?state=all&customer={UUID(int=4711)}", []),
        ("?sort=oldest", ["Vertraulich", "Frei", "Genommen"]),
        ("?sort=number", ["Genommen", "Frei", "Vertraulich"]),
    ],
)
async def test_filters_of_the_queue(world: World, query: str, shown: list[str]) -> None:
    secret = await world.open("anna", subject="Vertraulich", kind="question")
    await world.post("wiebke", f"/desk/{secret}/visibility", {"visibility": "confidential"})
    world.later(minutes=1)
    await world.open("xaver", subject="Frei")
    world.later(minutes=1)
    taken = await world.open("dora", subject="Genommen")
    await world.post("tarek", f"/desk/{taken}/take")
    assert (await world.get("tarek", f"/desk{query}")).subjects == shown


async def test_taking_assigning_and_giving_back(world: World) -> None:
    ticket = await world.open("anna")
    await world.post("wiebke", f"/desk/{ticket}/note", {"note": "Ich schaue mal."})
    await world.post("tarek", f"/desk/{ticket}/take")
    page = await world.get("tarek", f"/desk/{ticket}?done=taken")
    assert "Sie arbeiten jetzt daran." in page.words
    assert "Zugewiesen an Person 5 · Person 5" in page.words
    assert "Übernehmen" not in page.words
    await world.post("tarek", f"/desk/{ticket}/assign", {"assignee": str(PEOPLE["wiebke"].account_id)})
    assert await world.state_of(ticket, "assignee_id") == PEOPLE["wiebke"].account_id
    await world.post("tarek", f"/desk/{ticket}/assign", {"assignee": ""})
    assert await world.state_of(ticket, "assignee_id") is None
    assert [name for name, _ in await world.events()] == ["opened", "assigned", "state_changed", "assigned", "assigned"]


@pytest.mark.parametrize("name", ["anna", "dora"])
async def test_nobody_but_staff_of_the_desk_is_given_a_ticket(world: World, name: str) -> None:
    ticket = await world.open("anna")
    page = await world.post("tarek", f"/desk/{ticket}/assign", {"assignee": str(PEOPLE[name].account_id)})
    assert page.status == 422
    assert "Wählen Sie jemanden, der am Arbeitsplatz arbeitet." in page.words


async def test_an_answer_and_its_state_are_one_form_and_one_event_pair(world: World) -> None:
    ticket = await world.open("anna")
    fields = {"action": "ask", "text": "Welche Version?", "answer_due": "25.11.2026", "idempotency_key": "once"}
    for _ in range(2):
        await world.post("tarek", f"/desk/{ticket}/answer", fields)
    events = await world.events()
    assert [name for name, _ in events] == ["opened", "commented", "state_changed"]
    assert (events[2][1]["fromState"], events[2][1]["toState"]) == ("new", "waiting")
    assert events[2][1]["commentId"] == events[1][1]["commentId"]
    assert str(await world.state_of(ticket, "answer_due")) == "2026-11-25"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Schreiben Sie, was Sie uns sagen möchten."),
        ({"action": "ask"}, "Schreiben Sie die Antwort, die zu diesem Stand gehört."),
        ({"action": "reject"}, "Schreiben Sie die Begründung: Der Kunde bekommt sie."),
        ({"action": "ask", "text": "Bitte", "answer_due": "morgen"}, "Geben Sie den Tag so ein: 25.11.2026."),
        ({"action": "ask", "text": "Bitte", "answer_due": "2020-01-01"}, "nicht in der Vergangenheit"),
        ({"action": "mark_duplicate", "text": "x", "other": "7"}, "Geben Sie die Nummer des anderen Tickets ein"),
        ({"action": "nonsense", "text": "x"}, "Wählen Sie, was geschehen soll."),
    ],
)
async def test_what_is_wrong_with_an_answer_is_said_at_its_field(
    world: World, fields: dict[str, str], message: str
) -> None:
    ticket = await world.open("anna", kind="change")
    page = await world.post("tarek", f"/desk/{ticket}/answer", {"text": ""} | fields)
    assert page.status == 422
    assert page.words.count(message) == 2
    assert await world.count("entries") == 1


async def test_what_the_table_does_not_have_is_refused(world: World) -> None:
    ticket = await world.open("anna")
    assert (await world.answer(ticket, "resolve")).status == 409
    assert (await world.answer(ticket, "confirm")).status == 409
    assert (await world.answer(ticket, "reject")).status == 409
    assert await world.state_of(ticket) == "new"


async def test_sec_z05_a_note_is_seen_by_staff_and_by_nobody_else_anywhere(world: World) -> None:
    ticket = await world.open("anna", visibility="organisation")
    before = await world.events(), await world.state_of(ticket, "updated_at")
    world.later(hours=1)
    await world.post("tarek", f"/desk/{ticket}/note", {"note": SECRET})
    await world.post("tarek", f"/desk/{ticket}/assign", {"assignee": str(PEOPLE["tarek"].account_id)})
    desk = await world.get("wiebke", f"/desk/{ticket}")
    assert SECRET in desk.words
    assert "interne Notiz" in desk.words
    assert 'class="internal"' in desk.html
    assert await world.state_of(ticket, "updated_at") == before[1]
    for name in ("anna", "jonas"):
        for path in (f"/tickets/{ticket}", "/tickets?tab=organisation", "/tickets?q=Index"):
            page = await world.get(name, path)
            assert SECRET not in page.plain
            assert "Zugewiesen" not in page.words
        for path in (f"/api/v1/tickets/{ticket}", "/api/v1/tickets?q=Index"):
            answer = await world.api(name, "GET", path)
            assert SECRET not in answer.text
            assert str(PEOPLE["tarek"].account_id) not in answer.text
    assert (await world.get("anna", "/tickets?q=Index")).subjects == []
    assert SECRET not in str(await world.events())
    assert [name for name, _ in await world.events()] == ["opened", "assigned"]


async def test_a_bad_note_comes_back(world: World) -> None:
    ticket = await world.open("anna")
    page = await world.post("tarek", f"/desk/{ticket}/note", {"note": " "})
    assert page.status == 422
    assert 'href="#note"' in page.html


async def test_the_addresses_of_forms_lead_back_to_the_ticket(world: World) -> None:
    ticket = await world.open("anna")
    for step in ("answer", "note", "assign"):
        answer = await world.get("tarek", f"/desk/{ticket}/{step}")
        assert answer.response.headers["location"] == f"/desk/{ticket}"


async def test_staff_decide_on_confidentiality(world: World) -> None:
    ticket = await world.open("anna", visibility="organisation")
    await world.post("tarek", f"/desk/{ticket}/visibility", {"visibility": "confidential"})
    assert (await world.get("jonas", f"/tickets/{ticket}")).status == 404
    page = await world.get("anna", f"/tickets/{ticket}")
    assert "Vertraulich: nur wer gemeldet hat und der Support" in page.words
    assert "Mit meiner Organisation teilen" not in page.words
