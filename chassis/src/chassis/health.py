"""Health and metrics on a port of their own, which no gateway route leads to."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import Receive, Scope, Send

from chassis.metrics import Metrics

Check = Callable[[], Awaitable[object]]
_CHECK_SECONDS = 2.0


class Health:
    """What the process says of itself; an ASGI app for the management port.

    Args:
        checks: name to a coroutine function that raises (or gives False) when the thing is not usable. They decide
            readiness only: own database reachable, schema current. Never a broker or a neighbour (DESIGN 1).
        metrics: shown at /metrics.
    """

    def __init__(self, checks: Mapping[str, Check], metrics: Metrics) -> None:
        self._checks = checks
        self._metrics = metrics
        self.started = False
        """All parts run."""
        self.accepting = False
        """Wanted by the gateway: started and not stopping."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        if scope["type"] != "http":
            return
        match scope["path"]:
            case "/health/live":
                await _answer(send, {})
            case "/health/started":
                await _answer(send, {"started": self.started})
            case "/health/ready":
                await _answer(send, {"accepting": self.accepting} | await self._checked())
            case "/metrics":
                await _send(send, 200, CONTENT_TYPE_LATEST, generate_latest(self._metrics.registry))
            case _:
                await _send(send, 404, "text/plain", b"not found")

    async def _checked(self) -> dict[str, bool]:
        results = await asyncio.gather(*(_passes(check) for check in self._checks.values()))
        return dict(zip(self._checks, results, strict=True))


async def _passes(check: Check) -> bool:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return await check() is not False
    except Exception:  # noqa: BLE001 - whatever it is, the answer is no
        return False


async def _answer(send: Send, found: Mapping[str, bool]) -> None:
    up = all(found.values())
    checks = [{"name": name, "status": "UP" if passed else "DOWN"} for name, passed in found.items()]
    body = json.dumps({"status": "UP" if up else "DOWN", "checks": checks}).encode()
    await _send(send, 200 if up else 503, "application/json", body)


async def _send(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
