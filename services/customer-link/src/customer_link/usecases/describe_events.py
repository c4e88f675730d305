"""Tell what an event was about: facts, whom it concerns now, or why nobody is told (DESIGN 4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from customer_link.usecases.ports import Records

LINK_CREATED = "kundenportal.customer_link.link.created.v1"


@dataclass(frozen=True, slots=True)
class EmittedEvent:
    """An event as it stands in the outbox."""

    id: UUID
    type: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EventDetail:
    """What may be said of one event; `holder` is the account to tell, None means nobody."""

    event_id: UUID
    event_type: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    holder: UUID | None = None
    suppressed: str = ""


async def describe_event(event: EmittedEvent, *, records: Records) -> EventDetail:
    """The detail of one event, rights evaluated now: only who still holds the number is told of it."""
    if event.type != LINK_CREATED:
        return EventDetail(event.id, event.type)
    customer = await records.links.holds(UUID(str(event.data["linkId"])))
    if customer is None:
        return EventDetail(event.id, event.type, suppressed="not_entitled")
    facts = {"customer_number": customer.number, "path": f"/customers/{customer.id}"}
    return EventDetail(event.id, event.type, facts, holder=UUID(str(event.data["accountId"])))
