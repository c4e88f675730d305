"""Link a customer number to an account by its activation code (STEPS A11 to A14)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import structlog

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.asking_again import pause_after
from customer_link.domain.code_state import ActivationCode
from customer_link.domain.customer import Customer, Link, LinkLimits
from customer_link.domain.link_slots import free_slot
from customer_link.usecases.ports import Clock, CodeKeeper, NewId, Records

_log = structlog.get_logger(__name__)
_TRIES = 3


class Refusal(StrEnum):
    """Why no link was made. UNMATCHED is the one answer until number and code match (DESIGN 21)."""

    UNMATCHED = "unmatched"
    ALREADY_YOURS = "already_yours"
    HELD_BY_ANOTHER = "held_by_another"
    TYPE_HELD = "type_held"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody enters a code, well-formed (activation_code.read_code), and a number in its compared form."""

    account_id: UUID
    source: str
    code: str
    number_key: str


@dataclass(frozen=True, slots=True)
class LinkRules:
    """What an installation decides, and what makes ids and times."""

    limits: LinkLimits
    keeper: CodeKeeper
    clock: Clock
    new_id: NewId


async def link_customer(attempt: Attempt, *, records: Records, rules: LinkRules) -> Link | Refusal:
    """The new link, or why there is none; a refusal must be committed too, for it counts.

    Until number and code match, every failure takes the same statements and gives the same answer. Conflicts are
    told only after, and leave the code unused.

    Raises:
        DomainError: RATE_LIMITED after too many failures, with retry_after.
    """
    now = rules.clock()
    macs = rules.keeper.macs(attempt.code)
    guesses = await records.failures.count(attempt.account_id, attempt.source, attempt.number_key, now)
    _refuse_pause(guesses.paused_until(), now)
    found = await records.codes.match(macs, attempt.number_key)
    if found is None or not found[0].usable(now):
        await records.failures.add(attempt.account_id, attempt.source, attempt.number_key, now)
        if guesses.alarming:
            _log.warning("customer_number_guessed", number=attempt.number_key, failures_a_day=guesses.of_number + 1)
        return Refusal.UNMATCHED
    code, customer = found
    link = await _take_slots(attempt.account_id, customer, records, rules)
    if isinstance(link, Link):
        await _settle(link, code, records, now)
    return link


def _refuse_pause(until: datetime | None, now: datetime) -> None:
    if until is not None:
        raise DomainError(ErrorKind.RATE_LIMITED, "too_many_codes", retry_after=until - now)


async def _take_slots(account_id: UUID, customer: Customer, records: Records, rules: LinkRules) -> Link | Refusal:
    """Tries again when another one took the slot in between; the indexes decide."""
    for _ in range(_TRIES):
        active = await records.links.active_of(account_id, customer.id)
        slots = _free_slots(active, account_id, customer, rules.limits)
        if isinstance(slots, Refusal):
            return slots
        holder_slot, type_slot = slots
        link = Link(
            id=rules.new_id(),
            account_id=account_id,
            customer_id=customer.id,
            type=customer.type,
            holder_slot=holder_slot,
            type_slot=type_slot,
            created_at=rules.clock(),
        )
        if await records.links.add(link):
            return link
    raise DomainError(ErrorKind.UNAVAILABLE, "slots_contended", "Many link at once; try again.")


def _free_slots(
    active: list[Link], account_id: UUID, customer: Customer, limits: LinkLimits
) -> tuple[int, int] | Refusal:
    holders = {link.account_id: link.holder_slot for link in active if link.customer_id == customer.id}
    if account_id in holders:
        return Refusal.ALREADY_YOURS
    holder_slot = free_slot(holders.values(), limits.holders)
    if holder_slot is None:
        return Refusal.HELD_BY_ANOTHER
    same_type = [link.type_slot for link in active if link.account_id == account_id and link.type == customer.type]
    type_slot = free_slot(same_type, limits.per_type)
    return Refusal.TYPE_HELD if type_slot is None else (holder_slot, type_slot)


async def _settle(link: Link, code: ActivationCode, records: Records, now: datetime) -> None:
    await records.codes.use(code, link.account_id, now)
    await records.customers.note_ask(link.customer_id, at=now, again_at=now + pause_after(1), asks=1)
    announce = records.announcements
    await announce.membership_changed(link.account_id)
    await announce.link_created(link)
    await announce.code_used(code)
    await announce.data_requested(link.customer_id)
