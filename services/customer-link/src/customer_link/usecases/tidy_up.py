"""What the clock does: sealed codes are forgotten after seven days, failures after one."""

from dataclasses import dataclass

from customer_link.domain.code_state import SEALED_FOR
from customer_link.domain.guesses import DAY
from customer_link.usecases.ports import Clock, Records


@dataclass(frozen=True, slots=True)
class Tidied:
    """How many of each."""

    codes: int
    failures: int


async def tidy_up(*, records: Records, clock: Clock) -> Tidied:
    """Erases what must not be kept longer."""
    now = clock()
    return Tidied(await records.codes.erase_sealed(now - SEALED_FOR), await records.failures.delete_older(now - DAY))
