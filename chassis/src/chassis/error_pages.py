"""Turns every error of a web app into its face: a page for people, a problem document for programs."""

from collections.abc import Mapping
from typing import Protocol

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from chassis.callers import find_caller
from chassis.errors import DomainError
from chassis.problems import Problem, problem_of, problem_of_input, problem_of_status, problem_response
from chassis.typed_text import typed_text

_log = structlog.get_logger(__name__)
_INTERNAL = Problem(500, "internal", "Something went wrong on our side.")
_REDIRECTS = range(300, 400)
_SERVER_ERRORS = range(500, 600)


class ErrorPages(Protocol):
    """Makes the page of an error; ui.Pages is one."""

    def error(self, request: Request, status: int, code: str, request_id: str, typed: Mapping[str, str]) -> Response:
        """A whole page that says what happened and shows `typed` to be copied."""
        ...


def add_error_handlers(app: FastAPI, pages: ErrorPages) -> None:
    """Registers the handlers for all exceptions that can leave a route."""

    async def domain_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, DomainError)  # noqa: S101 - registered for it
        problem = problem_of(error)
        if problem.status in _SERVER_ERRORS:
            _log.warning("request failed", error_code=error.code, exc_info=error)
        return await answer_problem(request, problem, pages)

    async def unfit_input(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
        return await answer_problem(request, problem_of_input(error.errors()), pages)

    async def bare_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        if error.status_code in _REDIRECTS:
            return Response(status_code=error.status_code, headers=error.headers)
        return await answer_problem(request, problem_of_status(error.status_code, error.headers), pages)

    async def anything_else(request: Request, error: Exception) -> Response:
        _log.error("request failed", exc_info=error)
        return await answer_problem(request, _INTERNAL, pages)

    app.add_exception_handler(DomainError, domain_error)
    app.add_exception_handler(RequestValidationError, unfit_input)
    app.add_exception_handler(HTTPException, bare_status)
    app.add_exception_handler(Exception, anything_else)


async def answer_problem(request: Request, problem: Problem, pages: ErrorPages) -> Response:
    """The problem as the asker can read it: a document for programs, a page for people."""
    request_id = request.state.request_id
    if is_api(request.scope["path"]):
        return problem_response(problem, instance=request.scope["path"], request_id=request_id)
    await _recognise(request)
    typed = await typed_text(request)
    response = pages.error(request, problem.status, problem.code, request_id, typed)
    response.headers.update(problem.headers or {})
    return response


def is_api(path: str) -> bool:
    """Whether programs call this path."""
    return path.startswith(("/api/", "/oauth/"))


async def _recognise(request: Request) -> None:
    """So that the page of an error greets the person who is signed in; without, it serves as well."""
    try:
        await find_caller(request, grace=True, activity=False)
    except DomainError:
        return
