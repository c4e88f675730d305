"""/api/v1/tickets: the same rules as the pages, as JSON."""

from uuid import uuid4

import pytest

from portal_fixtures import DatabaseFactory
from ticketing_world import NUMBER, OTHER_NUMBER, WORKS, World

PATH = "/api/v1/tickets"
NEW = {"kind": "incident", "subject": "Buchungslauf", "text": "Er bricht ab."}


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"))


async def test_create_get_and_comment(world: World) -> None:
    made = await world.api("anna", "POST", PATH, json=NEW | {"customer_id": str(NUMBER)})
    assert made.status_code == 201
    ticket = made.json()
    assert made.headers["location"] == f"{PATH}/{ticket['id']}"
    assert (ticket["number"], ticket["state"], ticket["organisation_id"]) == ("T-2026-00001", "new", str(WORKS))
    said = await world.api("jonas", "POST", f"{PATH}/{ticket['id']}/comments", json={"text": "Bei mir auch."})
    assert said.status_code == 201
    shown = (await world.api("anna", "GET", f"{PATH}/{ticket['id']}")).json()
    assert [entry["text"] for entry in shown["talk"]] == ["Er bricht ab.", "Bei mir auch."]
    assert (shown["reason"], shown["can_comment"], shown["actions"]) == ("reporter", True, ["withdraw"])


async def test_lists_are_paged_by_tokens(world: World) -> None:
    for number in range(5):
        await world.open("anna", subject=f"Nummer {number}", visibility="organisation")
        world.later(minutes=1)
    seen, token = [], ""
    for _ in range(3):
        answer = await world.api(
            "jonas", "GET", PATH, params={"scope": "organisation", "page_size": 2, "page_token": token}
        )
        seen += [ticket["subject"] for ticket in answer.json()["tickets"]]
        token = answer.json()["next_page_token"]
    assert seen == [f"Nummer {number}" for number in (4, 3, 2, 1, 0)]
    assert token == ""
    assert (await world.api("jonas", "GET", PATH)).json()["tickets"] == []
    found = await world.api("anna", "GET", PATH, params={"q": "Nummer 3"})
    assert [ticket["subject"] for ticket in found.json()["tickets"]] == ["Nummer 3"]


async def test_the_same_key_creates_once_and_another_body_under_it_is_refused(world: World) -> None:
    headers = {"Idempotency-Key": "one"}
    first, again = [await world.api("anna", "POST", PATH, json=NEW, headers=headers) for _ in range(2)]
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["idempotency-replayed"] == "true"
    other = await world.api("anna", "POST", PATH, json=NEW | {"subject": "Anders"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (await world.api("jonas", "POST", PATH, json=NEW, headers=headers)).status_code == 201
    assert await world.count("tickets") == 2


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (NEW | {"state": "closed"}, "#/state"),
        (NEW | {"reporter_id": str(uuid4())}, "#/reporter_id"),
        (NEW | {"kind": "nonsense"}, "#/kind"),
        (NEW | {"subject": " "}, "#/subject"),
        (NEW | {"text": "\x00"}, "#/text"),
        (NEW | {"text": "x" * 10_001}, "#/text"),
        (NEW | {"customer_id": str(OTHER_NUMBER)}, "#/customer"),
        (NEW | {"visibility": "confidential"}, "#/visibility"),
        ({"kind": "incident"}, "#/subject"),
    ],
)
async def test_what_is_wrong_is_a_problem_that_points_at_it(world: World, sent: dict[str, str], pointer: str) -> None:
    answer = await world.api("anna", "POST", PATH, json=sent)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert await world.count("tickets") == 0


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"kind": NaN}', b"[" * 100_000, b'{"text": "\\ud800", "subject": "s", "kind": "incident"}']
)
async def test_nonsense_is_refused(world: World, body: bytes) -> None:
    answer = await world.api("anna", "POST", PATH, content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 413, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "params",
    [
        {"page_size": 0},
        {"page_size": 101},
        {"page_token": "nonsense"},
        {"kind": "nonsense"},
        {"state": "nonsense"},
        {"scope": "all"},
        {"reporter": "x"},
    ],
)
async def test_parameters_that_nobody_offers_are_refused(world: World, params: dict[str, str | int]) -> None:
    assert (await world.api("anna", "GET", PATH, params=params)).status_code == 422


async def test_what_cannot_be_done_now_is_a_conflict_or_forbidden_and_says_so(world: World) -> None:
    ticket = await world.open("anna")
    world.memberships.away = True
    answer = await world.api("anna", "POST", PATH, json=NEW | {"customer_id": str(NUMBER)})
    assert (answer.status_code, answer.json()["code"]) == (503, "membership_unavailable")
    assert (await world.api("anna", "GET", f"{PATH}/{ticket}")).status_code == 200


async def test_a_comment_on_what_was_finished_long_ago_names_the_ticket_that_it_opened(world: World) -> None:
    ticket = await world.open("anna")
    await world.bring_to(ticket, "closed")
    world.later(days=15)
    answer = await world.api("anna", "POST", f"{PATH}/{ticket}/comments", json={"text": "Wieder."})
    assert answer.json()["follow_up"] is True
    follow_up = answer.json()["ticket"]["id"]
    assert answer.headers["location"] == f"{PATH}/{follow_up}"
    assert (await world.api("anna", "GET", f"{PATH}/{follow_up}")).json()["follows_number"] == "T-2026-00001"


async def test_staff_stay_unnamed(world: World) -> None:
    ticket = await world.open("anna")
    await world.answer(ticket)
    talk = (await world.api("anna", "GET", f"{PATH}/{ticket}")).json()["talk"]
    assert [(entry["by_staff"], entry["author_id"] is None) for entry in talk] == [(False, False), (True, True)]
