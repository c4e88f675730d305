"""Issue the codes of a batch step by step, so that progress is seen and a crash loses nothing (STEPS A10)."""

from uuid import UUID

from customer_link.domain.code_batch import STEP
from customer_link.usecases.ask_for_data import ask_for_address
from customer_link.usecases.issue_code import IssueMeans, Order, issue_code
from customer_link.usecases.ports import NewId, Records


async def issue_step(batch_id: UUID, *, records: Records, means: IssueMeans, new_id: NewId) -> bool:
    """Issues some of the codes that are missing, each once; False when there was nothing left to do."""
    batch = await records.batches.get(batch_id)
    if batch is None or batch.finished_at is not None:
        return False
    lines = await records.batches.waiting(batch_id, STEP)
    for position, customer_id in lines:
        order = Order(new_id(), customer_id, batch.valid_until, batch.created_by)
        await issue_code(order, records=records, means=means)
        await records.batches.note_code(batch_id, position, order.code_id)
        await ask_for_address(customer_id, records=records, now=means.clock())
    if not lines:
        await records.batches.finish(batch_id, means.clock())
    return bool(lines)
