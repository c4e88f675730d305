"""Traces, each case in a process of its own: the tracer is set once in a process."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.types import Receive, Scope, Send

import telemetry_sample
from chassis.http_server import HttpServer


class Collector:
    """An OTLP collector: an HTTP server that keeps the spans it is sent."""

    def __init__(self) -> None:
        self.spans: list[Any] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scoped in resource.scope_spans:
                self.spans.extend(scoped.spans)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def _run(folder: Path, endpoint: str = "") -> dict[str, Any]:
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, telemetry_sample.__file__, str(folder), endpoint]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environment)
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(output)
    return found


async def test_off_means_not_even_loaded(tmp_path: Path) -> None:
    found = await _run(tmp_path)
    assert found == {"loaded": False, "traceparent": None, "carried": None}


async def test_one_trace_runs_through_http_grpc_and_what_is_carried_on(tmp_path: Path) -> None:
    collector = Collector()
    server = HttpServer("collector", collector, "127.0.0.1", 0)
    await server.start()
    found = await _run(tmp_path, f"http://127.0.0.1:{server.port}")
    await server.stop()
    spans = {span.name: span for span in collector.spans}
    method = "kundenportal.identity.v1.SessionService/GetSession"
    names = [span.name for span in collector.spans]
    assert {"GET /asks", method, "relay publish"} <= set(names)
    assert names.count(method) == 2, "the caller's and the callee's"
    assert {span.trace_id for span in collector.spans} == {spans["GET /asks"].trace_id}
    assert found["carried"].split("-")[1] == spans["GET /asks"].trace_id.hex()
    assert not any("/c/" in str(span) for span in collector.spans), "mailed links stand in no trace"
