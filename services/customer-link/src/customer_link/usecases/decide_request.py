"""Staff decide on a request: transfer the number, link it also, or refuse (STEPS A15, S3)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.code_state import WITHDRAWABLE
from customer_link.domain.customer import Link, LinkLimits, Refusal
from customer_link.domain.link_request import Act, LinkRequest, Step, allowed, decisions
from customer_link.domain.request_listing import RequestEntry
from customer_link.usecases.ask_for_data import first_ask
from customer_link.usecases.handle_request import handle_request
from customer_link.usecases.link_customer import LinkRules
from customer_link.usecases.ports import Records
from customer_link.usecases.take_slots import take_slots

_NO_LIMIT = 32_000  # what a slot's column holds


async def decide_request(step: Step, *, records: Records, rules: LinkRules) -> LinkRequest:
    """All in one transaction: the request ends, links end and begin, the code is used up, everybody concerned is told.

    Raises:
        DomainError: CONFLICT `request_ended` when somebody was faster, CONFLICT `request_not_possible` when who holds
            the number by now does not allow this decision; nothing is changed then.
    """
    entry = await records.requests.claim(step.request_id)
    if entry is None or not allowed(entry.request, step):
        raise request_ended()
    request = entry.request
    holders = [one for one in await _holders(request, records) if one.account_id != request.account_id]
    if step.act not in decisions(request, len(holders), rules.limits.holders):
        raise _not_possible()
    leaving = tuple(one.account_id for one in holders) if step.act is Act.TRANSFER else ()
    decided = await handle_request(replace(step, former_holders=leaving), records=records)
    if decided is None:
        raise request_ended()
    if step.act is not Act.REFUSE:
        await _hand_over(entry, leaving, records, rules)
    return decided


async def _holders(request: LinkRequest, records: Records) -> list[Link]:
    active = await records.links.active_of(request.account_id, request.customer_id)
    return [one for one in active if one.customer_id == request.customer_id]


async def _hand_over(entry: RequestEntry, leaving: Sequence[UUID], records: Records, rules: LinkRules) -> None:
    request, now = entry.request, rules.clock()
    ended = [await records.links.end(account_id, request.customer_id, now) for account_id in leaving]
    limits = LinkLimits(holders=rules.limits.holders, per_type=_NO_LIMIT)
    link = await take_slots(
        request.account_id,
        entry.customer,
        limits=limits,
        links=records.links,
        clock=rules.clock,
        new_id=rules.new_id,
    )
    # In one order everywhere: two decisions that cross do not wait for one another in a circle.
    for account_id in sorted({request.account_id, *leaving}):
        await records.announcements.membership_changed(account_id)
    for gone in ended:
        if gone is not None:
            await records.announcements.link_ended(gone)
    await _settle(request, link, records, rules)


async def _settle(request: LinkRequest, link: Link | Refusal, records: Records, rules: LinkRules) -> None:
    now = rules.clock()
    found = await records.register.get(request.code_id)
    if found is not None and found.code.state in WITHDRAWABLE:
        await records.codes.use(found.code, request.account_id, now)
        await records.announcements.code_used(found.code)
    if isinstance(link, Link):
        await records.announcements.link_created(link)
        await first_ask(link.customer_id, records=records, now=now)
    elif link is not Refusal.ALREADY_YOURS:
        raise _not_possible()


def request_ended() -> DomainError:
    """Somebody else was faster, has it in hand, or it was withdrawn."""
    return DomainError(ErrorKind.CONFLICT, "request_ended", "The request was decided or taken in the meantime.")


def _not_possible() -> DomainError:
    return DomainError(ErrorKind.CONFLICT, "request_not_possible", "Who holds the number has changed.")
