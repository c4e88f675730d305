"""The OpenAPI 3.1 document of a service's JSON API: what its routes declare, and what the chassis answers for all."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from chassis.api_clients import is_for_clients, scopes_of
from chassis.callers import Anyone, access_of
from chassis.error_pages import is_api

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "Stable; compare this."},
        "request_id": {"type": "string", "description": "Name it when you ask operations."},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
"""A problem document (RFC 9457), as `problems` writes it."""
_WORDS: Mapping[int, str] = {
    400: "The request cannot be read.",
    401: "Nobody is known by what came with the request.",
    403: "Known, and not allowed.",
    404: "There is no such thing.",
    409: "It is in no state for this.",
    412: "Somebody else was faster: the ETag is another one now.",
    413: "The body is too large.",
    415: "The body is of a kind that is not read here.",
    422: "The request does not have the declared form, or breaks a rule.",
    428: "A change needs If-Match.",
    503: "Not now; Retry-After says when.",
}
_UNSAFE = frozenset({"post", "put", "patch", "delete"})


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For `responses=` of a route: what it may answer beyond what every route may."""
    return {status: _problem(status) for status in statuses}


def header(name: str, example: str, words: str, *, required: bool = False) -> dict[str, Any]:
    """A request header that a route reads by itself, for its `openapi_extra=`."""
    schema = {"type": "string", "examples": [example]}
    parameter = {"name": name, "in": "header", "required": required, "description": words, "schema": schema}
    return {"parameters": [parameter]}


IF_MATCH = header("If-Match", '"6f1e…"', "The ETag of what you have seen; `*` for any.", required=True)
"""For `openapi_extra=` of a changing route."""
IDEMPOTENCY_KEY = header("Idempotency-Key", "6b7c2f3e", "1 to 255 characters; the same one gives the same answer.")
"""For `openapi_extra=` of a creating route."""


def document_router(path: str, *, title: str, description: str) -> APIRouter:
    """Serves the document to anyone, made once an app when it is first asked for."""
    router = APIRouter()

    @router.get(path, include_in_schema=False)
    async def document(request: Request, _caller: Anyone) -> JSONResponse:
        """Which routes there are, what they take and what they answer (OpenAPI 3.1)."""
        state = request.app.state
        if not hasattr(state, "api_document"):
            state.api_document = api_document(request.app, title=title, description=description)
        return JSONResponse(state.api_document)

    return router


def api_document(app: FastAPI, *, title: str, description: str) -> dict[str, Any]:
    """The document of all routes that programs call."""
    routes = [route for route in app.routes if isinstance(route, APIRoute) and is_api(route.path)]
    shown = [route for route in routes if route.include_in_schema]
    document = get_openapi(title=title, version="1", description=description, openapi_version="3.1.0", routes=shown)
    components = document.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = _schemes(shown, app.state.cookie_name)
    for route in shown:
        for method, operation in _operations(document, route):
            _complete(operation, method, access_of(route) or "")
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    return document


def _operations(document: Mapping[str, Any], route: APIRoute) -> Iterator[tuple[str, dict[str, Any]]]:
    item = document["paths"][route.path_format]
    for method in route.methods or ():
        yield method.lower(), item[method.lower()]


def _complete(operation: dict[str, Any], method: str, access: str) -> None:
    if access != "anyone":
        clients: list[dict[str, list[str]]] = [{"client": [scope]} for scope in scopes_of(access)]
        operation["security"] = clients if is_for_clients(access) else [*clients, {"session": []}]
    answers = operation["responses"]
    answers.pop("422", None)
    for status in _statuses(operation, method, access):
        answers.setdefault(str(status), _problem(status))


def _statuses(operation: Mapping[str, Any], method: str, access: str) -> Iterator[int]:
    yield 503
    if access != "anyone":
        yield 401
    if scopes_of(access) or access.startswith("staff") or method in _UNSAFE:
        yield 403
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
        yield 404
    if operation.get("parameters") or "requestBody" in operation:
        yield 422
    if "requestBody" in operation:
        yield from (400, 413)


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _WORDS[status], "content": {"application/problem+json": {"schema": schema}}}


def _schemes(routes: Sequence[APIRoute], cookie_name: str) -> dict[str, Any]:
    accesses = [access_of(route) or "" for route in routes]
    scopes = {scope for one in accesses for scope in scopes_of(one)}
    flow = {"tokenUrl": "/oauth/token", "scopes": dict.fromkeys(sorted(scopes), "")}
    found: dict[str, Any] = {}
    if scopes:
        found["client"] = {"type": "oauth2", "flows": {"clientCredentials": flow}}
    if any(one.startswith(("signed_in", "staff")) for one in accesses):
        found["session"] = {"type": "apiKey", "in": "cookie", "name": cookie_name}
    return found
