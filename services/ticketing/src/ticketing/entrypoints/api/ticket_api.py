"""/api/v1/tickets: what the pages do, as JSON; errors are problem documents (RFC 9457)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from chassis.answer_once import Made, create_once
from chassis.callers import SignedIn
from chassis.errors import DomainError, ErrorKind
from ticketing.domain.listing import Mine, Shared, TicketQuery
from ticketing.domain.visibility import Viewer
from ticketing.entrypoints.api.models import (
    CommentedJson,
    ListParameters,
    NewComment,
    NewTicket,
    TicketDetailJson,
    TicketJson,
    TicketsJson,
)
from ticketing.entrypoints.list_request import from_token, to_token
from ticketing.entrypoints.workplace import Workplace
from ticketing.usecases.comment_ticket import comment_ticket
from ticketing.usecases.list_tickets import list_page
from ticketing.usecases.open_ticket import Draft, open_ticket, place_of
from ticketing.usecases.view_ticket import view_ticket
from ticketing.usecases.writing import Author

_PATH = "/api/v1/tickets"
_ONE = f"{_PATH}/{{ticket_id:uuid}}"
_BODY_LIMIT = 256 * 1024


class TicketApi:
    """List, get, create and comment, as the person of the session."""

    def __init__(self, workplace: Workplace) -> None:
        self._work = workplace
        self.router = APIRouter()
        add = self.router.add_api_route
        add(_PATH, self.list, methods=["GET"])
        add(_PATH, self.create, methods=["POST"], max_body_size=_BODY_LIMIT)
        add(_ONE, self.get, methods=["GET"])
        add(f"{_ONE}/comments", self.comment, methods=["POST"], max_body_size=_BODY_LIMIT)

    async def list(self, caller: SignedIn, asked: Annotated[ListParameters, Query()]) -> Response:
        """One page of the own tickets or of those that the organisations share."""
        viewer, _membership = await self._work.customer(caller)
        async with self._work.open() as writing:
            page = await list_page(self._query(asked, viewer), tickets=writing.tickets)
        token = to_token(page.next) if page.next else ""
        return _json(TicketsJson(tickets=[TicketJson.of(row) for row in page.rows], next_page_token=token))

    def _query(self, asked: ListParameters, viewer: Viewer) -> TicketQuery:
        if asked.kind is not None and asked.kind not in self._work.policy.kinds:
            raise DomainError(ErrorKind.INVALID, "kind_unknown", fields={"kind": "kind_unknown"})
        scope = Mine(viewer.account_id) if asked.scope == "mine" else Shared(viewer.organisations)
        search = " ".join("".join(sign if sign.isprintable() else " " for sign in asked.q).split())
        after = from_token(asked.page_token)
        return TicketQuery(scope, asked.page_size, search, asked.kind, tuple(asked.state), asked.sort, after)

    async def get(self, caller: SignedIn, ticket_id: UUID, before: int | None = None) -> Response:
        """One ticket with its talk, from its end or before a position."""
        viewer, _membership = await self._work.customer(caller)
        async with self._work.open() as writing:
            view = await view_ticket(ticket_id, viewer=viewer, writing=writing, before=before)
        return _json(TicketDetailJson.of_view(view))

    async def create(self, request: Request, caller: SignedIn, sent: NewTicket) -> Response:
        """Open a ticket; the same Idempotency-Key opens it once."""
        draft = Draft(sent.kind, sent.subject, sent.text, sent.customer_id, sent.organisation_id, sent.visibility)
        membership = await self._work.memberships.of(caller.account_id)
        place = place_of(draft, membership, self._work.policy)
        async with self._work.database.transaction() as tx:

            async def act() -> Made:
                ticket = await open_ticket(
                    draft,
                    place,
                    reporter=caller.account_id,
                    author=Author(caller.account_id, caller.staff),
                    writing=self._work.writing(tx),
                )
                return TicketJson.of(ticket), f"{_PATH}/{ticket.id}"

            return await create_once(tx, request, owner=str(caller.account_id), sent=sent, act=act)

    async def comment(self, request: Request, caller: SignedIn, ticket_id: UUID, sent: NewComment) -> Response:
        """Comment on a ticket; the same Idempotency-Key says it once."""
        viewer, membership = await self._work.customer(caller)
        async with self._work.database.transaction() as tx:

            async def act() -> Made:
                writing = self._work.writing(tx)
                done = await comment_ticket(ticket_id, sent.text, viewer=viewer, membership=membership, writing=writing)
                ticket = TicketJson.of(done.ticket)
                answer = CommentedJson(ticket=ticket, comment_id=done.comment_id, follow_up=done.follow_up)
                return answer, f"{_PATH}/{done.ticket.id}"

            return await create_once(tx, request, owner=str(caller.account_id), sent=sent, act=act)


def _json(model: BaseModel) -> Response:
    return Response(model.model_dump_json(), media_type="application/json")
