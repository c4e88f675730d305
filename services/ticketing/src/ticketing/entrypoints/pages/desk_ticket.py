"""/desk/{ticket_id}: work on one ticket, for staff."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller
from ticketing.domain.ticket import Ticket
from ticketing.domain.ticket_state import ball_of
from ticketing.domain.transitions import Action
from ticketing.domain.visibility import Visibility
from ticketing.entrypoints.pages.desk_list import Agent
from ticketing.entrypoints.pages.once import go_to, once
from ticketing.entrypoints.pages.site import BODY_LIMIT, Site, form_of, is_of_form, people_of, uuid_of
from ticketing.entrypoints.pages.talk_items import talk_items
from ticketing.entrypoints.pages.ticket_page import reference_links
from ticketing.entrypoints.workplace import agent
from ticketing.usecases.add_note import add_note
from ticketing.usecases.answer_ticket import Answer, answer_ticket
from ticketing.usecases.assign_ticket import assign_ticket, take_ticket
from ticketing.usecases.change_visibility import change_visibility, visibility_choices
from ticketing.usecases.view_ticket import TicketView, view_ticket
from ticketing.usecases.writing import Writing
from ui.forms import Form, read_form

_PATH = "/desk/{ticket_id:uuid}"
_ORDER = ("action", "text", "answer_due", "other", "note", "assignee")
_DONE = frozenset({"taken", "assigned", "answered", "noted", "visibility"})
_DAY_FORMS = ("%Y-%m-%d", "%d.%m.%Y")
Change = Callable[[Writing], Awaitable[object]]


class DeskTicketPage:
    """One ticket as staff see it, with notes and assignments."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.show, methods=["GET"])
        for step in ("answer", "note", "assign"):
            add(f"{_PATH}/{step}", self.back, methods=["GET"])
        add(f"{_PATH}/take", self.take, methods=["POST"])
        add(f"{_PATH}/assign", self.assign, methods=["POST"])
        add(f"{_PATH}/answer", self.answer, methods=["POST"], max_body_size=BODY_LIMIT)
        add(f"{_PATH}/note", self.note, methods=["POST"], max_body_size=BODY_LIMIT)
        add(f"{_PATH}/visibility", self.change_visibility, methods=["POST"])

    async def show(self, request: Request, caller: Agent, ticket_id: UUID, before: int | None = None) -> Response:
        """The ticket with its whole history."""
        return await self._page(request, caller, ticket_id, Form(), before=before)

    async def back(self, _caller: Agent, ticket_id: UUID) -> Response:
        """Where a page with a mistake is loaded again, or its language changed."""
        return go_to(f"/desk/{ticket_id}")

    async def take(self, request: Request, caller: Agent, ticket_id: UUID) -> Response:
        """Work on it oneself."""

        async def change(writing: Writing) -> object:
            return await take_ticket(ticket_id, agent=caller.account_id, writing=writing)

        return await self._change(request, caller, ticket_id, "taken", await read_form(request), change)

    async def assign(self, request: Request, caller: Agent, ticket_id: UUID) -> Response:
        """Give it to a colleague, or back into the queue."""
        fields = await read_form(request)
        assignee = uuid_of(fields.get("assignee", ""))

        async def change(writing: Writing) -> object:
            return await assign_ticket(ticket_id, assignee, agent=caller.account_id, writing=writing)

        return await self._change(request, caller, ticket_id, "assigned", fields, change)

    async def answer(self, request: Request, caller: Agent, ticket_id: UUID) -> Response:
        """Say something to the customer and change the state, in one step."""
        fields = await read_form(request)

        async def change(writing: Writing) -> object:
            return await answer_ticket(ticket_id, answer_of(fields), agent=caller.account_id, writing=writing)

        return await self._change(request, caller, ticket_id, "answered", fields, change)

    async def note(self, request: Request, caller: Agent, ticket_id: UUID) -> Response:
        """Note something for colleagues."""
        fields = await read_form(request)

        async def change(writing: Writing) -> object:
            await add_note(ticket_id, fields.get("note", ""), agent=caller.account_id, writing=writing)
            return None

        return await self._change(request, caller, ticket_id, "noted", fields, change)

    async def change_visibility(self, request: Request, caller: Agent, ticket_id: UUID) -> Response:
        """Decide who sees it."""
        fields = await read_form(request)
        wanted = fields.get("visibility", "")
        if wanted not in set(Visibility):
            raise DomainError(ErrorKind.INVALID, "visibility_unknown")

        async def change(writing: Writing) -> object:
            viewer = agent(caller.account_id)
            return await change_visibility(ticket_id, Visibility(wanted), viewer=viewer, writing=writing)

        return await self._change(request, caller, ticket_id, "visibility", fields, change)

    async def _change(
        self,
        request: Request,
        caller: Caller,
        ticket_id: UUID,
        done: str,
        fields: Mapping[str, str],
        change: Change,
    ) -> Response:
        work = self._site.workplace
        try:
            async with work.database.transaction() as tx:

                async def act() -> str:
                    await change(work.writing(tx))
                    return f"/desk/{ticket_id}?done={done}"

                path = await once(tx, caller, f"/desk/{ticket_id}/{done}", fields, act)
        except DomainError as error:
            if not is_of_form(error):
                raise
            return await self._page(request, caller, ticket_id, form_of(fields, error, _ORDER), status=422)
        return go_to(path)

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
        viewer = agent(caller.account_id)
        async with work.open() as writing:
            view = await view_ticket(ticket_id, viewer=viewer, writing=writing, before=before)
            agents = await writing.tickets.agents()
        ticket = view.ticket
        people = people_of(ticket, view.talk) | set(agents)
        wording = await self._site.wording(request, caller, people, at_desk=True)
        organisation = await self._organisation(ticket)
        done = request.query_params.get("done", "")
        return self._site.render(
            request,
            "desk/ticket.html",
            status=status,
            form=form,
            view=view,
            ticket=ticket,
            wording=wording,
            organisation=organisation,
            number=await work.names.number(ticket.customer_id) if ticket.customer_id else "",
            talk=talk_items(view.talk, wording, organisation),
            agents=_choice_of_agents(agents, caller, wording.people),
            actions=[(choice.action.value, wording.action(choice.action)) for choice in view.choices],
            visibilities=[(one.value, wording.visibility(one)) for one in visibility_choices(viewer, ticket)],
            references=_all_linked(view),
            ball=ball_of(ticket.state),
            done=done if done in _DONE else "",
        )

    async def _organisation(self, ticket: Ticket) -> str:
        if ticket.organisation_id is None:
            return ""
        names = await self._site.workplace.names.organisations([ticket.organisation_id])
        return names.get(ticket.organisation_id, "")


def answer_of(fields: Mapping[str, str]) -> Answer:
    """Read the form of an answer; INVALID with the field for what cannot be read."""
    action = fields.get("action", "")
    if action not in {"", *Action}:
        raise DomainError(ErrorKind.INVALID, "answer_invalid", fields={"action": "action_unknown"})
    return Answer(
        text=fields.get("text", ""),
        action=Action(action) if action else None,
        answer_due=_day_of(fields.get("answer_due", "").strip()),
        other=fields.get("other", ""),
    )


def _day_of(typed: str) -> date | None:
    if not typed:
        return None
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(typed, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise DomainError(ErrorKind.INVALID, "answer_invalid", fields={"answer_due": "due_unreadable"})


def _choice_of_agents(agents: list[UUID], caller: Caller, people: Mapping[UUID, object]) -> list[UUID]:
    """Give those who can be given a ticket: oneself, and colleagues whom identity still knows as active staff."""
    known = [one for one in agents if one == caller.account_id or getattr(people.get(one), "staff", False)]
    return known if caller.account_id in known else [caller.account_id, *known]


def _all_linked(view: TicketView) -> dict[UUID, tuple[str, bool]]:
    return reference_links(view, agent(view.ticket.reporter_id))
