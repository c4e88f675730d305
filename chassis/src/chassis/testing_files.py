"""The file store in memory, held to the same contract suite as the real ones."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from chassis.errors import DomainError, ErrorKind
from chassis.file_store import CHUNK, StoredFile, file_missing


class FakeFiles:
    """A FileStore. Set `available` to False to take it away."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.available = True
        self.kept: dict[UUID, bytes] = {}
        self._put_at: dict[UUID, datetime] = {}
        self._clock = clock

    async def put(self, key: UUID, chunks: AsyncIterable[bytes]) -> StoredFile:
        content = b"".join([chunk async for chunk in chunks])
        self._check()
        self.kept[key], self._put_at[key] = content, self._clock()
        return StoredFile(key, len(content), hashlib.sha256(content).digest())

    async def read(self, key: UUID) -> AsyncIterator[bytes]:
        self._check()
        if key not in self.kept:
            raise file_missing()
        return _chunks(self.kept[key])

    async def delete(self, keys: Collection[UUID]) -> None:
        self._check()
        for key in keys:
            self.kept.pop(key, None)

    async def put_before(self, moment: datetime) -> AsyncIterator[Sequence[UUID]]:
        self._check()
        yield [key for key in self.kept if self._put_at[key] < moment]

    def _check(self) -> None:
        if not self.available:
            raise DomainError(ErrorKind.UNAVAILABLE, "files_unavailable")


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), CHUNK):
        yield content[start : start + CHUNK]
