"""/tickets/{ticket_id}: follow one ticket, comment on it, confirm, share and withdraw it."""

from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.callers import SignedIn
from chassis.database import Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from ticketing.domain.membership import Membership
from ticketing.domain.ticket_state import ball_of
from ticketing.domain.transitions import PATIENCE, Action
from ticketing.domain.visibility import Viewer, Visibility, reason_of
from ticketing.entrypoints.pages.once import go_to, once
from ticketing.entrypoints.pages.site import (
    BODY_LIMIT,
    Site,
    form_of,
    is_of_form,
    organisation_name,
    people_of,
)
from ticketing.entrypoints.pages.talk_items import talk_items
from ticketing.usecases.change_visibility import change_visibility, visibility_choices
from ticketing.usecases.comment_ticket import comment_ticket
from ticketing.usecases.move_own_ticket import move_own_ticket
from ticketing.usecases.view_ticket import TicketView, view_ticket
from ui.forms import Form, read_form

_DONE = frozenset({"opened", "commented", "followed", "confirmed", "withdrawn", "visibility"})
_DESK_ROLES = frozenset({"agent", "admin"})
_PATH = "/tickets/{ticket_id:uuid}"


class TicketPage:
    """One ticket as its customers see it."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.show, methods=["GET"])
        add(f"{_PATH}/comment", self.back, methods=["GET"])
        add(f"{_PATH}/comment", self.comment, methods=["POST"], max_body_size=BODY_LIMIT)
        add(f"{_PATH}/confirm", self.confirm, methods=["POST"])
        add(f"{_PATH}/withdraw", self.ask_to_withdraw, methods=["GET"])
        add(f"{_PATH}/withdraw", self.withdraw, methods=["POST"])
        add(f"{_PATH}/visibility", self.change_visibility, methods=["POST"])

    async def show(self, request: Request, caller: SignedIn, ticket_id: UUID, before: int | None = None) -> Response:
        """The ticket with its talk; whoever works at the desk sees it there."""
        if caller.roles & _DESK_ROLES:
            return go_to(f"/desk/{ticket_id}")
        return await self._page(request, caller, ticket_id, Form(), before=before)

    async def back(self, _caller: SignedIn, ticket_id: UUID) -> Response:
        """Where a page with a mistake is loaded again, or its language changed."""
        return go_to(f"/tickets/{ticket_id}")

    async def comment(self, request: Request, caller: SignedIn, ticket_id: UUID) -> Response:
        """Comment once, however often the button was pressed."""
        fields = await read_form(request)
        viewer, membership = await self._site.workplace.customer(caller)
        try:
            async with self._site.workplace.database.transaction() as tx:
                path = await self._comment(tx, caller, ticket_id, fields, viewer, membership)
        except DomainError as error:
            if not is_of_form(error):
                raise
            return await self._page(request, caller, ticket_id, form_of(fields, error, ["text"]), status=422)
        return go_to(path)

    async def _comment(
        self,
        tx: Transaction,
        caller: Caller,
        ticket_id: UUID,
        fields: Mapping[str, str],
        viewer: Viewer,
        membership: Membership,
    ) -> str:
        writing = self._site.workplace.writing(tx)

        async def act() -> str:
            text = fields.get("text", "")
            done = await comment_ticket(ticket_id, text, viewer=viewer, membership=membership, writing=writing)
            said = "followed" if done.follow_up else "commented"
            return f"/tickets/{done.ticket.id}?done={said}"

        return await once(tx, caller, f"/tickets/{ticket_id}/comment", fields, act)

    async def confirm(self, caller: SignedIn, ticket_id: UUID) -> Response:
        """Say that the solution is one."""
        return await self._move(caller, ticket_id, Action.CONFIRM, "confirmed")

    async def withdraw(self, caller: SignedIn, ticket_id: UUID) -> Response:
        """Take the ticket back."""
        return await self._move(caller, ticket_id, Action.WITHDRAW, "withdrawn")

    async def ask_to_withdraw(self, request: Request, caller: SignedIn, ticket_id: UUID) -> Response:
        """Ask once more."""
        work = self._site.workplace
        viewer, _membership = await work.customer(caller)
        async with work.open() as writing:
            view = await view_ticket(ticket_id, viewer=viewer, writing=writing)
        if not any(choice.action is Action.WITHDRAW for choice in view.choices):
            return go_to(f"/tickets/{ticket_id}")
        return self._site.render(request, "tickets/withdraw.html", ticket=view.ticket)

    async def change_visibility(self, request: Request, caller: SignedIn, ticket_id: UUID) -> Response:
        """Share the ticket with the organisation, or no longer."""
        wanted = (await read_form(request)).get("visibility", "")
        if wanted not in set(Visibility):
            raise DomainError(ErrorKind.INVALID, "visibility_unknown")
        work = self._site.workplace
        viewer, _membership = await work.customer(caller)
        async with work.open() as writing:
            await change_visibility(ticket_id, Visibility(wanted), viewer=viewer, writing=writing)
        return go_to(f"/tickets/{ticket_id}?done=visibility")

    async def _move(self, caller: Caller, ticket_id: UUID, action: Action, done: str) -> Response:
        work = self._site.workplace
        viewer, _membership = await work.customer(caller)
        async with work.open() as writing:
            await move_own_ticket(ticket_id, action, viewer=viewer, writing=writing)
        return go_to(f"/tickets/{ticket_id}?done={done}")

    async def _page(
        self,
        request: Request,
        caller: Caller,
        ticket_id: UUID,
        form: Form,
        *,
        status: int = 200,
        before: int | None = None,
    ) -> Response:
        work = self._site.workplace
        viewer, membership = await work.customer(caller)
        async with work.open() as writing:
            view = await view_ticket(ticket_id, viewer=viewer, writing=writing, before=before)
        ticket = view.ticket
        wording = await self._site.wording(request, caller, people_of(ticket, view.talk))
        organisation = organisation_name(ticket, membership)
        done = request.query_params.get("done", "")
        return self._site.render(
            request,
            "tickets/ticket.html",
            status=status,
            form=form,
            view=view,
            ticket=ticket,
            membership=membership,
            organisation=organisation,
            wording=wording,
            talk=talk_items(view.talk, wording, organisation),
            actions={choice.action.value for choice in view.choices},
            visibilities=[one for one in visibility_choices(viewer, ticket) if one is not ticket.visibility],
            references=reference_links(view, viewer),
            number=await self._number(view, membership),
            ball=ball_of(ticket.state),
            until=ticket.state_since + PATIENCE,
            closes=ticket.updated_at + PATIENCE,
            done=done if done in _DONE else "",
        )

    async def _number(self, view: TicketView, membership: Membership) -> str:
        """Give the customer number: one's own is known, a colleague's is asked for."""
        customer_id = view.ticket.customer_id
        if customer_id is None:
            return ""
        held = membership.customer(customer_id)
        return held.number if held else await self._site.workplace.names.number(customer_id) or ""


def reference_links(view: TicketView, viewer: Viewer) -> dict[UUID, tuple[str, bool]]:
    """Give the number of each ticket that this one names, and whether the viewer may follow it."""
    return {one.id: (str(one.number), reason_of(viewer, one) is not None) for one in view.references}
