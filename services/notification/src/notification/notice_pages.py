"""`/notices`: what happened to one's numbers, requests, tickets and account; and the bell of every page's header."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn, no_activity
from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from notification.notice_kinds import KINDS
from notification.notice_places import read_place, write_place
from notification.notice_sentences import Sentences
from notification.notice_store import KEPT, NoticeStore, Place
from ui.forms import read_form
from ui.pages import Pages

PAGE_SIZE: Final = 20
_PATH: Final = "/notices"


@dataclass(frozen=True, slots=True)
class NoticeDesk:
    """What pages and API of notices are made from."""

    database: Database
    notices: NoticeStore
    sentences: Sentences
    pages: Pages
    clock: Callable[[], datetime]


class NoticePages:
    """The list, the buttons on it, and the bell. Looking marks nothing as read: a person presses a button."""

    def __init__(self, desk: NoticeDesk) -> None:
        self._desk = desk
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.show, methods=["GET"])
        add(f"{_PATH}/bell", self.bell, methods=["GET"])
        add(f"{_PATH}/read", self.read_all, methods=["POST"])
        add(f"{_PATH}/{{notice_id:uuid}}/open", self.open, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """One page of the list, newest first."""
        desk, before = self._desk, _lenient(request.query_params.get("older", ""))
        seen = desk.clock()
        async with desk.database.transaction() as tx:
            found = await desk.notices.page(tx, caller.account_id, limit=PAGE_SIZE + 1, before=before)
            unread = await desk.notices.unread(tx, caller.account_id)
        language, shown = desk.pages.language(request), found[:PAGE_SIZE]
        told, complete = await desk.sentences.of(shown, caller.account_id, language, desk.pages.gettext(language))
        return desk.pages.render(
            request,
            "notices/list.html",
            notices=told,
            complete=complete,
            unread=unread,
            seen=seen.isoformat(),
            kept_days=KEPT.days,
            done=request.query_params.get("notice") == "read",
            newest=before is None,
            older=write_place(shown[-1]) if len(found) > PAGE_SIZE else "",
        )

    @no_activity
    async def bell(self, request: Request, caller: SignedIn) -> Response:
        """What the header's bell shows: how many are unread."""
        async with self._desk.database.transaction() as tx:
            unread = await self._desk.notices.unread(tx, caller.account_id)
        return self._desk.pages.fragment(request, "notices/bell.html", unread=unread)

    async def open(self, caller: SignedIn, notice_id: UUID) -> Response:
        """Marks one as read and goes to what it tells of."""
        async with self._desk.database.transaction() as tx:
            notice = await self._desk.notices.read(tx, caller.account_id, notice_id)
        if notice is None:
            raise notice_unknown()
        kind = KINDS.get(notice.kind)
        return _see_other(kind.leads_to(notice.thing_id) if kind else _PATH)

    async def read_all(self, request: Request, caller: SignedIn) -> Response:
        """Marks as read what the page had to show; what came since stays unread."""
        until = _moment((await read_form(request)).get("seen", ""))
        async with self._desk.database.transaction() as tx:
            await self._desk.notices.read_all(tx, caller.account_id, until or self._desk.clock())
        return _see_other(f"{_PATH}?notice=read")


def notice_unknown() -> DomainError:
    """The one answer for others' notices and for those that are gone (Z02)."""
    return DomainError(ErrorKind.NOT_FOUND, "notice_unknown", "There is no such notice.")


def _see_other(path: str) -> Response:
    """Post, redirect, get."""
    return Response(status_code=303, headers={"Location": path})


def _lenient(token: str) -> Place | None:
    """The first page for a token that was never given: a person finds the list, whatever was in the address."""
    try:
        return read_place(token)
    except DomainError:
        return None


def _moment(text: str) -> datetime | None:
    """None for what is no moment: then all are meant."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
