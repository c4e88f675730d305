"""Many questions asked at the same moment become one call."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Batched(Generic[K, V]):
    """Collects the keys that are asked for in one turn of the event loop and loads them together.

    Args:
        load: gives the values of at most `size` keys; those it lacks become None.
        size: how many keys a call may have.
    """

    def __init__(self, load: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]], *, size: int = 100) -> None:
        self._load = load
        self._size = size
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._calls: set[asyncio.Task[None]] = set()

    async def get(self, key: K) -> V | None:
        """Give the value of a key; None when there is none. Raises what `load` raises."""
        if key not in self._waiting:
            loop = asyncio.get_running_loop()
            if not self._waiting:
                loop.call_soon(self._send)
            self._waiting[key] = loop.create_future()
        return await asyncio.shield(self._waiting[key])

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, {}
        keys = list(waiting)
        for start in range(0, len(keys), self._size):
            batch = {key: waiting[key] for key in keys[start : start + self._size]}
            call = asyncio.get_running_loop().create_task(self._answer(batch))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    async def _answer(self, batch: dict[K, "asyncio.Future[V | None]"]) -> None:
        try:
            found = await self._load(list(batch))
        except Exception as error:  # noqa: BLE001 - each of those who wait gets it
            for answer in batch.values():
                answer.set_exception(error)
                answer.exception()  # somebody may have stopped waiting; that is no error of its own
            return
        for key, answer in batch.items():
            answer.set_result(found.get(key))
