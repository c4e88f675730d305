"""An administrator invites somebody to the organisation: a colleague, or a delegate for a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.invitation import INVITATIONS_A_DAY, Invitation, Purpose, expiry
from customer_link.usecases.organisation_rights import administering
from customer_link.usecases.ports import Records

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Invite:
    """Whom, for what, and until when."""

    id: UUID
    organisation_id: UUID
    by: UUID
    email: str
    display_name: str
    language: str
    purpose: Purpose
    access_until: datetime | None


async def invite_member(wish: Invite, *, records: Records, now: datetime) -> Invitation:
    """The open invitation. Whether the address has an account is asked later, by a job: the answer is always the same.

    Raises:
        DomainError: NOT_FOUND, FORBIDDEN, CONFLICT when the address is invited already, RATE_LIMITED.
    """
    await records.members.hold_still(wish.organisation_id)
    await administering(wish.by, wish.organisation_id, records=records)
    if await records.invitations.sent_since(wish.organisation_id, now - _DAY) >= INVITATIONS_A_DAY:
        raise DomainError(ErrorKind.RATE_LIMITED, "too_many_invitations", retry_after=_DAY)
    invitation = Invitation(
        id=wish.id,
        organisation_id=wish.organisation_id,
        email=wish.email,
        display_name=wish.display_name,
        language=wish.language,
        purpose=wish.purpose,
        access_until=wish.access_until,
        invited_by=wish.by,
        invited_at=now,
        expires_at=expiry(now, wish.access_until),
    )
    if not await records.invitations.add(invitation):
        raise DomainError(ErrorKind.CONFLICT, "already_invited", "The address has an open invitation.")
    await records.announcements.invitee_wanted(invitation.id)
    return invitation
