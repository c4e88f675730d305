"""Take the data behind a customer number from the organisation's own system; the newest win (STEPS A11)."""

from datetime import timedelta
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.customer_data import CustomerData
from customer_link.domain.customer_entry import SKEW
from customer_link.domain.customer_number import number_key
from customer_link.usecases.ports import Clock, Records


async def put_customer_data(
    customer_id: UUID, data: CustomerData, *, records: Records, clock: Clock, refresh_after: timedelta
) -> bool:
    """Whether the data were newer than those held.

    Raises:
        DomainError: NOT_FOUND for an unknown customer, INVALID for data from the future, which would stay for ever.
    """
    now = clock()
    if data.as_of > now + SKEW:
        raise DomainError(ErrorKind.INVALID, "data_from_the_future", "as_of_time lies in the future.")
    customer = await records.customers.get(customer_id)
    if customer is None:
        raise DomainError(ErrorKind.NOT_FOUND, "customer_unknown", "There is no such customer.")
    # The number first, as every other change of it does: two never wait for each other.
    await records.book.numbers({number_key(customer.number)})
    applied = await records.customers.put_data(customer_id, data, now)
    await records.customers.note_rest(customer_id, again_at=now + refresh_after)
    if applied:
        await records.announcements.customer_changed(customer_id)
    return applied
