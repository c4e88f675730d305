"""Issue a challenge: a row, and the event that makes notification write to somebody, or to nobody."""

from uuid import UUID

from identity.domain.challenge import LIFETIMES, OBJECTIONS, Challenge, Purpose
from identity.usecases.ports import Clock, NewId, Records


async def issue_challenge(
    account_id: UUID | None,
    purpose: Purpose,
    *,
    records: Records,
    key_id: str,
    clock: Clock,
    new_id: NewId,
    email: str = "",
) -> Challenge:
    """A new challenge; open ones of the same account and purpose no longer work.

    With `email` its mail goes there. Objections are replaced for the same address only: whoever has taken an account
    over must not take its owner's way back by changing the address once more.
    """
    now = clock()
    challenge = Challenge(
        id=new_id(),
        account_id=account_id,
        purpose=purpose,
        key_id=key_id,
        issued_at=now,
        expires_at=now + LIFETIMES[purpose],
        email=email,
    )
    only = email if purpose in OBJECTIONS else None
    await records.challenges.replace_open(account_id, purpose, now, email=only)
    await records.challenges.add(challenge)
    await records.announcements.challenge_issued(challenge)
    return challenge


async def issue_confirmation(
    account_id: UUID, email: str, *, records: Records, key_id: str, clock: Clock, new_id: NewId
) -> Challenge:
    """Asks the owner of the address of a registration to confirm it, or tells them that they have an account.

    Either way the same work is done, so that nobody else learns which it was (A01).
    """
    owner = await records.accounts.find_claiming(email)
    purpose = Purpose.REGISTRATION_EXISTS if owner else Purpose.CONFIRM_REGISTRATION
    return await issue_challenge(
        owner.id if owner else account_id, purpose, records=records, key_id=key_id, clock=clock, new_id=new_id
    )
