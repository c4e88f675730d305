"""Tell what the opening or the end of a request was about (DESIGN 4.11). Nobody's name or account is a fact."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from customer_link.domain.link_request import RequestState
from customer_link.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class RequestDetail:
    """Facts for a message, whom it concerns and why, or why nobody is told."""

    facts: Mapping[str, str] = field(default_factory=dict)
    concerned: tuple[tuple[UUID, str], ...] = ()
    suppressed: str = ""


async def describe_opened(request_id: UUID, *, records: Records) -> RequestDetail:
    """Who asked is told that it has arrived, as long as it waits."""
    entry = await records.requests.get(request_id)
    if entry is None or not entry.request.waits:
        return RequestDetail(suppressed="obsolete")
    return RequestDetail(_facts(request_id, entry.customer.number), ((entry.request.account_id, "self"),))


async def describe_decided(request_id: UUID, *, records: Records) -> RequestDetail:
    """Who asked is told how it ended, and whose link a transfer ended that it did. Who withdrew it knows."""
    entry = await records.requests.get(request_id)
    if entry is None or entry.request.state is RequestState.WITHDRAWN:
        return RequestDetail(suppressed="obsolete")
    request = entry.request
    facts = _facts(request_id, entry.customer.number) | {"outcome": request.state.value, "answer": request.answer}
    holders = tuple((account_id, "holder") for account_id in request.former_holders)
    return RequestDetail(facts, ((request.account_id, "self"), *holders))


def _facts(request_id: UUID, number: str) -> dict[str, str]:
    return {"customer_number": number, "path": f"/customers/requests/{request_id}"}
