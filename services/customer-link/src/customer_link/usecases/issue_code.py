"""Issue an activation code for a customer number; an older one that is still open gives way to it."""

from datetime import timedelta
from uuid import UUID

from customer_link.domain.activation_code import RandomBelow, make_code
from customer_link.domain.code_state import ActivationCode, CodeState
from customer_link.usecases.ports import Clock, CodeKeeper, Records


async def issue_code(
    code_id: UUID,
    customer_id: UUID,
    *,
    valid_for: timedelta,
    records: Records,
    keeper: CodeKeeper,
    clock: Clock,
    random_below: RandomBelow,
) -> tuple[ActivationCode, str]:
    """The new code and its secret, which is not kept in the clear anywhere."""
    now = clock()
    secret = make_code(random_below)
    code = ActivationCode(
        id=code_id, customer_id=customer_id, state=CodeState.ISSUED, issued_at=now, valid_until=now + valid_for
    )
    await records.codes.supersede(customer_id, now)
    await records.codes.add(code, keeper.keep(code_id, secret))
    return code, secret
