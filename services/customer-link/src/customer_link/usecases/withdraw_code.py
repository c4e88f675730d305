"""Withdraw a code that must not unlock its number any more (STEPS S5)."""

from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.code_state import Reason
from customer_link.usecases.ports import Clock, Records


async def withdraw_code(code_id: UUID, reason: Reason, *, by: UUID, records: Records, clock: Clock) -> None:
    """Ends the code at once; a letter with it opens nothing from now on.

    Raises:
        DomainError: CONFLICT when the code was used, has ended already, or does not exist.
    """
    code = await records.register.withdraw(code_id, reason, by, clock())
    if code is None:
        raise DomainError(ErrorKind.CONFLICT, "code_ended", "The code was used or has ended already.")
    await records.announcements.code_withdrawn(code)
