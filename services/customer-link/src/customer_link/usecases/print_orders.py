"""Make the letters that customers ordered: a batch of all that wait (features 1.2, L4)."""

from customer_link.domain.code_batch import NewBatch
from customer_link.domain.letter import MOST_LETTERS
from customer_link.usecases.ports import Records


async def print_orders(batch: NewBatch, *, records: Records) -> bool:
    """False when nobody waits. The code that a customer may have stays good for its grace."""
    waiting = await records.orders.open(MOST_LETTERS)
    if not waiting:
        return False
    await records.batches.add(batch, [order.number for order in waiting])
    await records.orders.done([order.customer_id for order in waiting])
    await records.announcements.batch_wanted(batch.id)
    return True
