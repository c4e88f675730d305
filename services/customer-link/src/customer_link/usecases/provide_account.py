"""Give a named contact an account: asked of identity, which makes one if there is none (STEPS M2)."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.usecases.ports import Records


class Identity(Protocol):
    """Makes and finds accounts."""

    async def ensure_account(self, contact: Contact) -> UUID:
        """The account of the contact's address; the contact's id makes a repeated call harmless.

        Raises:
            DomainError: UNAVAILABLE while identity is away.
        """
        ...


Transactions = Callable[[], AbstractAsyncContextManager[Records]]
"""Opens a transaction; commits at the end of its block."""


async def provide_account(contact_id: UUID, *, transactions: Transactions, identity: Identity) -> None:
    """Asks outside of a transaction; who was removed meanwhile gets nothing."""
    async with transactions() as records:
        contact = await records.contacts.get(contact_id)
    if contact is None or not contact.active or contact.account_id is not None:
        return
    account_id = await identity.ensure_account(contact)
    async with transactions() as records:
        if await records.contacts.give_account(contact_id, account_id):
            await records.announcements.membership_changed(account_id)
            await records.announcements.contact_changed(contact_id, active=True)
