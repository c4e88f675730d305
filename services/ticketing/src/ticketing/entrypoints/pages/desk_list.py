"""/desk: the queue of tickets, for staff."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from chassis.callers import staff
from chassis.sessions import Caller
from ticketing.domain.listing import Desk, TicketPage, TicketQuery
from ticketing.domain.ticket_state import TicketState, ball_of
from ticketing.entrypoints.list_request import OPEN_FILTER, ListRequest, from_token, to_token
from ticketing.entrypoints.pages.site import Site, list_address
from ticketing.usecases.list_tickets import list_page

Agent = Annotated[Caller, Depends(staff("agent", "admin"))]
"""Who works at the desk."""
_PAGE_SIZE = 50
_MINE, _NOBODY = "me", "nobody"


class DeskListPage:
    """The queue: what is unfinished first, narrowed by state, kind, assignee and words."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/desk", self.show, methods=["GET"])

    async def show(self, request: Request, caller: Agent) -> Response:
        """One page of the queue: one statement and one call for names."""
        work = self._site.workplace
        asked = ListRequest.read(request.query_params, work.policy, state=OPEN_FILTER)
        who = request.query_params.get("who", "")
        scope = Desk(caller.account_id if who == _MINE else None, unassigned=who == _NOBODY)
        query = TicketQuery(
            scope,
            _PAGE_SIZE,
            asked.search,
            asked.kind or None,
            asked.states,
            asked.sort,
            from_token(asked.page),
            asked.customer,
        )
        async with work.open() as writing:
            page = await list_page(query, tickets=writing.tickets)
        return await self._page(request, caller, asked, page, who if who in {_MINE, _NOBODY} else "")

    async def _page(self, request: Request, caller: Caller, asked: ListRequest, page: TicketPage, who: str) -> Response:
        people = {row.reporter_id for row in page.rows} | {row.assignee_id for row in page.rows}
        wording = await self._site.wording(request, caller, people, at_desk=True)
        works = {row.organisation_id for row in page.rows if row.organisation_id}
        following = to_token(page.next) if page.next else ""
        return self._site.render(
            request,
            "desk/list.html",
            rows=page.rows,
            asked=asked,
            who=who,
            wording=wording,
            organisations=await self._site.workplace.names.organisations(works) if works else {},
            states=list(TicketState),
            kinds=list(self._site.workplace.policy.kinds),
            ball_of=ball_of,
            first_page=list_address("/desk", asked, who=who) if asked.page else "",
            next_page=list_address("/desk", asked, who=who, page=following) if following else "",
        )
