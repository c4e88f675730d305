"""Issue an activation code for a customer number; an older one that is still open gives way to it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from customer_link.domain.activation_code import RandomBelow, make_code
from customer_link.domain.code_state import ActivationCode, CodeState
from customer_link.usecases.ports import Clock, CodeKeeper, Records


@dataclass(frozen=True, slots=True)
class IssueMeans:
    """What codes are made with."""

    keeper: CodeKeeper
    clock: Clock
    random_below: RandomBelow


@dataclass(frozen=True, slots=True)
class Order:
    """Which code is to be made, until when it holds, and for which member of staff."""

    code_id: UUID
    customer_id: UUID
    valid_until: datetime
    issued_by: UUID | None = None


async def issue_code(order: Order, *, records: Records, means: IssueMeans) -> tuple[ActivationCode, str]:
    """The new code and its secret, which is not kept in the clear anywhere."""
    now = means.clock()
    secret = make_code(means.random_below)
    code = ActivationCode(
        id=order.code_id,
        customer_id=order.customer_id,
        state=CodeState.ISSUED,
        issued_at=now,
        valid_until=order.valid_until,
        issued_by=order.issued_by,
    )
    await records.codes.supersede(order.customer_id, now)
    await records.codes.add(code, means.keeper.keep(order.code_id, secret))
    await records.announcements.code_issued(code)
    return code, secret
