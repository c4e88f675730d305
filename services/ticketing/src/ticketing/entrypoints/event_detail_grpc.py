"""EventDetailService: what an event of this service was about, and whom it concerns now."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

import grpc
from kundenportal.events.v1 import event_detail_service_pb2 as messages
from kundenportal.events.v1.event_detail_service_pb2_grpc import EventDetailServiceServicer
from kundenportal.ticketing.events.v1 import events_pb2

from chassis.database import Transaction
from chassis.errors import DomainError, ErrorKind
from chassis.messaging import Event
from chassis.outbox import Outbox
from ticketing.domain.person import Person
from ticketing.entrypoints.ticket_grpc import uuid_field
from ticketing.entrypoints.workplace import Workplace
from ticketing.usecases.describe_events import Described, EventAsked, Happened, Told, describe, load_told

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
V = TypeVar("V", bound=str)
_MOST = 100
_PREFIX = "kundenportal.ticketing.ticket."


class EventDetailServicer(EventDetailServiceServicer):
    """Granted to notification."""

    def __init__(self, workplace: Workplace, outbox: Outbox) -> None:
        self._work = workplace
        self._outbox = outbox

    async def DescribeEvents(  # noqa: N802 - the name of the RPC
        self, request: messages.DescribeEventsRequest, _context: Context
    ) -> messages.DescribeEventsResponse:
        """See event_detail_service.proto."""
        if len(request.event_ids) > _MOST:
            raise DomainError(ErrorKind.INVALID, "too_many", fields={"event_ids": "too_many"})
        ids = [uuid_field(event_id, "event_ids") for event_id in request.event_ids]
        async with self._work.database.transaction() as tx:
            asked, types, told = await self._load(tx, ids)
        members = await self._members(told.organisations_to_ask())
        described = {event_id: describe(event, told, members) for event_id, event in asked.items()}
        people = await self._actors(described.values())
        details = [self._detail(one, types.get(one, ""), described.get(one), people) for one in ids]
        return messages.DescribeEventsResponse(details=details)

    async def _load(self, tx: Transaction, ids: Sequence[UUID]) -> tuple[dict[UUID, EventAsked], dict[UUID, str], Told]:
        found = await self._outbox.find(tx, ids)
        asked = {event.id: event_asked(event) for event in found}
        told = await load_told(list(asked.values()), tickets=self._work.writing(tx).tickets)
        return asked, {event.id: event.type for event in found}, told

    async def _members(self, organisations: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
        ordered = sorted(organisations)
        members = await asyncio.gather(*(self._work.memberships.members(one) for one in ordered))
        return dict(zip(ordered, members, strict=True))

    async def _actors(self, described: Collection[Described]) -> Mapping[UUID, Person]:
        authors = {one.entry.author_id for one in described if one.entry and one.entry.author_id}
        return await self._work.names.people(authors) if authors else {}

    def _detail(
        self, event_id: UUID, event_type: str, described: Described | None, people: Mapping[UUID, Person]
    ) -> messages.EventDetail:
        if described is None:
            return messages.EventDetail(event_id=str(event_id))
        return messages.EventDetail(
            event_id=str(event_id),
            event_type=event_type,
            facts=self._facts(described, people),
            concerned=[messages.Concerned(account_id=str(one), reason=reason) for one, reason in described.concerned],
            suppressed=described.suppressed,
        )

    def _facts(self, described: Described, people: Mapping[UUID, Person]) -> dict[str, str]:
        ticket, entry = described.ticket, described.entry
        if ticket is None or described.suppressed:
            return {}
        author = people.get(entry.author_id) if entry and entry.author_id else None
        return {
            "ticket_number": str(ticket.number),
            "subject": ticket.subject,
            "excerpt": described.excerpt,
            "actor": author.name if author else "",
            "path": f"/tickets/{ticket.id}",
            **self._labels("kind", ticket.kind, self._work.policy.kind_label),
            **self._labels("state", (entry.to_state if entry else None) or ticket.state, self._work.policy.state_label),
        }

    def _labels(self, name: str, value: V, label: Callable[[V, str], str]) -> dict[str, str]:
        """Give the value and what it is called in each language of the brand: kind, kind_de, kind_en."""
        labels = {f"{name}_{language}": label(value, language) for language in self._work.languages}
        return {name: str(value)} | labels


def event_asked(event: Event) -> EventAsked:
    """Read what an event names from its payload."""
    happened = Happened(event.type.removeprefix(_PREFIX).removesuffix(".v1"))
    match happened:
        case Happened.OPENED:
            return EventAsked(happened, UUID(event.subject))
        case Happened.COMMENTED:
            commented = event.payload(events_pb2.TicketCommented)
            return EventAsked(happened, UUID(event.subject), UUID(commented.comment_id))
        case Happened.STATE_CHANGED:
            moved = event.payload(events_pb2.TicketStateChanged)
            said = UUID(moved.comment_id) if moved.comment_id else None
            return EventAsked(happened, UUID(event.subject), UUID(moved.transition_id), said)
        case Happened.ASSIGNED:
            assignee = event.payload(events_pb2.TicketAssigned).assignee_id
            return EventAsked(happened, UUID(event.subject), UUID(assignee) if assignee else None)
