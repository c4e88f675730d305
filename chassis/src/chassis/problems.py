"""Faces of an error: tables from kind to status codes, and RFC 9457 problem documents for the JSON API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any

import grpc
from fastapi.responses import JSONResponse

from chassis.errors import DomainError, ErrorKind

HTTP_STATUS: Mapping[ErrorKind, int] = {
    ErrorKind.INVALID: 422,
    ErrorKind.UNAUTHENTICATED: 401,
    ErrorKind.FORBIDDEN: 403,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.RATE_LIMITED: 429,
    ErrorKind.UNAVAILABLE: 503,
    ErrorKind.INTERNAL: 500,
}
"""Of problem documents and of pages alike."""

GRPC_STATUS: Mapping[ErrorKind, grpc.StatusCode] = {
    ErrorKind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    ErrorKind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    ErrorKind.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
    ErrorKind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    ErrorKind.CONFLICT: grpc.StatusCode.FAILED_PRECONDITION,
    ErrorKind.RATE_LIMITED: grpc.StatusCode.RESOURCE_EXHAUSTED,
    ErrorKind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
    ErrorKind.INTERNAL: grpc.StatusCode.INTERNAL,
}

_CODES_OF_STATUS: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    412: "precondition_failed",
    413: "body_too_large",
    415: "unsupported_media_type",
    428: "precondition_required",
}
_CHALLENGES: Mapping[str, str] = {
    "token_missing": "Bearer",
    "token_invalid": 'Bearer error="invalid_token"',
    "scope_missing": 'Bearer error="insufficient_scope"',
}
"""WWW-Authenticate of what API clients are refused with (RFC 6750, section 3)."""
_RETRY_UNAVAILABLE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, before it becomes a page or a document."""

    status: int
    code: str
    detail: str = ""
    errors: tuple[Mapping[str, str], ...] = ()
    headers: Mapping[str, str] | None = None


def problem_of(error: DomainError) -> Problem:
    """The problem of an error; the detail of an internal one stays inside."""
    return Problem(
        status=HTTP_STATUS[error.kind],
        code=error.code,
        detail="" if error.kind is ErrorKind.INTERNAL else error.detail,
        errors=tuple({"pointer": pointer(name.split("/")), "detail": text} for name, text in error.fields.items()),
        headers=_headers(error) or None,
    )


def problem_of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem of a bare status code, as the framework raises it."""
    return Problem(status, _CODES_OF_STATUS.get(status, f"http_{status}"), headers=headers)


def problem_of_input(found: Iterable[Mapping[str, Any]]) -> Problem:
    """The problem of input that does not fit a route's declaration; an unfit path names nothing that exists.

    The values that were sent are not repeated: they may be secrets.
    """
    found = list(found)
    if any(item["loc"][0] == "path" for item in found):
        return problem_of_status(404)
    errors = tuple({"pointer": pointer(_within_body(item["loc"])), "detail": str(item["msg"])} for item in found)
    return Problem(422, "invalid_input", "The request does not have the declared form.", errors)


def pointer(path: Iterable[object]) -> str:
    """A JSON pointer as a URI fragment (RFC 6901, section 6)."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in path)
    return "#" + "".join(f"/{step}" for step in steps)


def problem_response(problem: Problem, *, instance: str, request_id: str) -> JSONResponse:
    """The problem as `application/problem+json`."""
    content: dict[str, Any] = {
        "type": f"urn:kundenportal:problem:{problem.code}",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "instance": instance,
        "code": problem.code,
        "request_id": request_id,
    }
    if problem.detail:
        content["detail"] = problem.detail
    if problem.errors:
        content["errors"] = list(problem.errors)
    return JSONResponse(content, problem.status, problem.headers, media_type="application/problem+json")


def _headers(error: DomainError) -> dict[str, str]:
    seconds = ceil(error.retry_after.total_seconds()) if error.retry_after is not None else None
    if seconds is None and error.kind is ErrorKind.UNAVAILABLE:
        seconds = _RETRY_UNAVAILABLE_SECONDS
    found = {"Retry-After": None if seconds is None else str(seconds), "WWW-Authenticate": _CHALLENGES.get(error.code)}
    return {name: value for name, value in found.items() if value is not None}


def _within_body(location: tuple[object, ...]) -> tuple[object, ...]:
    # FastAPI says ("body", "subject"); a pointer is into the body. Others keep their place: ("query", "page").
    return location[1:] if location[0] == "body" else location
