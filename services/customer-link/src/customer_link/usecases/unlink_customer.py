"""End the link between an account and a customer number (STEPS A17); its code stays used."""

from uuid import UUID

from customer_link.domain.customer import Link
from customer_link.usecases.ports import Clock, Records


async def unlink_customer(account_id: UUID, customer_id: UUID, *, records: Records, clock: Clock) -> Link | None:
    """The link that ended; None when the account does not hold the number (any more)."""
    link = await records.links.end(account_id, customer_id, clock())
    if link is not None:
        await records.announcements.membership_changed(account_id)
        await records.announcements.link_ended(link)
    return link
