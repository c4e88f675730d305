"""The OpenAPI document of notices tells the truth: every answer is one that it names (R20)."""

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
from notification_bell import COMMENTED, Bell
from portal_fixtures import Postgres

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ROUTES = [
    ("GET", "/api/v1/notices"),
    ("POST", "/api/v1/notices/read"),
    ("POST", "/api/v1/notices/{notice_id}:read"),
]


@dataclass
class Called:
    """A person with a notice, and the callers that send whatever comes to mind."""

    runner: asyncio.Runner
    notice: UUID
    document: Any
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
    name = postgres.create("notices_document", postgres.migrated("notification"))
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        yield runner.run(_open(runner, stack, Database(postgres.url(name))))
        runner.run(stack.aclose())
    postgres.drop(name)


async def _open(runner: asyncio.Runner, stack: AsyncExitStack, database: Database) -> Called:
    stack.push_async_callback(database.close)
    bell = Bell(database)
    browsers = {"nobody": bell.client(None), "anna": bell.anna, "ben": bell.ben}
    for browser in browsers.values():
        stack.push_async_callback(browser.aclose)
    notice = await bell.note("ticket_commented", COMMENTED)
    document = (await bell.anna.get("/api/v1/notices/openapi.json")).json()
    return Called(runner, notice, schemathesis.openapi.from_dict(document), browsers)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_whatever_is_sent_the_answer_is_one_that_the_document_names(
    called: Called, method: str, path: str, mode: schemathesis.GenerationMode
) -> None:
    operation = called.document[path][method]

    @given(case=operation.as_strategy(generation_mode=mode), caller=st.sampled_from(sorted(called.browsers)))
    @settings(
        max_examples=10,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any, caller: str) -> None:
        if "notice_id" in (case.path_parameters or {}) and mode is schemathesis.GenerationMode.POSITIVE:
            case.path_parameters["notice_id"] = str(called.notice)
        case.validate_response(called.send(caller, case), checks=CHECKS)

    send()
