"""/tickets: the customer's own tickets and the organisation's."""

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.sessions import Caller
from ticketing.domain.listing import Mine, Shared, TicketQuery
from ticketing.domain.membership import Membership
from ticketing.domain.ticket_state import TicketState, ball_of
from ticketing.entrypoints.list_request import ListRequest, from_token, to_token
from ticketing.entrypoints.pages.once import go_to
from ticketing.entrypoints.pages.site import PAGE_SIZE, Site, list_address
from ticketing.usecases.list_tickets import TicketList, list_tickets

_SHARED_TAB = "organisation"
_DESK_ROLES = frozenset({"agent", "admin"})


class TicketListPage:
    """The list in two tabs; a member of staff is sent to the desk."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        self.router.add_api_route("/tickets", self.show, methods=["GET"])

    async def show(self, request: Request, caller: SignedIn) -> Response:
        """One page of a tab: two statements and at most one call for names."""
        if caller.roles & _DESK_ROLES:
            return go_to("/desk")
        work = self._site.workplace
        viewer, membership = await work.customer(caller)
        shared = request.query_params.get("tab") == _SHARED_TAB and bool(viewer.organisations)
        asked = ListRequest.read(request.query_params, work.policy)
        tabs = (Mine(caller.account_id), Shared(viewer.organisations))
        query = TicketQuery(
            tabs[shared],
            PAGE_SIZE,
            asked.search,
            asked.kind or None,
            asked.states,
            asked.sort,
            from_token(asked.page),
            asked.customer,
        )
        async with work.open() as writing:
            found = await list_tickets(query, *tabs, tickets=writing.tickets)
        return await self._page(request, caller, membership, asked, found, shared=shared)

    async def _page(
        self,
        request: Request,
        caller: Caller,
        membership: Membership,
        asked: ListRequest,
        found: TicketList,
        *,
        shared: bool,
    ) -> Response:
        rows = found.page.rows
        wording = await self._site.wording(request, caller, [row.reporter_id for row in rows])
        tab = {"tab": _SHARED_TAB} if shared else {}
        following = to_token(found.page.next) if found.page.next else ""
        return self._site.render(
            request,
            "tickets/list.html",
            rows=rows,
            counts=found.counts,
            asked=asked,
            wording=wording,
            membership=membership,
            shared=shared,
            states=list(TicketState),
            kinds=list(self._site.workplace.policy.kinds),
            ball_of=ball_of,
            first_page=list_address("/tickets", asked, **tab) if asked.page else "",
            next_page=list_address("/tickets", asked, page=following, **tab) if following else "",
        )
