"""Tell what the making of a link was about: facts, and whom it concerns now (DESIGN 4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from customer_link.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class LinkDetail:
    """Facts for a message and the account concerned, or why nobody is told."""

    facts: Mapping[str, str] = field(default_factory=dict)
    holder: UUID | None = None
    suppressed: str = ""


async def describe_link(link_id: UUID, account_id: UUID, *, records: Records) -> LinkDetail:
    """The number and where its data are; nobody is told of a link that has ended meanwhile."""
    customer = await records.links.holds(link_id)
    if customer is None:
        return LinkDetail(suppressed="not_entitled")
    facts = {"customer_number": customer.number, "path": f"/customers/{customer.id}"}
    return LinkDetail(facts, account_id)
