"""Link a customer number to an account by its activation code (STEPS A11 to A14)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.code_state import ActivationCode
from customer_link.domain.customer import Link, LinkLimits, Refusal
from customer_link.domain.guesses import Guessed, Guesses
from customer_link.domain.link_request import Act, Step
from customer_link.usecases.ask_for_data import first_ask
from customer_link.usecases.handle_request import handle_request
from customer_link.usecases.ports import Clock, CodeKeeper, NewId, Records
from customer_link.usecases.take_slots import take_slots

_log = structlog.get_logger(__name__)


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
        await _tell_staff(attempt, guesses, records, now)
        return Refusal.UNMATCHED
    code, customer = found
    link = await take_slots(
        attempt.account_id, customer, limits=rules.limits, links=records.links, clock=rules.clock, new_id=rules.new_id
    )
    if isinstance(link, Link):
        await _settle(link, code, records, now)
    return link


async def _tell_staff(attempt: Attempt, guesses: Guesses, records: Records, now: datetime) -> None:
    subjects = {
        Guessed.ACCOUNT: str(attempt.account_id),
        Guessed.SOURCE: attempt.source,
        Guessed.NUMBER: attempt.number_key,
    }
    for kind, failures in guesses.alarms():
        if await records.failures.alert(kind, subjects[kind], failures, now):
            _log.warning("codes_guessed", kind=kind.value, failures=failures)


def _refuse_pause(until: datetime | None, now: datetime) -> None:
    if until is not None:
        raise DomainError(ErrorKind.RATE_LIMITED, "too_many_codes", retry_after=until - now)


async def _settle(link: Link, code: ActivationCode, records: Records, now: datetime) -> None:
    await records.codes.use(code, link.account_id, now)
    await records.announcements.membership_changed(link.account_id)
    await records.announcements.link_created(link)
    await records.announcements.code_used(code)
    await first_ask(link.customer_id, records=records, now=now)
    needless = await records.requests.waiting_of(link.account_id, link.customer_id)
    if needless is not None:
        await handle_request(Step(needless.id, Act.WITHDRAW, now, link.account_id), records=records)
