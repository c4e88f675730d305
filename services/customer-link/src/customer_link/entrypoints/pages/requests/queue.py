"""`/staff/requests`: the queue of requests with their age (STEPS S3)."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from chassis.callers import staff
from chassis.errors import DomainError
from chassis.page_tokens import read_page_token, write_page_token
from chassis.sessions import Caller
from customer_link.domain.link_request import RequestKind
from customer_link.domain.request_listing import RequestCursor, RequestQuery, Shown
from customer_link.entrypoints.pages.site import Site

RequestStaff = Annotated[Caller, Depends(staff("agent", "advisor", "admin"))]
"""Who decides on requests."""
_PATH = "/staff/requests"


class RequestQueuePage:
    """What waits, what one has oneself, what has ended."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route(_PATH, self.show, methods=["GET"])

    async def show(self, request: Request, caller: RequestStaff) -> Response:
        """One page of the queue."""
        asked = request.query_params
        shown = next((one for one in Shown if one == asked.get("show")), Shown.WAITING)
        kind = next((one for one in RequestKind if one == asked.get("kind")), None)
        query = RequestQuery(shown, caller.account_id, kind, _read_cursor(asked.get("page", "")))
        async with self._site.workplace.open() as records:
            page = await records.requests.page(query)
        wanted = {row.request.assignee for row in page.rows if row.request.assignee}
        filters = {"show": shown.value} | ({"kind": kind.value} if kind else {})
        return self._site.render(
            request,
            "requests/queue.html",
            rows=page.rows,
            shown=shown.value,
            kind=kind.value if kind else "",
            me=caller.account_id,
            people=await self._site.names(wanted) or {},
            first_page=_address(filters) if query.after else "",
            next_page=_address(filters | {"page": _write_cursor(page.next)}) if page.next else "",
        )


def _address(filters: dict[str, str]) -> str:
    return f"{_PATH}?{urlencode(filters)}"


def _write_cursor(cursor: RequestCursor) -> str:
    return write_page_token(cursor.at.isoformat(), str(cursor.id))


def _read_cursor(token: str) -> RequestCursor | None:
    """The first page for a token that was never given: a person finds the list, whatever was in the address."""
    try:
        position = read_page_token(token, 2)
        if position is None:
            return None
        at = datetime.fromisoformat(position[0])
        return RequestCursor(at, UUID(position[1])) if at.tzinfo else None
    except (DomainError, ValueError):
        return None
