"""Makes the web app of a service: pages and JSON API behind one guard, one error vocabulary, one body limit."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.api_clients import ClientDirectory, is_for_clients, scopes_of
from chassis.browser_guard import BrowserGuard, exemption_of
from chassis.callers import SessionDirectory, access_of
from chassis.error_pages import ErrorPages, add_error_handlers, answer_problem
from chassis.metrics import Metrics
from chassis.problems import Problem, problem_of_status
from chassis.request_frame import RequestFrame, TooLargeFace
from chassis.settings import ServiceSettings

__all__ = ["ErrorPages", "access_table", "create_web_app"]

_BODY_LIMIT = 64 * 1024
_CROSS_SITE = Problem(403, "cross_site_request", "The request did not come from a page of this site.")
_TOO_LARGE = problem_of_status(413)
_FORM_LIMITS: Any = {"max_fields": 100, "max_files": 20, "max_part_size": _BODY_LIMIT}


def create_web_app(
    settings: ServiceSettings,
    *,
    routers: Sequence[APIRouter],
    sessions: SessionDirectory,
    pages: ErrorPages,
    clients: ClientDirectory | None = None,
    metrics: Metrics | None = None,
    mounts: Mapping[str, ASGIApp] | None = None,
) -> FastAPI:
    """A FastAPI app of the routers; bodies are limited to 64 KiB unless a route says `max_body_size=`.

    Args:
        settings: of the service.
        routers: their routes take `Anyone`, `SignedIn`, `staff(...)` or `client(...)`.
        sessions: who the callers are.
        pages: makes error pages.
        clients: who other systems are; needed by routes with `client(...)`.
        metrics: where requests are counted.
        mounts: path to ASGI app, such as the assets; open to anyone.

    Raises:
        UndeclaredAccessError: a route does not declare who may call it, or lets in API clients whom nobody knows.
    """
    app = _WebApp(settings, pages, metrics or Metrics())
    app.state.sessions = sessions
    app.state.clients = clients
    app.state.cookie_name = settings.cookie_name
    for path, mounted in (mounts or {}).items():
        app.mount(path, mounted)
    for router in routers:
        # Not include_router: it would match every request once more per router.
        app.router.routes.extend(router.routes)
    add_error_handlers(app, pages)
    for method, path, access in access_table(app):
        if access is None:
            raise UndeclaredAccessError(f"{method} {path} does not declare who may call it.")
        if clients is None and scopes_of(access):
            raise UndeclaredAccessError(f"{method} {path} lets API clients in, and there is no directory of them.")
    return app


class UndeclaredAccessError(Exception):
    """A route lacks Anyone, SignedIn, staff(...) or client(...) in its signature (DESIGN 17)."""


def access_table(app: FastAPI) -> list[tuple[str, str, str | None]]:
    """Method, path template and access of every route, for the authorisation matrix."""
    return sorted(_access_rows(app), key=lambda row: (row[1], row[0]))


def _access_rows(app: FastAPI) -> Iterator[tuple[str, str, str | None]]:
    for route in iter_route_contexts(app.routes):
        access = "anyone" if isinstance(route.original_route, Mount) else access_of(route)
        for method in route.methods or {"GET"}:
            yield method, route.path or "/", access


class _WebApp(FastAPI):
    """FastAPI with the guard and the request's frame around even its own error handling."""

    def __init__(self, settings: ServiceSettings, pages: ErrorPages, metrics: Metrics) -> None:
        traced = settings.otlp_endpoint is not None
        super().__init__(
            title=settings.service,
            openapi_url=None,
            redirect_slashes=False,
            max_body_size=_BODY_LIMIT,
            form_limits=_FORM_LIMITS,
            telemetry={
                "tracing": traced,
                "metrics": False,
                "logs": False,
                "operation_spans": False,
                "auto_configure": False,
                "exclude": _is_secret_link,
            },
        )
        self._settings = settings
        self._pages = pages
        self._metrics = metrics

    def build_middleware_stack(self) -> ASGIApp:
        guarded = BrowserGuard(
            TooLargeFace(super().build_middleware_stack(), self._answers(_TOO_LARGE)),
            base_url=self._settings.base_url,
            exempt=self._is_exempt,
            refuse=self._answers(_CROSS_SITE),
        )
        return RequestFrame(guarded, self._metrics)

    def _answers(self, problem: Problem) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            scope["app"] = self
            response = await answer_problem(Request(scope, receive), problem, self._pages)
            await response(scope, receive, send)

        return answer

    def _is_exempt(self, scope: Scope) -> bool:
        return any(
            (exemption_of(route.endpoint) is not None or is_for_clients(access_of(route)))
            and scope["method"] in (route.methods or ())
            and re.match(route.path_regex, scope["path"]) is not None
            for route in iter_route_contexts(self.routes)
        )


def _is_secret_link(scope: Any) -> bool:
    # DESIGN 12: the path of a mailed link is a secret and stands in no trace.
    return str(scope.get("path", "")).startswith("/c/")
