"""What stands around every request: its name, its time, and the shape of answers given before routing."""

import time

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.metrics import Metrics
from chassis.request_context import handling

_log = structlog.get_logger(__name__)
_TOO_LARGE = 413


class RequestFrame:
    """Pure ASGI, outermost: names the request, answers HEAD as GET without a body, and measures."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        method = scope["method"]
        inner: Scope = {**scope, "method": "GET" if method == "HEAD" else method}
        status = 500

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        with handling(Headers(scope=scope).get("x-request-id")) as request_id:
            inner["state"] = {**scope.get("state", {}), "request_id": request_id, "caller": None}
            try:
                await self._app(inner, receive, send_named)
            except Exception:  # noqa: BLE001 - answered and logged inside; the server must not print it again
                _log.debug("exception reached the edge", exc_info=True)
            finally:
                self._metrics.http_answered(method, _template(inner), status, time.perf_counter() - started)


class TooLargeFace:
    """Pure ASGI: gives the framework's plain 413, sent when the announced length is too much, its proper face."""

    def __init__(self, app: ASGIApp, answer: ASGIApp) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def send_unless_plain(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == _TOO_LARGE:
                replaced = Headers(raw=message["headers"]).get("content-type", "").startswith("text/plain")
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_unless_plain)
        if replaced:
            await self._answer({**scope, "method": "GET"}, receive, send)  # the body stays unread


def _template(scope: Scope) -> str:
    route = scope.get("route")
    return getattr(route, "path", "") if route is not None else "unmatched"
