"""The OpenAPI document of identity's JSON API."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from chassis.api_document import api_document
from chassis.callers import Anyone

DOCUMENT_PATH = "/api/v1/accounts/openapi.json"
_DESCRIPTION = "Accounts of people, for other systems (client credentials), and the signed-in person's own."

router = APIRouter()


@router.get(DOCUMENT_PATH, include_in_schema=False)
async def document(request: Request, _caller: Anyone) -> JSONResponse:
    """Which routes there are, what they take and what they answer (OpenAPI 3.1)."""
    return JSONResponse(described(request.app))


def described(app: FastAPI) -> Mapping[str, Any]:
    """The document, made once an app when it is first asked for."""
    state = app.state
    if not hasattr(state, "api_document"):
        state.api_document = api_document(app, title="Accounts", description=_DESCRIPTION)
    found: Mapping[str, Any] = state.api_document
    return found
