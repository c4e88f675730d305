"""Who looked at a customer is forgotten after two years."""

from customer_link.domain.customer_view import LOOKS_KEPT
from customer_link.usecases.ports import Clock, Records


async def forget_looks(*, records: Records, clock: Clock) -> int:
    """How many were forgotten."""
    return await records.directory.forget_looks(clock() - LOOKS_KEPT)
