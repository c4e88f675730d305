"""Ask backends again for data that have not come, and anew for data that have grown old."""

from customer_link.domain.asking_again import pause_after
from customer_link.usecases.ports import Clock, Records

BATCH = 200


async def ask_for_data(*, records: Records, clock: Clock) -> int:
    """Asks for a batch of those whose time has come; how many customers were looked at."""
    now = clock()
    waiting = await records.customers.due(now, BATCH)
    for customer in waiting:
        asks = customer.asks + 1
        again_at = now + pause_after(asks) if customer.held else None
        await records.customers.note_ask(customer.id, at=now, again_at=again_at, asks=asks)
        if customer.held:
            await records.announcements.data_requested(customer.id)
    return len(waiting)
