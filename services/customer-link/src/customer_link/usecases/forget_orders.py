"""Orders that no longer say anything are forgotten: who asked for which number is nobody's business."""

from customer_link.domain.code_order import ORDER_AGAIN_AFTER
from customer_link.usecases.ports import Clock, Records


async def forget_orders(*, records: Records, clock: Clock) -> int:
    """How many were forgotten; those that wait to be printed stay."""
    return await records.orders.forget(clock() - ORDER_AGAIN_AFTER)
