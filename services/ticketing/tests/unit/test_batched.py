import asyncio
from collections.abc import Sequence

import pytest

from ticketing.adapters.batched import Batched


class Source:
    def __init__(self) -> None:
        self.calls: list[list[int]] = []
        self.broken = False

    async def load(self, keys: Sequence[int]) -> dict[int, str]:
        self.calls.append(list(keys))
        await asyncio.sleep(0)
        if self.broken:
            raise RuntimeError("away")
        return {key: f"name {key}" for key in keys if key != 13}


async def test_questions_of_one_moment_are_one_call_and_each_key_stands_in_it_once() -> None:
    source = Source()
    batch = Batched(source.load)
    found = await asyncio.gather(*(batch.get(key) for key in (1, 2, 2, 13)))
    assert found == ["name 1", "name 2", "name 2", None]
    assert source.calls == [[1, 2, 13]]
    await batch.get(1)
    assert len(source.calls) == 2


async def test_a_call_has_no_more_keys_than_it_may() -> None:
    source = Source()
    batch = Batched(source.load, size=2)
    await asyncio.gather(*(batch.get(key) for key in range(5)))
    assert [len(call) for call in source.calls] == [2, 2, 1]


async def test_all_who_wait_get_the_error_and_the_next_question_a_new_chance() -> None:
    source = Source()
    source.broken = True
    batch = Batched(source.load)
    results = await asyncio.gather(batch.get(1), batch.get(2), return_exceptions=True)
    assert [type(result) for result in results] == [RuntimeError, RuntimeError]
    source.broken = False
    assert await batch.get(1) == "name 1"


async def test_one_who_stops_waiting_takes_the_answer_from_nobody() -> None:
    source = Source()
    batch = Batched(source.load)
    impatient, patient = asyncio.create_task(batch.get(1)), asyncio.create_task(batch.get(1))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await patient == "name 1"
    with pytest.raises(asyncio.CancelledError):
        await impatient
