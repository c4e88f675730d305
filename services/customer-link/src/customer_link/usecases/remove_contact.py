"""A person is no longer named: out at once, the tickets stay with the organisation (STEPS M2b)."""

from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.usecases.ports import Clock, Records


async def remove_contact(organisation_id: UUID, email: str, *, records: Records, clock: Clock) -> Contact | None:
    """The contact who was removed; None when there is none with this address."""
    contact = await records.contacts.find(organisation_id, email)
    if contact is None:
        return None
    await end_contact(contact, records=records, clock=clock)
    return contact


async def end_contact(contact: Contact, *, records: Records, clock: Clock) -> None:
    """Ends a contact, and with it the membership."""
    if not await records.contacts.remove(contact.id, clock()):
        return
    if contact.account_id is not None:
        await records.members.unname(contact.organisation_id, contact.account_id)
        await records.announcements.membership_changed(contact.account_id)
    await records.announcements.contact_changed(contact.id, active=False)
