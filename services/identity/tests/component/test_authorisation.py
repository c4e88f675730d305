"""The matrix of identity_authorisation.py, against the running service."""

import httpx

from chassis.web import access_table
from identity_authorisation import KINDS, MATRIX
from identity_harness import PASSWORD, Portal

SOME_ID = "00000000-0000-4000-8000-000000000000"


async def test_the_matrix_names_every_route(portal: Portal) -> None:
    routes = {(method, path) for method, path, _ in access_table(portal.app)}
    assert routes == set(MATRIX)


async def test_every_route_answers_every_kind_of_caller_as_the_matrix_says(portal: Portal) -> None:
    await portal.add_account("anna")
    _, secret = await portal.add_staff("agent")
    found = {}
    for (method, path), row in MATRIX.items():
        for kind, expected in zip(KINDS, row, strict=True):
            browser = await _browser(portal, kind, secret)
            answer = await browser.request(method, path.format(token="x", session_id=SOME_ID, account_id=SOME_ID))
            if answer.status_code != expected:
                found[method, path, kind] = (answer.status_code, expected)
    assert found == {}


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
