"""A service with a route of every sort, for the tests of the chassis's edges."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from chassis.api_clients import ApiClient, client, person_or_client
from chassis.browser_guard import bearer_only, one_click
from chassis.callers import Anyone, Caller, SignedIn, no_activity, staff
from chassis.errors import DomainError, ErrorKind
from chassis.etags import check_conditions, etag_of, require_match
from chassis.settings import ServiceSettings
from chassis.testing import FakeClients, FakeSessions, settings_for
from chassis.web import create_web_app

router = APIRouter()
Agent = Annotated[Caller, Depends(staff("agent", "admin"))]


class SampleSettings(ServiceSettings):
    service = "sample"


class PlainPages:
    """Error pages as one line, so that a test sees what they were given."""

    def error(self, request: Request, status: int, code: str, request_id: str, typed: Mapping[str, str]) -> Response:
        caller = request.state.caller
        name = caller.username if caller else "nobody"
        return HTMLResponse(f"page {status} {code} {name} {dict(typed)}", status)


class NewThing(BaseModel):
    model_config = ConfigDict(extra="forbid")
    subject: str = Field(max_length=20)


@router.get("/open")
async def open_page(caller: Anyone) -> PlainTextResponse:
    return PlainTextResponse(caller.username if caller else "nobody")


@router.get("/mine/{number}")
async def own_page(number: int, caller: SignedIn) -> PlainTextResponse:
    return PlainTextResponse(f"{number} {caller.username}")


@router.post("/mine")
async def post_mine(request: Request, caller: SignedIn) -> PlainTextResponse:
    return PlainTextResponse(str(dict(await request.form())))


@router.post("/form")
async def form(request: Request, caller: Anyone) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.form())))


@router.get("/fragment")
@no_activity
async def fragment(caller: SignedIn) -> PlainTextResponse:
    return PlainTextResponse("part")


@router.get("/desk")
async def desk(caller: Agent) -> PlainTextResponse:
    return PlainTextResponse("desk")


@router.post("/large", max_body_size=200_000)
async def large(request: Request, caller: Anyone) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@router.post("/hook")
@bearer_only
async def hook(caller: Anyone) -> PlainTextResponse:
    return PlainTextResponse("hooked")


@router.post("/unsubscribe/{token}")
@one_click
async def unsubscribe(token: str, caller: Anyone) -> PlainTextResponse:
    return PlainTextResponse("unsubscribed")


@router.post("/fails/{kind}")
@router.get("/fails/{kind}")
async def fails(kind: ErrorKind, caller: Anyone) -> Response:
    raise DomainError(kind, "sample_code", "A sentence.", fields={"subject/0": "too_long"})


@router.get("/api/v1/fails/{kind}")
async def fails_in_api(kind: ErrorKind, caller: Anyone) -> Response:
    raise DomainError(kind, "sample_code", "A sentence.", fields={"subject/0": "too_long"})


@router.get("/crashes")
@router.get("/api/v1/crashes")
async def crashes(caller: Anyone) -> Response:
    raise ValueError("password=hunter2")


@router.post("/api/v1/things")
async def create_thing(thing: NewThing, caller: SignedIn) -> dict[str, Any]:
    return {"subject": thing.subject}


@router.get("/api/v1/exported")
@router.post("/api/v1/imported")
async def for_programs(caller: Annotated[ApiClient, Depends(client("things:read", "things:write"))]) -> dict[str, str]:
    return {"caller": caller.name}


@router.get("/api/v1/seen")
async def for_both(caller: Annotated[ApiClient | Caller, Depends(person_or_client("things:read"))]) -> dict[str, str]:
    return {"caller": caller.username if isinstance(caller, Caller) else caller.name}


@router.put("/api/v1/things/{name}")
async def put_thing(request: Request, name: str, thing: NewThing, caller: SignedIn) -> Response:
    check_conditions(request, etag_of(NewThing(subject="old")) if name == "first" else None)
    return Response(headers={"ETag": etag_of(thing)})


@router.patch("/api/v1/things/first")
async def change_thing(request: Request, thing: NewThing, caller: SignedIn) -> Response:
    require_match(request, etag_of(NewThing(subject="old")))
    return Response(headers={"ETag": etag_of(thing)})


@router.get("/download")
async def download(caller: Anyone) -> Response:
    return Response(b"x", headers={"Content-Security-Policy": "sandbox", "Cache-Control": "private"})


@router.get("/slow")
async def slow(caller: Anyone) -> PlainTextResponse:
    await asyncio.sleep(1)
    return PlainTextResponse("slow but whole")


@router.get("/who")
async def who(request: Request, caller: Anyone) -> PlainTextResponse:
    return PlainTextResponse(request.client.host if request.client else "")


def sample_settings(folder: Path, **values: Any) -> SampleSettings:
    return settings_for(SampleSettings, folder, **values)


def sample_app(
    settings: SampleSettings, sessions: FakeSessions | None = None, clients: FakeClients | None = None, **values: Any
) -> FastAPI:
    async def assets(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("asset")(scope, receive, send)

    return create_web_app(
        settings,
        routers=[router],
        sessions=sessions or FakeSessions(),
        clients=clients or FakeClients(),
        pages=PlainPages(),
        mounts={"/assets": assets},
        **values,
    )
