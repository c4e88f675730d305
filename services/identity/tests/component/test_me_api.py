"""`/api/v1/me`: one's own profile as JSON, and JSON that can be read in more ways than one (I20)."""

from typing import Any

import httpx
import pytest

from identity.other_systems import make_client_admin
from identity_harness import PASSWORD, Portal

URL = "/api/v1/me"


@pytest.fixture
async def anna(portal: Portal) -> httpx.AsyncClient:
    await portal.add_account("anna", first_name="Anna", last_name="Muster", city="Wien")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal.client


async def test_one_sees_and_changes_oneself(portal: Portal, anna: httpx.AsyncClient) -> None:
    seen = await anna.get(URL)
    told = seen.json()
    assert (told["username"], told["email"], told["city"]) == ("anna", "anna@beispiel.at", "Wien")
    tag = {"If-Match": seen.headers["etag"]}
    changed = await anna.patch(URL, json={"city": "Graz", "language": "en"}, headers=tag)
    assert (changed.status_code, changed.json()["city"], changed.json()["language"]) == (200, "Graz", "en")
    assert changed.headers["etag"] == (await anna.get(URL)).headers["etag"]
    assert (await anna.patch(URL, json={"city": "Linz"}, headers=tag)).status_code == 412
    assert (await anna.patch(URL, json={"city": "Linz"})).status_code == 428


async def test_what_the_registration_insists_on_stays(portal: Portal, anna: httpx.AsyncClient) -> None:
    answer = await anna.patch(URL, json={"last_name": ""}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"pointer": "#/last_name", "detail": "last_name_missing"}],
    )


@pytest.mark.parametrize("extra", ["roles", "email", "username", "state", "account_id"])
async def test_nobody_gives_themselves_more(portal: Portal, anna: httpx.AsyncClient, extra: str) -> None:
    before = await portal.account("anna")
    answer = await anna.patch(URL, json={extra: "admin", "city": "Graz"}, headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert await portal.account("anna") == before


async def test_another_site_changes_nothing(portal: Portal, anna: httpx.AsyncClient) -> None:
    foreign = {"If-Match": "*", "Sec-Fetch-Site": "cross-site"}
    answer = await anna.patch(URL, json={"city": "Graz"}, headers=foreign)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")


DEEP = '{"city":' * 1000 + '""' + "}" * 1000
ODD: dict[str, tuple[str | bytes, str]] = {
    "a name twice": ('{"city":"Graz","city":"Linz"}', "application/json"),
    "a name twice inside": ('{"city":{"a":1,"a":2}}', "application/json"),
    "depth": (DEEP, "application/json"),
    "depth beyond the reader": ("[" * 30_000, "application/json"),
    "NaN": ('{"city":NaN}', "application/json"),
    "Infinity": ('{"city":-Infinity}', "application/json"),
    "a big number": ('{"city":' + "9" * 5000 + "}", "application/json"),
    "a huge exponent": ('{"city":1e999}', "application/json"),
    "a number": ('{"city":1}', "application/json"),
    "null": ('{"city":null}', "application/json"),
    "a list": ("[]", "application/json"),
    "a text": ('"city"', "application/json"),
    "half a pair": ('{"city":"\\ud800"}', "application/json"),
    "no UTF-8": (b'{"city":"\xff"}', "application/json"),
    "a form": ("city=Graz", "application/x-www-form-urlencoded"),
    "plain text": ('{"city":"Graz"}', "text/plain"),
    "XML": ("<city>Graz</city>", "application/xml"),
    "nothing": ("", "application/json"),
    "half a document": ('{"city":', "application/json"),
    "two documents": ("{}{}", "application/json"),
}


@pytest.mark.parametrize(("content", "kind"), ODD.values(), ids=ODD.keys())
async def test_odd_json_is_refused_by_a_problem_and_changes_nothing(
    portal: Portal, anna: httpx.AsyncClient, content: Any, kind: str
) -> None:
    before = await portal.account("anna")
    client = await make_client_admin(portal.core).add("crm", ["accounts:read", "accounts:write"])
    crm = portal.browser(Authorization=f"Bearer {await portal.token(client)}")
    headers = {"If-Match": "*", "Content-Type": kind}
    one = f"/api/v1/accounts/{before.id}"
    for browser, method, path in (
        (anna, "PATCH", URL),
        (crm, "PATCH", one),
        (crm, "POST", "/api/v1/accounts"),
        (crm, "POST", f"{one}:lock"),
    ):
        answer = await browser.request(method, path, content=content, headers=headers)
        assert answer.status_code in {400, 415, 422}, (method, path, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert await portal.account("anna") == before
