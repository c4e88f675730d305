"""Who gets what: every route and every kind of caller; whose ticket it is; and nothing is told by a refusal."""

import re
from collections.abc import Mapping
from uuid import uuid4

import pytest

from chassis.web import access_table
from portal_fixtures import DatabaseFactory
from ticketing_world import NUMBER, OTHER, OTHER_NUMBER, PEOPLE, World

CALLERS = [None, "dora", "careless", "editor", "tarek", "wiebke"]


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("ticketing"))


MATRIX: Mapping[tuple[str, str], str] = {
    ("GET", "/assets"): "anyone",
    ("GET", "/tickets"): "signed_in",
    ("GET", "/tickets/new"): "signed_in",
    ("POST", "/tickets/new"): "signed_in",
    ("GET", "/tickets/{ticket_id:uuid}"): "ticket",
    ("GET", "/tickets/{ticket_id:uuid}/comment"): "signed_in",
    ("POST", "/tickets/{ticket_id:uuid}/comment"): "ticket",
    ("POST", "/tickets/{ticket_id:uuid}/confirm"): "ticket",
    ("GET", "/tickets/{ticket_id:uuid}/withdraw"): "ticket",
    ("POST", "/tickets/{ticket_id:uuid}/withdraw"): "ticket",
    ("POST", "/tickets/{ticket_id:uuid}/visibility"): "ticket",
    ("GET", "/desk"): "desk",
    ("GET", "/desk/{ticket_id:uuid}"): "desk",
    ("GET", "/desk/{ticket_id:uuid}/answer"): "desk",
    ("GET", "/desk/{ticket_id:uuid}/assign"): "desk",
    ("GET", "/desk/{ticket_id:uuid}/note"): "desk",
    ("POST", "/desk/{ticket_id:uuid}/answer"): "desk",
    ("POST", "/desk/{ticket_id:uuid}/assign"): "desk",
    ("POST", "/desk/{ticket_id:uuid}/note"): "desk",
    ("POST", "/desk/{ticket_id:uuid}/take"): "desk",
    ("POST", "/desk/{ticket_id:uuid}/visibility"): "desk",
    ("GET", "/api/v1/tickets"): "signed_in",
    ("POST", "/api/v1/tickets"): "signed_in",
    ("GET", "/api/v1/tickets/{ticket_id:uuid}"): "ticket",
    ("POST", "/api/v1/tickets/{ticket_id:uuid}/comments"): "ticket",
}
DECLARED = {"anyone": "anyone", "signed_in": "signed_in", "ticket": "signed_in", "desk": "staff:agent,admin"}


async def test_sec_z01_every_route_stands_in_the_matrix_with_the_access_it_declares(world: World) -> None:
    declared = {(method, path): access for method, path, access in access_table(world.app)}
    assert declared == {route: DECLARED[access] for route, access in MATRIX.items()}


@pytest.mark.parametrize("caller", CALLERS)
async def test_sec_z01_every_route_for_every_kind_of_caller(world: World, caller: str | None) -> None:
    ticket = await world.open("anna", visibility="organisation")
    for (method, template), access in MATRIX.items():
        if access == "anyone":
            continue
        path = re.sub(r"\{[^}]+\}", str(ticket), template)
        options = {"json": {"text": "x"}} if path.startswith("/api/") else {"data": {"visibility": "own"}}
        answer = await world.api(caller, method, path, **(options if method == "POST" else {}))
        assert answer.status_code in _expected(caller, method, path, access), (method, path, answer.status_code)
        if caller is None and answer.status_code == 303:
            assert answer.headers["location"].startswith("/login?next=")


def _expected(caller: str | None, method: str, path: str, access: str) -> tuple[int, ...]:
    if caller is None:
        return (401,) if path.startswith("/api/") or method == "POST" else (303,)
    if access == "desk":
        return (200, 303, 409, 422) if caller in {"tarek", "wiebke"} else (403,)
    if access == "signed_in":
        return (200, 201, 303, 422)
    # Nobody of these is of the ticket's organisation; staff are sent on to the desk, and only there they act.
    return (404, 303) if method == "GET" and caller != "dora" else (404,)


VISIBILITY = {
    "own": {"anna": True, "jonas": False, "former": False, "xaver": False},
    "organisation": {"anna": True, "jonas": True, "former": False, "xaver": False},
    "confidential": {"anna": True, "jonas": False, "former": False, "xaver": False},
}


@pytest.mark.parametrize("visibility", VISIBILITY)
@pytest.mark.parametrize("viewer", ["anna", "jonas", "former", "xaver"])
async def test_sec_z01_reading_and_commenting_by_visibility(world: World, visibility: str, viewer: str) -> None:
    ticket = await world.open("anna", visibility="organisation")
    await world.post("tarek", f"/desk/{ticket}/visibility", {"visibility": visibility})
    name = "jonas" if viewer == "former" else viewer
    if viewer == "former":
        del world.memberships.held[PEOPLE["jonas"].account_id]
    allowed = VISIBILITY[visibility][viewer]
    assert ((await world.get(name, f"/tickets/{ticket}")).status == 200) is allowed
    assert ((await world.api(name, "GET", f"/api/v1/tickets/{ticket}")).status_code == 200) is allowed
    assert ((await world.post(name, f"/tickets/{ticket}/comment", {"text": "x"})).status == 303) is allowed
    sent = await world.api(name, "POST", f"/api/v1/tickets/{ticket}/comments", json={"text": "x"})
    assert (sent.status_code == 201) is allowed


@pytest.mark.parametrize("caller", ["xaver", "dora"])
async def test_sec_z02_a_foreign_ticket_is_answered_like_one_that_does_not_exist(world: World, caller: str) -> None:
    foreign, unknown = await world.open("anna", visibility="organisation"), uuid4()
    for (method, template), access in MATRIX.items():
        if access != "ticket":
            continue
        answers = []
        for one in (foreign, unknown):
            path = re.sub(r"\{[^}]+\}", str(one), template)
            options = {"json": {"text": "x"}} if path.startswith("/api/") else {"data": {"visibility": "own"}}
            answer = await world.api(caller, method, path, **(options if method == "POST" else {}))
            named = {str(one), answer.headers["x-request-id"]}
            answers.append((answer.status_code, _without(answer.text, named)))
        assert answers[0] == answers[1], (method, template)
        assert answers[0][0] == 404
    assert await world.count("entries") == 1


def _without(text: str, named: set[str]) -> str:
    for name in named:
        text = text.replace(name, "…")
    return text


@pytest.mark.parametrize("path", ["/tickets/1", "/tickets/T-2026-00001", "/desk/1", "/api/v1/tickets/1"])
async def test_sec_z02_nothing_is_found_by_counting(world: World, path: str) -> None:
    await world.open("anna")
    name = "tarek" if path.startswith("/desk") else "anna"
    assert (await world.api(name, "GET", path)).status_code == 404


async def test_sec_z03_ids_of_others_inside_a_form_are_refused(world: World) -> None:
    filled = {"kind": "incident", "subject": "s", "text": "t"}
    for extra in ({"customer": str(OTHER_NUMBER)}, {"organisation": str(OTHER)}, {"customer": str(uuid4())}):
        assert (await world.post("anna", "/tickets/new", filled | extra)).status == 422
    assert (await world.post("anna", "/tickets/new", filled | {"customer": "nonsense"})).status == 422
    assert await world.count("tickets") == 0


async def test_sec_z04_fields_that_the_form_lacks_change_nothing(world: World) -> None:
    extra = {"state": "closed", "reporter_id": str(uuid4()), "assignee_id": str(uuid4()), "number": "1"}
    ticket = await world.open("anna", customer=str(NUMBER), **extra)
    assert await world.state_of(ticket) == "new"
    assert await world.state_of(ticket, "reporter_id") == PEOPLE["anna"].account_id
    assert await world.state_of(ticket, "assignee_id") is None
