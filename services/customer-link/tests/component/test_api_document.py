"""The OpenAPI document tells the truth: every route is in it, and every answer is one that it names (R20)."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

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

from chassis.api_clients import scopes_of
from chassis.database import Database
from chassis.web import access_table
from customer_link.entrypoints.api.document import DOCUMENT_PATH
from customer_link_builders import ANNA, INN, a_link
from customer_link_world import World
from portal_fixtures import Postgres
from sample_files import PDF

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
KNOWN = {"number": INN.number, "invoice": "R-1", "organisation_id": str(INN.organisation_id)}
"""Put into paths that are meant to fit, so that they lead somewhere now and then."""


schemathesis.openapi.media_type("application/pdf", st.sampled_from([PDF, PDF + b"%newer", b"<html>", b""]))


async def described(world: World) -> dict[str, Any]:
    async with world.client(None) as browser:
        answer = await browser.get(DOCUMENT_PATH)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json()
    return found


def _described(path: str) -> str:
    """As the document writes a path: without what a parameter may have in it."""
    return path.replace(":path}", "}")


async def test_every_route_of_the_api_is_in_the_document_with_who_may_call_it(world: World) -> None:
    document = await described(world)
    assert document["openapi"].startswith("3.1")
    told = {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    access = {
        (method, _described(path)): who for method, path, who in access_table(world.app) if path.startswith("/api/")
    }
    assert set(told) == set(access) - {("GET", DOCUMENT_PATH)}
    for route, operation in told.items():
        people = [{"session": []}] if (access[route] or "").startswith("signed_in") else []
        assert operation["security"] == [{"client": [one]} for one in scopes_of(access[route])] + people, route
        assert operation["summary"]
        assert operation["description"]
    flow = document["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token"
    assert set(flow["scopes"]) == {scope for who in access.values() for scope in scopes_of(who)}


@dataclass
class Called:
    """The service with the callers that send whatever comes to mind."""

    runner: asyncio.Runner
    world: World
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
    name = postgres.create("api_document", postgres.migrated("customer_link"))
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(_open(runner, stack, Database(postgres.url(name))))
        runner.run(stack.aclose())
    postgres.drop(name)


async def _open(runner: asyncio.Runner, stack: AsyncExitStack, database: Database) -> Called:
    stack.push_async_callback(database.close)
    world = World(database)
    stack.push_async_callback(world.database.close)
    await world.stock()
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    scopes = {scope for _, _, who in access_table(world.app) for scope in scopes_of(who)}
    browsers = {"nobody": world.client(None), "anna": world.client("anna"), "erp": world.program(*scopes)}
    return Called(runner, world, browsers)


@pytest.fixture(scope="module")
def api(called: Called) -> Any:
    return schemathesis.openapi.from_dict(called.runner.run(described(called.world)))


ROUTES = [
    ("GET", "/api/v1/customers"),
    ("GET", "/api/v1/customers/{number}"),
    ("PUT", "/api/v1/customers/{number}"),
    ("PUT", "/api/v1/customers/{number}/invoices/{invoice}/document"),
    ("POST", "/api/v1/customers:batchPut"),
    ("GET", "/api/v1/organisations/{organisation_id}/contacts"),
    ("POST", "/api/v1/organisations/{organisation_id}/contacts"),
    ("DELETE", "/api/v1/organisations/{organisation_id}/contacts/{contact_id}"),
]


async def test_every_route_is_tried(world: World) -> None:
    assert set(ROUTES) == {
        (method, _described(path)) for method, path, _ in access_table(world.app) if path.startswith("/api/")
    } - {("GET", DOCUMENT_PATH)}


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_whatever_is_sent_the_answer_is_one_that_the_document_names(
    called: Called, api: Any, method: str, path: str, mode: schemathesis.GenerationMode
) -> None:
    @given(
        case=api[path][method].as_strategy(generation_mode=mode),
        caller=st.sampled_from(["erp", "erp", *called.browsers]),
        known=st.booleans(),
    )
    @settings(
        max_examples=12,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any, caller: str, known: bool) -> None:
        if known and mode is schemathesis.GenerationMode.POSITIVE:
            case.path_parameters = {
                name: KNOWN.get(name, value) for name, value in (case.path_parameters or {}).items()
            }
        case.validate_response(called.send(caller, case), checks=CHECKS)

    send()
