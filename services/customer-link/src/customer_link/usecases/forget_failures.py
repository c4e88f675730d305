"""Failures that no longer count are forgotten: they say who was where (DESIGN 6)."""

from customer_link.domain.guesses import DAY
from customer_link.usecases.ports import Clock, Records


async def forget_failures(*, records: Records, clock: Clock) -> int:
    """How many were forgotten."""
    return await records.failures.forget(clock() - DAY)
