"""Ask the organisation's own systems for the data behind a number, and again while no answer comes."""

from datetime import datetime, timedelta
from uuid import UUID

from customer_link.usecases.ports import Clock, Records

_PAUSES = (timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=4))
_LAST_PAUSE = timedelta(hours=24)


async def request_customer_data(customer_id: UUID, *, records: Records, now: datetime) -> None:
    """Emits the request; it is repeated after 30 s, 5 min, 30 min, 4 h and then daily until data have come."""
    await records.customers.ask(customer_id, now)
    await _emit(customer_id, 0, records=records, now=now)


async def repeat_request(customer_id: UUID, asked: int, *, records: Records, clock: Clock) -> None:
    """Emits it again, unless somebody has answered meanwhile."""
    if await records.customers.waiting_since(customer_id) is not None:
        await _emit(customer_id, asked, records=records, now=clock())


async def _emit(customer_id: UUID, asked: int, *, records: Records, now: datetime) -> None:
    await records.announcements.data_requested(customer_id)
    pause = _PAUSES[asked] if asked < len(_PAUSES) else _LAST_PAUSE
    await records.later.ask_again(customer_id, asked + 1, now + pause)
