"""Give a contact the account that identity made for the address."""

from uuid import UUID

from customer_link.usecases.ports import Records


async def attach_account(contact_id: UUID, account_id: UUID, *, records: Records) -> None:
    """From now on the account is a member; nothing when the contact was removed meanwhile."""
    if await records.contacts.set_account(contact_id, account_id):
        await records.announcements.membership_changed(account_id)
