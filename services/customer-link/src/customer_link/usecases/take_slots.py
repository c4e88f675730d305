"""Take a holder's place at a number and a place among an account's numbers of its type (DESIGN 18)."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.customer import Customer, Link, LinkLimits, Refusal
from customer_link.domain.link_slots import free_slot
from customer_link.usecases.ports import Clock, Links, NewId

_TRIES = 3


async def take_slots(
    account_id: UUID, customer: Customer, *, limits: LinkLimits, links: Links, clock: Clock, new_id: NewId
) -> Link | Refusal:
    """The link, or which limit forbids it; tries again when another one took the place in between.

    Raises:
        DomainError: UNAVAILABLE when others were faster each time.
    """
    for _ in range(_TRIES):
        slots = _free_slots(await links.active_of(account_id, customer.id), account_id, customer, limits)
        if isinstance(slots, Refusal):
            return slots
        link = Link(
            id=new_id(),
            account_id=account_id,
            customer_id=customer.id,
            type=customer.type,
            holder_slot=slots[0],
            type_slot=slots[1],
            created_at=clock(),
        )
        if await links.add(link):
            return link
    raise DomainError(ErrorKind.UNAVAILABLE, "slots_contended", "Many link at once; try again.")


def _free_slots(
    active: list[Link], account_id: UUID, customer: Customer, limits: LinkLimits
) -> tuple[int, int] | Refusal:
    holders = {link.account_id: link.holder_slot for link in active if link.customer_id == customer.id}
    if account_id in holders:
        return Refusal.ALREADY_YOURS
    holder_slot = free_slot(holders.values(), limits.holders)
    if holder_slot is None:
        return Refusal.HELD_BY_ANOTHER
    same_type = [link.type_slot for link in active if link.account_id == account_id and link.type == customer.type]
    type_slot = free_slot(same_type, limits.per_type)
    return Refusal.TYPE_HELD if type_slot is None else (holder_slot, type_slot)
