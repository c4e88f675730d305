"""Give who was invited an account, asked of identity, and have the invitation mailed."""

from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.usecases.ports import Clock
from customer_link.usecases.provide_account import Identity, Transactions


async def reach_invitee(invitation_id: UUID, *, transactions: Transactions, identity: Identity, clock: Clock) -> None:
    """Asks outside of a transaction; an invitation that was withdrawn meanwhile reaches nobody."""
    async with transactions() as records:
        invitation = await records.invitations.get(invitation_id)
    if invitation is None or not invitation.answerable(clock()) or invitation.account_id is not None:
        return
    person = Contact(
        invitation.id, invitation.organisation_id, invitation.email, invitation.display_name, invitation.language
    )
    [account_id] = await identity.ensure_accounts([person])
    async with transactions() as records:
        if account_id and await records.invitations.give_account(invitation.id, account_id):
            await records.announcements.invitation_issued(invitation)
