"""Tell what an event was about: facts, whom it concerns now, or why nobody is told (DESIGN 4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from identity.domain.account import AccountState
from identity.domain.challenge import OBJECTIONS, ChallengeState, Purpose
from identity.domain.security_change import TOLD_BY_LINK, SecurityChange
from identity.usecases.link_for_mail import foreign_owner
from identity.usecases.ports import Clock, EmittedEvent, Records

CHALLENGE_ISSUED = "kundenportal.identity.challenge.issued.v1"
PASSWORD_CHANGED = "kundenportal.identity.password.changed.v1"  # noqa: S105 - the name of an event
SECURITY_CHANGED = "kundenportal.identity.account.security_changed.v1"


@dataclass(frozen=True, slots=True)
class EventDetail:
    """What may be said of one event; `concerned` is the account to tell, None means nobody."""

    event_id: UUID
    event_type: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    concerned: UUID | None = None
    suppressed: str = ""


async def describe_event(event: EmittedEvent, *, records: Records, clock: Clock) -> EventDetail:
    """The detail of one event, rights evaluated now."""
    if event.type == CHALLENGE_ISSUED:
        return await _challenge(event, records, clock)
    if event.type == PASSWORD_CHANGED:
        return await _password(event, records)
    if event.type == SECURITY_CHANGED:
        return await _security(event, records)
    return EventDetail(event.id, event.type)


async def _challenge(event: EmittedEvent, records: Records, clock: Clock) -> EventDetail:
    challenge = await records.challenges.get(UUID(str(event.data["challengeId"])))
    if challenge is None:
        return EventDetail(event.id, event.type, suppressed="erased")
    account = await records.accounts.get(challenge.account_id) if challenge.account_id else None
    if account is None or challenge.purpose is Purpose.NOTHING or challenge.state(clock()) is not ChallengeState.OPEN:
        return EventDetail(event.id, event.type, suppressed="obsolete")
    owner = await foreign_owner(challenge, records=records)
    if owner:
        return EventDetail(event.id, event.type, {"purpose": "email_taken"}, concerned=owner.id)
    # The old mailbox is not told the new address, which may be the user name too.
    follows = challenge.purpose in OBJECTIONS and account.username == account.email
    username = challenge.email if follows else account.username
    facts = {"challenge_id": str(challenge.id), "purpose": challenge.purpose.value, "username": username}
    return EventDetail(event.id, event.type, facts, concerned=account.id)


async def _password(event: EmittedEvent, records: Records) -> EventDetail:
    account = await records.accounts.get(UUID(str(event.data["accountId"])))
    if account is None or account.state is AccountState.CLOSED:
        return EventDetail(event.id, event.type, suppressed="erased")
    facts = {"username": account.username, "by_reset": "true" if event.data.get("byReset") else "false"}
    return EventDetail(event.id, event.type, facts, concerned=account.id)


async def _security(event: EmittedEvent, records: Records) -> EventDetail:
    account = await records.accounts.get(UUID(str(event.data["accountId"])))
    change = SecurityChange(str(event.data["changeKind"]))
    # Whoever closes an account is told that it is closed, and hears nothing more.
    if account is None or (account.state is AccountState.CLOSED and change is not SecurityChange.CLOSED):
        return EventDetail(event.id, event.type, suppressed="erased")
    if change in TOLD_BY_LINK:
        return EventDetail(event.id, event.type, suppressed="told_by_link")
    facts = {"username": account.known_as, "change": change.value}
    return EventDetail(event.id, event.type, facts, concerned=account.id)
