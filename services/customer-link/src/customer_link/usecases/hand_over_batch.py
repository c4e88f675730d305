"""Note that the letters or the data file of a batch went out; from then on nobody can read its codes (STEPS A10)."""

from collections.abc import AsyncIterator
from uuid import UUID

from customer_link.domain.code_state import Handover
from customer_link.usecases.ports import Clock, Records

PORTION = 500


async def codes_of_batch(batch_id: UUID, *, records: Records) -> AsyncIterator[list[UUID]]:
    """The codes in order, in portions, so that a hundred thousand take no more memory than a few."""
    after = 0
    while portion := await records.batches.codes(batch_id, after, PORTION):
        after = portion[-1][0]
        yield [code_id for _, code_id in portion]


async def hand_over_batch(batch_id: UUID, how: Handover, *, by: UUID, records: Records, clock: Clock) -> bool:
    """Marks all codes as printed and handed over, which erases what was sealed; False when that was done before."""
    at = clock()
    if not await records.batches.hand_over(batch_id, at):
        return False
    async for code_ids in codes_of_batch(batch_id, records=records):
        await records.register.mark_printed(code_ids, at)
        await records.register.hand_over(code_ids, how, by, at)
    return True
