"""TicketService: how other systems read and open tickets. They act for a person, or read what is not confidential."""

import hashlib
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from kundenportal.ticketing.v1 import ticket_service_pb2 as messages
from kundenportal.ticketing.v1.ticket_service_pb2_grpc import TicketServiceServicer

from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer, keep, replay
from ticketing.domain.listing import OfOrganisation, TicketQuery, TicketRow
from ticketing.domain.reach import SystemReach
from ticketing.domain.ticket import Ticket
from ticketing.domain.ticket_state import TicketState
from ticketing.entrypoints.list_request import from_token, to_token
from ticketing.entrypoints.workplace import Workplace
from ticketing.usecases.list_tickets import list_page
from ticketing.usecases.open_ticket import Draft, Place, open_ticket, place_of
from ticketing.usecases.writing import Author, TicketNotFound

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
_DEFAULT_SIZE, _LARGEST_SIZE = 25, 100
_ROUTE = "TicketService/CreateTicket"
_STATES = {state: messages.TicketState.Value(f"TICKET_STATE_{state.name}") for state in TicketState}


class TicketServicer(TicketServiceServicer):
    """Who may call what stands in the grants of app.py."""

    def __init__(self, workplace: Workplace) -> None:
        self._work = workplace

    async def GetTicket(  # noqa: N802 - the name of the RPC
        self, request: messages.GetTicketRequest, _context: Context
    ) -> messages.GetTicketResponse:
        """See ticket_service.proto."""
        ticket_id = uuid_field(request.ticket_id, "ticket_id")
        async with self._work.open() as writing:
            ticket = await writing.tickets.find(ticket_id, SystemReach())
        if ticket is None:
            raise TicketNotFound
        return messages.GetTicketResponse(ticket=ticket_to_proto(ticket))

    async def ListTickets(  # noqa: N802
        self, request: messages.ListTicketsRequest, _context: Context
    ) -> messages.ListTicketsResponse:
        """See ticket_service.proto."""
        scope = OfOrganisation(uuid_field(request.organisation_id, "organisation_id"))
        if request.page_size < 0:
            raise DomainError(ErrorKind.INVALID, "page_size_invalid", fields={"page_size": "page_size_invalid"})
        size = min(request.page_size or _DEFAULT_SIZE, _LARGEST_SIZE)
        async with self._work.open() as writing:
            query = TicketQuery(scope, size, after=from_token(request.page_token))
            page = await list_page(query, tickets=writing.tickets)
        tickets = [ticket_to_proto(row) for row in page.rows]
        return messages.ListTicketsResponse(tickets=tickets, next_page_token=to_token(page.next) if page.next else "")

    async def CreateTicket(  # noqa: N802
        self, request: messages.CreateTicketRequest, _context: Context
    ) -> messages.CreateTicketResponse:
        """See ticket_service.proto; the person's rights are those that customer-link says it has now."""
        if not request.request_id:
            raise DomainError(ErrorKind.INVALID, "request_id_missing", fields={"request_id": "request_id_missing"})
        account_id = uuid_field(request.account_id, "account_id")
        customer_id = uuid_field(request.customer_id, "customer_id") if request.customer_id else None
        draft = Draft(request.kind, request.subject, request.text, customer_id)
        membership = await self._work.memberships.of(account_id)
        if not membership.known:
            raise DomainError(ErrorKind.UNAVAILABLE, "membership_unavailable")
        place = place_of(draft, membership, self._work.policy)
        ticket_id = await self._create(request, draft, place, account_id)
        async with self._work.open() as writing:
            ticket = await writing.tickets.find(ticket_id, SystemReach())
        if ticket is None:
            raise TicketNotFound
        return messages.CreateTicketResponse(ticket=ticket_to_proto(ticket))

    async def _create(
        self, request: messages.CreateTicketRequest, draft: Draft, place: Place, account_id: UUID
    ) -> UUID:
        owner, body_hash = str(account_id), hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
        async with self._work.database.transaction() as tx:
            if stored := await replay(tx, owner, _ROUTE, request.request_id, body_hash, strict=True):
                return UUID(stored.body)
            author = Author(account_id)
            writing = self._work.writing(tx)
            ticket = await open_ticket(draft, place, reporter=account_id, author=author, writing=writing)
            await keep(tx, owner, _ROUTE, request.request_id, body_hash, StoredAnswer(201, None, str(ticket.id)))
            return ticket.id


def uuid_field(value: str, name: str) -> UUID:
    """Read an id of a request; INVALID with the field's name when it is none."""
    try:
        return UUID(value)
    except ValueError as error:
        detail, fields = f"{name} must be a UUID.", {name: "id_invalid"}
        raise DomainError(ErrorKind.INVALID, "id_invalid", detail, fields=fields) from error


def ticket_to_proto(ticket: Ticket | TicketRow) -> messages.Ticket:
    """Make the message of a ticket or of a row."""
    return messages.Ticket(
        ticket_id=str(ticket.id),
        number=str(ticket.number),
        kind=ticket.kind,
        subject=ticket.subject,
        state=_STATES[ticket.state],
        reporter_id=str(ticket.reporter_id),
        organisation_id=str(ticket.organisation_id or ""),
        customer_id=str(ticket.customer_id or ""),
        create_time=_timestamp(ticket.opened_at),
        update_time=_timestamp(ticket.updated_at),
    )


def _timestamp(moment: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp
