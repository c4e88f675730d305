"""Access tokens for other systems: OAuth 2.0, RFC 6749 (sections 2.3.1, 3.3, 4.4, 5.1, 5.2)."""

import base64
import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from chassis.sessions import token_hash
from identity.adapters.local_clients import LocalClients
from identity.other_systems import make_client_admin
from identity_harness import PASSWORD, Portal

GRANT = {"grant_type": "client_credentials"}
URL = "/oauth/token"


async def add(portal: Portal, name: str = "billing", *scopes: str) -> dict[str, Any]:
    return await make_client_admin(portal.core).add(name, scopes or ("accounts:read", "accounts:write"))


def basic(client: Mapping[str, str], secret: str | None = None) -> dict[str, str]:
    pair = f"{client['client_id']}:{secret or client['client_secret']}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def post(client: Mapping[str, str]) -> dict[str, str]:
    return GRANT | {"client_id": client["client_id"], "client_secret": client["client_secret"]}


async def scopes_of(portal: Portal, token: str) -> list[str] | None:
    found = await LocalClients(portal.core.database, portal.core.records, portal.clock).find(token_hash(token))
    return sorted(found.scopes) if found else None


async def test_a_client_gets_a_token_either_way(portal: Portal) -> None:
    client = await add(portal)
    for data, headers in ((GRANT, basic(client)), (post(client), {})):
        answer = await portal.client.post(URL, data=data, headers=headers)
        told = answer.json()
        assert answer.status_code == 200
        assert told | {"access_token": ""} == {
            "access_token": "",
            "token_type": "Bearer",
            "expires_in": 3600,
            "scope": "accounts:read accounts:write",
        }
        assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
        assert len(base64.urlsafe_b64decode(told["access_token"] + "=")) == 32
        assert await scopes_of(portal, told["access_token"]) == ["accounts:read", "accounts:write"]


async def test_no_secret_and_no_token_is_kept_or_logged(portal: Portal, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = await add(portal)
    token = (await portal.client.post(URL, data=GRANT, headers=basic(client))).json()["access_token"]
    kept = await portal.dump()
    for secret in (client["client_secret"], token):
        assert secret not in kept
        assert token_hash(secret).hex() in kept


async def test_a_token_may_be_for_less(portal: Portal) -> None:
    client = await add(portal)
    answer = await portal.client.post(URL, data=GRANT | {"scope": "accounts:read"}, headers=basic(client))
    assert answer.json()["scope"] == "accounts:read"
    assert await scopes_of(portal, answer.json()["access_token"]) == ["accounts:read"]


async def test_a_token_ends_after_an_hour_and_is_swept(portal: Portal) -> None:
    client = await add(portal)
    token = (await portal.client.post(URL, data=GRANT, headers=basic(client))).json()["access_token"]
    portal.clock.forward(minutes=60)
    assert await scopes_of(portal, token) is None


BAD: list[tuple[dict[str, str], dict[str, str], int, str]] = [
    ({}, {}, 400, "unsupported_grant_type"),
    ({"grant_type": "password"}, {}, 400, "unsupported_grant_type"),
    (GRANT, {}, 401, "invalid_client"),
    (GRANT, {"Authorization": "Basic !!!"}, 401, "invalid_client"),
    (GRANT, {"Authorization": "Basic /w=="}, 400, "invalid_request"),
    (GRANT, {"Authorization": "Bearer x"}, 400, "invalid_request"),
    (GRANT | {"client_id": "nobody", "client_secret": "x"}, {}, 401, "invalid_client"),
    (GRANT | {"client_id": "\0", "client_secret": "\0"}, {}, 401, "invalid_client"),
]


@pytest.mark.parametrize(("data", "headers", "status", "code"), BAD)
async def test_errors_are_those_of_the_rfc(
    portal: Portal, data: dict[str, str], headers: dict[str, str], status: int, code: str
) -> None:
    answer = await portal.client.post(URL, data=data or {"x": "y"}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"


async def test_more_than_the_client_has_is_refused(portal: Portal) -> None:
    client = await add(portal, "reader", "accounts:read")
    for scope in ("accounts:write", "accounts:read accounts:write", "nonsense"):
        answer = await portal.client.post(URL, data=GRANT | {"scope": scope}, headers=basic(client))
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


async def test_known_and_unknown_clients_are_refused_alike(portal: Portal) -> None:
    client, ended = await add(portal), await add(portal, "ended")
    await make_client_admin(portal.core).end(UUID(ended["client_id"]))
    wrong = client | {"client_secret": "wrong"}
    unknown = wrong | {"client_id": str(uuid4())}
    for ask in (lambda who: (GRANT, basic(who)), lambda who: (post(who), {})):
        answers = []
        for who in (wrong, unknown, ended):
            data, headers = ask(who)
            answer = await portal.client.post(URL, data=data, headers=headers)
            answers.append((answer.status_code, answer.json(), answer.headers.get("www-authenticate")))
        assert answers[0] == answers[1] == answers[2]
        assert (answers[0][0], answers[0][1]["error"]) == (401, "invalid_client")
        assert str(answers[0][2]).startswith("Basic ")


async def test_one_way_to_authenticate_and_every_field_once(portal: Portal) -> None:
    client = await add(portal)
    both = await portal.client.post(URL, data=post(client), headers=basic(client))
    assert (both.status_code, both.json()["error"]) == (400, "invalid_request")
    twice = await portal.client.post(
        URL,
        content="grant_type=client_credentials&scope=accounts:read&scope=accounts:write",
        headers=basic(client) | {"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")
    as_json = await portal.client.post(URL, json=post(client))
    assert (as_json.status_code, as_json.json()["error"]) == (400, "invalid_request")


async def test_other_methods_and_long_bodies_get_problem_documents(portal: Portal) -> None:
    for answer in (await portal.client.get(URL), await portal.client.post(URL, data={"x": "y" * 5000})):
        assert answer.status_code in {405, 413}
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_cookie_is_no_client_and_other_sites_need_none(portal: Portal) -> None:
    await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    assert (await portal.client.post(URL, data=GRANT)).status_code == 401
    client = await add(portal)
    headers = basic(client) | {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
    answer = await portal.client.post(URL, data=GRANT, headers=headers)
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("access-control-")]


async def test_a_new_secret_ends_the_old_one_and_its_tokens(portal: Portal) -> None:
    client, admin = await add(portal), make_client_admin(portal.core)
    token = (await portal.client.post(URL, data=GRANT, headers=basic(client))).json()["access_token"]
    fresh = await admin.rotate(UUID(client["client_id"]))
    assert await scopes_of(portal, token) is None
    assert (await portal.client.post(URL, data=GRANT, headers=basic(client))).status_code == 401
    assert (await portal.client.post(URL, data=GRANT, headers=basic(fresh))).status_code == 200
    assert await portal.event_types() == ["client.revoked"]
    listed = (await admin.list())["clients"]
    assert [(one["client_id"], one["name"], one["ended"]) for one in listed] == [(client["client_id"], "billing", None)]
    assert client["client_secret"] not in str(listed)


async def guess(portal: Portal, client: Mapping[str, str]) -> httpx.Response:
    return await portal.client.post(URL, data=GRANT, headers=basic(client, "wrong"))


async def test_guesses_are_slowed_down_and_keep_only_the_guesser_out(portal: Portal) -> None:
    client = await add(portal)
    for _ in range(10):
        assert (await guess(portal, client)).status_code == 401
    stopped = await guess(portal, client)
    assert (stopped.status_code, stopped.json()["error"]) == (429, "temporarily_unavailable")
    assert int(stopped.headers["retry-after"]) > 0
    assert (await portal.client.post(URL, data=GRANT, headers=basic(client))).status_code == 429
    other = httpx.ASGITransport(app=portal.app, client=("198.51.100.9", 4711))
    async with httpx.AsyncClient(transport=other, base_url="http://localhost:8080") as elsewhere:
        assert (await elsewhere.post(URL, data=GRANT, headers=basic(client))).status_code == 200


async def test_a_client_that_keeps_no_token_is_slowed_down(portal: Portal) -> None:
    client = await add(portal)
    answers = [(await portal.client.post(URL, data=GRANT, headers=basic(client))).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]
    portal.clock.forward(minutes=1)
    assert (await portal.client.post(URL, data=GRANT, headers=basic(client))).status_code == 200
