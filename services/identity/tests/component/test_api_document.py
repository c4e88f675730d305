"""The OpenAPI document tells the truth: every route is in it, and every answer is one that it names (R20)."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chassis.database import Database
from chassis.web import access_table
from identity.entrypoints.api.document import DOCUMENT_PATH
from identity.other_systems import make_client_admin
from identity_authorisation import BY_SCOPE
from identity_harness import PASSWORD, Portal, open_portal
from portal_fixtures import Postgres

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_NOT_JSON = {"/api/v1/accounts:import", "/oauth/token"}
"""They take a file and a form, which have tests of their own."""


async def described(portal: Portal) -> dict[str, Any]:
    answer = await portal.browser().get(DOCUMENT_PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json()
    return found


async def test_every_route_of_the_api_is_in_the_document_with_who_may_call_it(portal: Portal) -> None:
    document = await described(portal)
    assert document["openapi"].startswith("3.1")
    told = {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    api = {(method, path) for method, path, _ in access_table(portal.app) if path.startswith(("/api/", "/oauth/"))}
    assert set(told) == api - {("GET", DOCUMENT_PATH)}
    for route, operation in told.items():
        scopes = [{"client": [scope]} for scope in BY_SCOPE.get(route, ())]
        expected = scopes or ([{"session": []}] if route[1] == "/api/v1/me" else None)
        assert operation.get("security") == expected, route
        assert operation["summary"]
        assert operation["description"]
    flow = document["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]
    assert (flow["tokenUrl"], set(flow["scopes"])) == ("/oauth/token", {"accounts:read", "accounts:write"})


@dataclass
class Called:
    """A portal with one account, and the callers that send whatever comes to mind."""

    runner: asyncio.Runner
    portal: Portal
    account_id: UUID
    browsers: Mapping[str, httpx.AsyncClient]

    def send(self, caller: str, case: Any) -> httpx.Response:
        sent = case.as_transport_kwargs(base_url="http://localhost:8080")
        fields = {name: sent[name] for name in ("method", "url", "params", "headers", "json", "data") if name in sent}
        if isinstance(fields.get("data"), bytes | str):
            fields["content"] = fields.pop("data")
        return self.runner.run(self.browsers[caller].request(**fields))


@pytest.fixture(scope="module")
def called(postgres: Postgres) -> Iterator[Called]:
    """One for all examples; a runner of its own, since the examples are no coroutines."""
    name = postgres.create("api_document", postgres.migrated("identity"))
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(_open(runner, stack, Database(postgres.url(name))))
        runner.run(stack.aclose())
    postgres.drop(name)


async def _open(runner: asyncio.Runner, stack: AsyncExitStack, database: Database) -> Called:
    stack.push_async_callback(database.close)
    portal = await stack.enter_async_context(open_portal(database))
    account = await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    client = await make_client_admin(portal.core).add("fuzz", ["accounts:read", "accounts:write"])
    crm = portal.browser(Authorization=f"Bearer {await portal.token(client)}")
    return Called(runner, portal, account.id, {"nobody": portal.browser(), "anna": portal.client, "crm": crm})


@pytest.fixture(scope="module")
def api(called: Called) -> Any:
    return schemathesis.openapi.from_dict(called.runner.run(described(called.portal)))


ROUTES = sorted(
    {route for route in BY_SCOPE if route[1] not in _NOT_JSON} | {("GET", "/api/v1/me"), ("PATCH", "/api/v1/me")}
)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_whatever_is_sent_the_answer_is_one_that_the_document_names(
    called: Called, api: Any, method: str, path: str, mode: schemathesis.GenerationMode
) -> None:
    @given(case=api[path][method].as_strategy(generation_mode=mode), caller=st.sampled_from(sorted(called.browsers)))
    @settings(
        max_examples=10,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any, caller: str) -> None:
        if "account_id" in (case.path_parameters or {}) and mode is schemathesis.GenerationMode.POSITIVE:
            case.path_parameters["account_id"] = str(called.account_id)
        case.validate_response(called.send(caller, case), checks=CHECKS)

    send()
