"""Ask staff for a number that a limit keeps from somebody with the right code (STEPS A13 to A15)."""

from dataclasses import dataclass
from uuid import UUID

from customer_link.domain.customer import Link, Refusal
from customer_link.domain.link_request import AskReason, LinkRequest, RequestKind
from customer_link.usecases.link_customer import Attempt, LinkRules, link_customer
from customer_link.usecases.ports import Records

CONFLICTS = {
    Refusal.HELD_BY_ANOTHER: RequestKind.HELD_BY_ANOTHER,
    Refusal.TYPE_HELD: RequestKind.TYPE_HELD,
}
"""The refusals that lead to a request."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Why somebody asks."""

    reason: AskReason
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The account's waiting request for the number, a new one or an earlier one."""

    request_id: UUID
    new: bool


async def ask_for_link(
    attempt: Attempt, wish: Wish | None, *, records: Records, rules: LinkRules
) -> Link | Refusal | Asked:
    """Tries the code as linking does: what fails there fails here alike, and what has become free is linked at once.

    Without a wish nothing is asked: the conflict is told again.

    Raises:
        DomainError: RATE_LIMITED after too many failures, with retry_after.
    """
    outcome = await link_customer(attempt, records=records, rules=rules)
    if not isinstance(outcome, Refusal) or outcome not in CONFLICTS or wish is None:
        return outcome
    found = await records.codes.match(rules.keeper.macs(attempt.code), attempt.number_key)
    assert found is not None  # noqa: S101 - a conflict is told of matching codes only, and the code is locked
    code, customer = found
    request = LinkRequest(
        id=rules.new_id(),
        account_id=attempt.account_id,
        customer_id=customer.id,
        kind=CONFLICTS[outcome],
        code_id=code.id,
        reason=wish.reason,
        text=wish.text,
        opened_at=rules.clock(),
    )
    return await _open(request, records)


async def _open(request: LinkRequest, records: Records) -> Asked | Refusal:
    if await records.requests.add(request):
        await records.announcements.request_opened(request)
        return Asked(request.id, new=True)
    earlier = await records.requests.waiting_of(request.account_id, request.customer_id)
    # It ended between the two statements: the person sees the conflict again and may ask anew.
    return Asked(earlier.id, new=False) if earlier else Refusal(request.kind.value)
