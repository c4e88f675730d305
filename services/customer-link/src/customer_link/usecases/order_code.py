"""Ask for a new letter with a code; it goes to the address on file and to nobody else (features 4.5, L4, L6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from customer_link.domain.code_order import ORDERS_A_DAY, CodeOrder
from customer_link.usecases.ports import Records


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody wants a letter for a number in its compared form."""

    order_id: UUID
    account_id: UUID
    number_key: str


async def order_code(wish: Wish, *, records: Records, now: datetime, takes: timedelta) -> CodeOrder:
    """The order, the account's earlier one if there is one; the same answer and work for known and unknown numbers.

    Raises:
        DomainError: RATE_LIMITED when the account has ordered too often today.
    """
    if await records.orders.today(wish.account_id, now) >= ORDERS_A_DAY:
        raise DomainError(ErrorKind.RATE_LIMITED, "too_many_orders", retry_after=timedelta(days=1))
    return await records.orders.add(CodeOrder(wish.order_id, wish.account_id, wish.number_key, now, now + takes))
