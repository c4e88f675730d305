"""What is promised of the store of closings: the fake keeps it as PostgreSQL does."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from identity.domain.closing import Closing
from identity.usecases.ports import Records
from identity_builders import NOW


def a_closing(days: int = 0) -> Closing:
    return Closing(account_id=uuid4(), closed_at=NOW, erase_at=NOW + timedelta(days=days))


async def test_those_whose_time_has_come_are_due_the_longest_waiting_first(records: Records) -> None:
    later, first, second = a_closing(1), a_closing(-2), a_closing(-1)
    for closing in (later, second, first):
        await records.closings.add(closing)
    assert await records.closings.due(NOW, 10) == [first, second]
    assert await records.closings.due(NOW, 1) == [first]
    await records.closings.finish(first.account_id, NOW)
    assert await records.closings.due(NOW, 10) == [second]
    await records.closings.remove(second.account_id)
    assert await records.closings.due(NOW, 10) == []


async def test_receipts_are_kept_by_service(records: Records) -> None:
    closing = a_closing()
    await records.closings.add(closing)
    await records.closings.add_receipt(closing.account_id, "ticketing", 3)
    await records.closings.add_receipt(closing.account_id, "notification", 0)
    assert await records.closings.get(closing.account_id) == replace(
        closing, receipts={"ticketing": 3, "notification": 0}
    )
    assert await records.closings.get(uuid4()) is None
