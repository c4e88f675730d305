"""What another service owns, asked and kept for a moment (DESIGN 7): revoked or removed is out within a second."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from chassis.errors import DomainError, ErrorKind

K = TypeVar("K")
V = TypeVar("V")

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Cached(Generic[V]):
    """A value; stale when its owner could not be asked and an older answer serves by grace."""

    value: V
    stale: bool


@dataclass(slots=True)
class _Entry(Generic[V]):
    value: V
    loaded: float
    generation: int
    tags: frozenset[str]


class RemoteCache(Generic[K, V]):
    """A cache in one replica, kept honest by invalidations that are broadcast to it. All times in seconds.

    Args:
        load: asks the owner; raises DomainError UNAVAILABLE when it does not answer.
        tags: names by which an invalidation finds a value.
        clock: a monotonic one.
        fresh: how long an answer serves while invalidations arrive.
        fresh_disconnected: the same while they do not.
        grace: how long it may serve while the owner does not answer.
        tombstone: how long an invalidation is held against answers under way; a load must not take longer.
        size: number of values kept.
    """

    def __init__(
        self,
        load: Callable[[K], Awaitable[V]],
        *,
        tags: Callable[[K, V], Iterable[str]],
        clock: Callable[[], float] = time.monotonic,
        fresh: float = 30.0,
        fresh_disconnected: float = 1.0,
        grace: float = 300.0,
        tombstone: float = 10.0,
        size: int = 10_000,
    ) -> None:
        self._load = load
        self._tags = tags
        self._clock = clock
        self._fresh = {True: fresh, False: fresh_disconnected}
        self._grace = grace
        self._tombstone = tombstone
        self._size = size
        self._entries: OrderedDict[K, _Entry[V]] = OrderedDict()
        self._tagged: dict[str, set[K]] = {}
        self._tombstones: OrderedDict[str, tuple[int, float]] = OrderedDict()
        self._loading: dict[K, asyncio.Task[V]] = {}
        self._connected = False
        # Counts what has been heard; unlike the clock it tells two things of one instant apart.
        self._generation = 0
        self._reconnected = 0
        self._pause_until = clock()

    async def get(self, key: K, *, grace: bool = True, refresh: bool = False) -> Cached[V]:
        """The value of a key; loads of one key under way are shared.

        Args:
            key: what to ask for.
            grace: whether an older answer may serve while the owner does not answer.
            refresh: ask even though there is a fresh answer.

        Raises:
            DomainError: UNAVAILABLE, or what the owner says.
        """
        entry = self._entries.get(key)
        if entry is not None and not refresh and self._is_fresh(entry):
            return Cached(entry.value, stale=False)
        servable = grace and self._is_in_grace(entry)
        if servable and entry is not None and self._clock() < self._pause_until:
            return Cached(entry.value, stale=True)
        try:
            return Cached(await self._loaded(key), stale=False)
        except DomainError as error:
            # Looked up again: an invalidation may have come while the owner was asked.
            entry = self._entries.get(key)
            if error.kind is not ErrorKind.UNAVAILABLE or not grace or entry is None or not self._is_in_grace(entry):
                raise
            self._pause_until = self._clock() + self._fresh[False]
            return Cached(entry.value, stale=True)

    def invalidate(self, tag: str) -> None:
        """Forgets all values with the tag, and those of answers that are under way."""
        now = self._clock()
        self._generation += 1
        self._tombstones[tag] = (self._generation, now)
        self._tombstones.move_to_end(tag)
        while next(iter(self._tombstones.values()))[1] < now - self._tombstone:
            self._tombstones.popitem(last=False)
        for key in tuple(self._tagged.get(tag, ())):
            self._forget(key)

    def connected(self, up: bool) -> None:
        """Says whether invalidations arrive now; when they do again, everything kept is stale."""
        if up and not self._connected:
            self._generation += 1
            self._reconnected = self._generation
        self._connected = up

    def _is_fresh(self, entry: _Entry[V]) -> bool:
        if self._connected and entry.generation < self._reconnected:
            return False
        return self._clock() - entry.loaded < self._fresh[self._connected]

    def _is_in_grace(self, entry: _Entry[V] | None) -> bool:
        return entry is not None and self._clock() - entry.loaded < self._grace

    async def _loaded(self, key: K) -> V:
        task = self._loading.get(key)
        if task is None:
            task = asyncio.create_task(self._ask(key))
            self._loading[key] = task
            task.add_done_callback(lambda _: self._loading.pop(key, None))
        # One who stops waiting must not take the answer from the others.
        return await asyncio.shield(task)

    async def _ask(self, key: K) -> V:
        for _ in range(_TRIES):
            asked, generation = self._clock(), self._generation
            value = await self._load(key)
            entry = _Entry(value, asked, generation, frozenset(self._tags(key, value)))
            if not self._is_outrun(entry):
                self._keep(key, entry)
                return value
        raise DomainError(ErrorKind.UNAVAILABLE, "answer_outrun", "The answer changed faster than it could be read.")

    def _is_outrun(self, entry: _Entry[V]) -> bool:
        """Whether an answer may be older than an invalidation that has arrived since it was asked for."""
        if self._clock() - entry.loaded > self._tombstone:
            return True
        return any(self._tombstones.get(tag, (0, 0))[0] > entry.generation for tag in entry.tags)

    def _keep(self, key: K, entry: _Entry[V]) -> None:
        self._forget(key)
        self._entries[key] = entry
        for tag in entry.tags:
            self._tagged.setdefault(tag, set()).add(key)
        while len(self._entries) > self._size:
            self._forget(next(iter(self._entries)))

    def _forget(self, key: K) -> None:
        entry = self._entries.pop(key, None)
        for tag in entry.tags if entry is not None else ():
            keys = self._tagged[tag]
            keys.discard(key)
            if not keys:
                del self._tagged[tag]
