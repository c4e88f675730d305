"""End the access of somebody who was invited, or an invitation that nobody has answered."""

from datetime import datetime
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.invitation import KEPT_AFTER_END, Invitation, InvitationState
from customer_link.domain.member import may_leave
from customer_link.usecases.organisation_rights import administering, belonging, organisation_unknown
from customer_link.usecases.ports import Clock, Records

_BATCH = 500


async def finish(
    invitation: Invitation, state: InvitationState, *, records: Records, now: datetime, renewed: bool = False
) -> bool:
    """Brings it to an end; who had access by it is out at once. False when it was no longer as it was read.

    `renewed`: the same account has a new access, and administers by it as before.
    """
    if not await records.invitations.change(invitation, state, now):
        return False
    if invitation.state is InvitationState.OPEN or invitation.account_id is None:
        await records.announcements.invitation_closed(invitation)
        return True
    if not renewed:
        await records.members.unname(invitation.organisation_id, invitation.account_id)
    await records.announcements.membership_changed(invitation.account_id)
    await records.announcements.access_ended(invitation)
    return True


async def end_access(
    organisation_id: UUID, account_id: UUID, *, by: UUID, records: Records, now: datetime
) -> Invitation:
    """An administrator ends it, or the person leaves.

    Raises:
        DomainError: NOT_FOUND, FORBIDDEN; CONFLICT when the last administrator would leave people behind.
    """
    await records.members.hold_still(organisation_id)
    standing = await (belonging if by == account_id else administering)(by, organisation_id, records=records)
    member = standing.member(account_id)
    if member is None or member.invitation is None:
        raise organisation_unknown()
    waiting = await records.invitations.waiting(organisation_id)
    administers = member.named and not member.holdings
    last = administers and not may_leave(account_id, standing.members, len(waiting), stays=member.contact)
    if last:
        raise successor_missing()
    await finish(member.invitation, InvitationState.ENDED, records=records, now=now)
    return member.invitation


async def withdraw_invitation(
    organisation_id: UUID, invitation_id: UUID, *, by: UUID, records: Records, now: datetime
) -> None:
    """An administrator takes it back; again without effect.

    Raises:
        DomainError: NOT_FOUND, FORBIDDEN; CONFLICT when it was accepted meanwhile: then there is an access to end.
    """
    await records.members.hold_still(organisation_id)
    await administering(by, organisation_id, records=records)
    invitation = await records.invitations.get(invitation_id)
    if invitation is None or invitation.organisation_id != organisation_id:
        raise organisation_unknown()
    if invitation.state is InvitationState.ACCEPTED:
        raise DomainError(ErrorKind.CONFLICT, "invitation_accepted", "It was accepted; the access can be ended.")
    if invitation.state is InvitationState.OPEN:
        await finish(invitation, InvitationState.WITHDRAWN, records=records, now=now)


async def end_for_staff(invitation: Invitation, *, records: Records, now: datetime) -> None:
    """Staff end an access or take an invitation back, also the last administrator's; again without effect."""
    await records.members.hold_still(invitation.organisation_id)
    current = await records.invitations.get(invitation.id)
    over = {InvitationState.OPEN: InvitationState.WITHDRAWN, InvitationState.ACCEPTED: InvitationState.ENDED}
    if current is not None and current.state in over:
        await finish(current, over[current.state], records=records, now=now)


async def end_due_access(*, records: Records, clock: Clock) -> int:
    """What is over by the clock: open invitations expire, delegates are out on their day; how many."""
    now, ended = clock(), 0
    for invitation in await records.invitations.due(now, _BATCH):
        state = invitation.over(now)
        if state is not None:
            ended += await finish(invitation, state, records=records, now=now)
    return ended


async def forget_invitations(*, records: Records, clock: Clock) -> int:
    """After 90 days nobody needs to know whom somebody invited once; how many."""
    return await records.invitations.forget(clock() - KEPT_AFTER_END)


def successor_missing() -> DomainError:
    """Somebody has to be able to end the access of those who were invited."""
    return DomainError(ErrorKind.CONFLICT, "successor_missing", "The last administrator names a successor first.")
