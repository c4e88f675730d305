"""Who was invited accepts or declines; only the account of the invited address can."""

from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.invitation import Invitation, InvitationState
from customer_link.usecases.end_access import finish
from customer_link.usecases.ports import Records


async def own_invitation(account_id: UUID, invitation_id: UUID, *, records: Records) -> Invitation:
    """An invitation of this account, whatever became of it.

    Raises:
        DomainError: NOT_FOUND.
    """
    invitation = await records.invitations.get(invitation_id)
    if invitation is None or invitation.account_id != account_id:
        raise invitation_unknown()
    return invitation


async def accept_invitation(account_id: UUID, invitation_id: UUID, *, records: Records, now: datetime) -> Invitation:
    """The account belongs to the organisation; an access that it had takes the new one's purpose and end.

    Raises:
        DomainError: NOT_FOUND; CONFLICT when it cannot be answered any more.
    """
    invitation = await _answerable(account_id, invitation_id, records, now)
    await records.members.hold_still(invitation.organisation_id)
    earlier = await records.invitations.membership(invitation.organisation_id, account_id)
    if earlier is not None:
        await finish(earlier, InvitationState.ENDED, records=records, now=now, renewed=True)
    if not await records.invitations.change(invitation, InvitationState.ACCEPTED, now):
        raise _over()
    await records.announcements.membership_changed(account_id)
    await records.announcements.access_granted(invitation)
    return invitation


async def decline_invitation(account_id: UUID, invitation_id: UUID, *, records: Records, now: datetime) -> Invitation:
    """Nothing is granted.

    Raises:
        DomainError: NOT_FOUND; CONFLICT when it cannot be answered any more.
    """
    invitation = await _answerable(account_id, invitation_id, records, now)
    if not await finish(invitation, InvitationState.DECLINED, records=records, now=now):
        raise _over()
    return invitation


async def _answerable(account_id: UUID, invitation_id: UUID, records: Records, now: datetime) -> Invitation:
    invitation = await own_invitation(account_id, invitation_id, records=records)
    if not invitation.answerable(now):
        raise _over()
    return invitation


def invitation_unknown() -> DomainError:
    """The one answer for others' invitations, unknown ones, and what is no id."""
    return DomainError(ErrorKind.NOT_FOUND, "invitation_unknown", "There is no such invitation.")


def _over() -> DomainError:
    return DomainError(ErrorKind.CONFLICT, "invitation_over", "This invitation cannot be answered any more.")
