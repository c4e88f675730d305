"""The matrix of identity_authorisation.py, against the running service."""

from collections import defaultdict

import httpx

from chassis.web import access_table
from identity.other_systems import make_client_admin
from identity_authorisation import BY_SCOPE, KINDS, MATRIX
from identity_harness import PASSWORD, Portal

SOME_ID = "00000000-0000-4000-8000-000000000000"


def place_of(path: str) -> str:
    """A path with something in the place of each id."""
    return path.format_map(defaultdict(lambda: SOME_ID, token="x"))


async def test_sec_z01_the_matrix_names_every_route(portal: Portal) -> None:
    routes = {(method, path) for method, path, _ in access_table(portal.app)}
    assert routes == set(MATRIX)


async def test_sec_z01_every_route_answers_every_kind_of_caller_as_the_matrix_says(portal: Portal) -> None:
    await portal.add_account("anna")
    _, secret = await portal.add_staff("agent")
    found = {}
    for (method, path), row in MATRIX.items():
        for kind, expected in zip(KINDS, row, strict=True):
            browser = await _browser(portal, kind, secret)
            answer = await browser.request(method, place_of(path))
            if answer.status_code != expected:
                found[method, path, kind] = (answer.status_code, expected)
    assert found == {}


async def test_sec_z01_api_clients_are_let_in_by_scope_and_nowhere_else(portal: Portal) -> None:
    scopes = sorted({scope for allowed in BY_SCOPE.values() for scope in allowed} | {"other:read"})
    client = await make_client_admin(portal.core).add("everything", scopes)
    found = {}
    for scope in scopes:
        program = portal.browser(Authorization=f"Bearer {await portal.token(client, scope)}")
        for (method, path), row in MATRIX.items():
            answer = await program.request(method, place_of(path))
            allowed = BY_SCOPE.get((method, path), ())
            let_in = answer.status_code not in {401, 403}
            if let_in != (scope in allowed) if allowed else answer.status_code != row[0]:
                found[method, path, scope] = answer.status_code
    assert found == {}


async def test_the_matrix_tells_clients_as_the_routes_do(portal: Portal) -> None:
    declared = {
        (method, path): tuple(access.removeprefix("client:").split(","))
        for method, path, access in access_table(portal.app)
        if access and access.startswith("client:")
    }
    assert declared == BY_SCOPE


async def test_strangers_are_sent_to_the_login_and_programs_are_told(portal: Portal) -> None:
    page = await portal.client.get("/settings")
    assert page.headers["location"] == "/login?next=/settings"
    problem = await portal.client.get("/api/v1/me")
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["code"] == "not_signed_in"


async def test_sec_s12_headers_of_a_client_change_nothing(portal: Portal) -> None:
    account = await portal.add_account("anna")
    browser = portal.browser(
        **{
            "X-User-Id": str(account.id),
            "X_User_Id": str(account.id),
            "X-Forwarded-User": "anna",
            "X-Authenticated": "1",
        }
    )
    assert (await browser.get("/api/v1/me")).status_code == 401


async def _browser(portal: Portal, kind: str, secret: bytes) -> httpx.AsyncClient:
    """A browser of this kind; an hour later each time, so that nothing is throttled and no code is used twice."""
    portal.clock.forward(hours=30)
    browser = portal.browser()
    if kind in {"pending", "staff"}:
        await browser.post("/login", data={"login": "agent", "password": PASSWORD})
    if kind == "staff":
        await browser.post("/login/code", data={"code": portal.code(secret)})
    if kind == "customer":
        await browser.post("/login", data={"login": "anna", "password": PASSWORD})
    return browser
