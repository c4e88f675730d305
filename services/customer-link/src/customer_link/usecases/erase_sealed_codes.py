"""Erase the sealed copies of codes that had time enough to be handed over (DESIGN 6)."""

from customer_link.domain.code_state import SEALED_FOR
from customer_link.usecases.ports import Clock, Records


async def erase_sealed_codes(*, records: Records, clock: Clock) -> int:
    """How many were erased; a later reprint makes a new code."""
    now = clock()
    return await records.codes.erase_sealed(now - SEALED_FOR, now)
