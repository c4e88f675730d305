"""Give named contacts accounts: asked of identity, which makes those that are missing (STEPS M2)."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.usecases.ports import Records

BATCH = 100
"""Contacts that one question to identity is about."""


class Identity(Protocol):
    """Makes and finds accounts."""

    async def ensure_accounts(self, contacts: Sequence[Contact]) -> list[UUID | None]:
        """The accounts of the contacts' addresses in their order, None where identity refuses the address.

        A contact's id makes a repeated call harmless.

        Raises:
            DomainError: UNAVAILABLE while identity is away.
        """
        ...


Transactions = Callable[[], AbstractAsyncContextManager[Records]]
"""Opens a transaction; commits at the end of its block."""


async def provide_account(contact_id: UUID, *, transactions: Transactions, identity: Identity) -> None:
    """Asks outside of a transaction; who was removed meanwhile gets nothing.

    Others who wait are asked for along with it, so that the jobs of a long import find their work done.
    """
    async with transactions() as records:
        contact = await records.contacts.get(contact_id)
        if contact is None or not contact.active or contact.account_id is not None:
            return
        others = await records.contacts.without_account(BATCH)
    waiting = list({one.id: one for one in (contact, *others)}.values())[:BATCH]
    # In one order, whoever was asked for first: two jobs never wait for one another's contacts in a ring.
    waiting.sort(key=lambda one: one.id)
    found = await identity.ensure_accounts(waiting)
    async with transactions() as records:
        for one, account_id in zip(waiting, found, strict=True):
            if account_id and await records.contacts.give_account(one.id, account_id):
                await records.announcements.membership_changed(account_id)
                await records.announcements.contact_changed(one.id, active=True)
