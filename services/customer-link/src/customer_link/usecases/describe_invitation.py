"""Tell what an invitation or an access was about: facts, and whom it concerns now (DESIGN 4.11)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from customer_link.domain.invitation import Invitation, InvitationState
from customer_link.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class InvitationDetail:
    """Facts for a message, whom it concerns and why, or why nobody is told."""

    facts: Mapping[str, str] = field(default_factory=dict)
    concerned: tuple[tuple[UUID, str], ...] = ()
    suppressed: str = ""


_OBSOLETE = InvitationDetail(suppressed="obsolete")


async def describe_issued(invitation_id: UUID, *, records: Records) -> InvitationDetail:
    """Who was invited is told, while the invitation is open."""
    invitation = await records.invitations.get(invitation_id)
    if invitation is None or invitation.state is not InvitationState.OPEN:
        return _OBSOLETE
    facts = await _facts(invitation, f"/customers/invitations/{invitation.id}", records)
    return InvitationDetail(facts, ((invitation.account_id, "self"),) if invitation.account_id else ())


async def describe_granted(invitation_id: UUID, *, records: Records) -> InvitationDetail:
    """Who invited is told, as long as both still belong to the organisation."""
    invitation = await records.invitations.get(invitation_id)
    if invitation is None or invitation.state is not InvitationState.ACCEPTED:
        return _OBSOLETE
    if invitation.invited_by not in await records.memberships.members(invitation.organisation_id):
        return InvitationDetail(suppressed="not_entitled")
    facts = await _facts(invitation, f"/customers/organisations/{invitation.organisation_id}/members", records)
    return InvitationDetail({**facts, "email": invitation.email}, ((invitation.invited_by, "self"),))


async def describe_ended(invitation_id: UUID, account_id: UUID, *, records: Records) -> InvitationDetail:
    """Whose access ended is told, unless the account belongs to the organisation in another way."""
    invitation = await records.invitations.get(invitation_id)
    if invitation is None or account_id in await records.memberships.members(invitation.organisation_id):
        return _OBSOLETE
    return InvitationDetail(await _facts(invitation, "/tickets", records), ((account_id, "self"),))


async def _facts(invitation: Invitation, path: str, records: Records) -> dict[str, str]:
    found = await records.customers.organisations([invitation.organisation_id])
    return {"organisation": found[0].name if found else "", "path": path}
