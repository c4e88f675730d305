"""A page that asks a neighbour, with or without traces: `python telemetry_sample.py FOLDER [ENDPOINT]`."""

import asyncio
import json
import sys
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from opentelemetry import trace

from chassis import telemetry
from chassis.callers import Anyone
from chassis.testing import FakeSessions, page_client
from chassis.web import create_web_app
from edge_samples import PlainPages, sample_settings
from grpc_samples import Neighbours, SampleSessions, ask


async def main(folder: Path, endpoint: str | None) -> None:
    settings = sample_settings(folder, otlp_endpoint=endpoint)
    telemetry.configure(settings)
    neighbours = Neighbours(folder)
    server = await neighbours.serve(SampleSessions())
    stub = neighbours.stub(server.port)
    router = APIRouter()
    carried: list[str | None] = []

    @router.get("/asks")
    async def asks(caller: Anyone) -> PlainTextResponse:
        carried.append(telemetry.inject())
        return PlainTextResponse(await ask(stub))

    @router.get("/c/{token}")
    async def link(token: str, caller: Anyone) -> PlainTextResponse:
        return PlainTextResponse(token)

    app = create_web_app(settings, routers=[router], sessions=FakeSessions(), pages=PlainPages())
    async with page_client(app, settings) as client:
        await client.get("/asks")
        await client.get("/c/secret")
    with telemetry.extract(carried[0]), telemetry.span("relay publish", kind="producer"):
        pass
    await neighbours.close()
    if endpoint is not None:
        trace.get_tracer_provider().shutdown()  # type: ignore[attr-defined]  # the SDK's has it
    loaded = any(name.startswith("opentelemetry.sdk") for name in sys.modules)
    print(json.dumps({"loaded": loaded, "traceparent": telemetry.inject(), "carried": carried[0]}))  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] or None))
