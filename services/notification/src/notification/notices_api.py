"""`/api/v1/notices`: what the page of notices shows, as JSON, for the person of the session."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.api_document import document_router
from chassis.callers import SignedIn
from chassis.page_tokens import LONGEST_PAGE_TOKEN
from chassis.strict_json import StrictJsonRoute
from notification.notice_pages import NoticeDesk, notice_unknown
from notification.notice_places import read_place, write_place
from notification.notice_sentences import Sentence

_PATH: Final = "/api/v1/notices"
DOCUMENT_PATH: Final = f"{_PATH}/openapi.json"
_ANSWERED: Final = {204: {"description": "Done, or done before."}}


class ListParameters(BaseModel):
    """Which notices are wanted."""

    model_config = ConfigDict(extra="forbid")

    unread: bool = Field(default=False, description="Only those that are unread.")
    page_size: int = Field(20, ge=1, le=100)
    page_token: str = Field("", max_length=LONGEST_PAGE_TOKEN)


class ReadUntil(BaseModel):
    """Up to when one has seen them."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime = Field(description="What came later stays unread.", examples=["2026-11-22T09:30:00Z"])


class NoticeJson(BaseModel):
    """A notice, in the language of the person."""

    notice_id: UUID
    kind: str
    text: str
    path: Annotated[str, Field(description="Where it leads; empty when one may no longer see it.")]
    event_time: datetime
    read_time: datetime | None

    @classmethod
    def of(cls, told: Sentence) -> "NoticeJson":
        """Make it of what the page shows."""
        return cls(
            notice_id=told.id,
            kind=told.kind,
            text=told.text,
            path=told.path,
            event_time=told.at,
            read_time=told.read_at,
        )


class NoticesJson(BaseModel):
    """One page of a list (AIP-158)."""

    notices: list[NoticeJson]
    unread_count: Annotated[int, Field(description="Of all pages; 100 stands for 100 and more.")]
    next_page_token: Annotated[str, Field(description="Empty at the end.")]


class NoticesApi:
    """List and mark as read, as the person of the session."""

    def __init__(self, desk: NoticeDesk) -> None:
        self._desk = desk
        self.router = APIRouter(route_class=StrictJsonRoute, tags=["notices"])
        add = self.router.add_api_route
        add(_PATH, self.list, methods=["GET"], summary="One's notices, newest first", response_model=NoticesJson)
        add(
            f"{_PATH}/read",
            self.read_all,
            methods=["POST"],
            summary="Mark all as read",
            status_code=204,
            responses=_ANSWERED,  # type: ignore[arg-type]
        )
        add(
            f"{_PATH}/{{notice_id}}:read",
            self.read,
            methods=["POST"],
            summary="Mark one as read",
            status_code=204,
            responses=_ANSWERED,  # type: ignore[arg-type]
        )
        said = "Notices of the signed-in person, as the page of notices shows them."
        self.router.include_router(document_router(DOCUMENT_PATH, title="Notices", description=said))

    async def list(self, request: Request, caller: SignedIn, asked: Annotated[ListParameters, Query()]) -> Response:
        """Texts are made of what the other services tell at this moment, with the rights of now."""
        desk, size, before = self._desk, asked.page_size, read_place(asked.page_token)
        async with desk.database.transaction() as tx:
            found = await desk.notices.page(tx, caller.account_id, limit=size + 1, before=before, unread=asked.unread)
            unread = await desk.notices.unread(tx, caller.account_id)
        language = desk.pages.language(request)
        told, _ = await desk.sentences.of(found[:size], caller.account_id, language, desk.pages.gettext(language))
        token = write_place(found[size - 1]) if len(found) > size else ""
        page = NoticesJson(notices=[NoticeJson.of(one) for one in told], unread_count=unread, next_page_token=token)
        return Response(page.model_dump_json(), media_type="application/json")

    async def read(self, caller: SignedIn, notice_id: UUID) -> Response:
        """Doing it again changes nothing."""
        async with self._desk.database.transaction() as tx:
            if await self._desk.notices.read(tx, caller.account_id, notice_id) is None:
                raise notice_unknown()
        return Response(status_code=204)

    async def read_all(self, caller: SignedIn, sent: ReadUntil) -> Response:
        """All that were there at a moment; name the one at which you asked for the list."""
        async with self._desk.database.transaction() as tx:
            await self._desk.notices.read_all(tx, caller.account_id, sent.until)
        return Response(status_code=204)
