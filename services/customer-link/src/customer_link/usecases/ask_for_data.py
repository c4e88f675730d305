"""Ask backends again for data that have not come, and anew for data that have grown old."""

from datetime import datetime
from uuid import UUID

from customer_link.domain.asking_again import pause_after
from customer_link.domain.customer import LinkedCustomer
from customer_link.usecases.ports import Clock, Records

BATCH = 200


async def first_ask(customer_id: UUID, *, records: Records, now: datetime) -> None:
    """Asks for the data of a number that somebody has just linked."""
    await records.customers.note_ask(customer_id, at=now, again_at=now + pause_after(1), asks=1)
    await records.announcements.data_requested(customer_id)


async def ask_for_address(customer_id: UUID, *, records: Records, now: datetime) -> None:
    """Asks for the data of a number whose letter needs the address on file, unless they are here."""
    if not await records.customers.has_data(customer_id):
        await first_ask(customer_id, records=records, now=now)


async def ask_again(linked: LinkedCustomer, *, records: Records, now: datetime) -> bool:
    """Asks anew, because somebody waits and wants it; False when the last question is too fresh for that."""
    if not linked.late(now):
        return False
    await records.customers.note_rest(linked.customer.id, again_at=None)
    await first_ask(linked.customer.id, records=records, now=now)
    return True


async def ask_for_data(*, records: Records, clock: Clock) -> int:
    """Asks for a batch of those whose time has come; how many customers were looked at."""
    now = clock()
    waiting = await records.customers.due(now, BATCH)
    for customer in waiting:
        if not customer.held:
            await records.customers.note_rest(customer.id, again_at=None)
            continue
        asks = customer.asks + 1
        await records.customers.note_ask(customer.id, at=now, again_at=now + pause_after(asks), asks=asks)
        await records.announcements.data_requested(customer.id)
    return len(waiting)
