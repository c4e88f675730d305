"""Files that a service keeps outside of its database: in a folder or in S3, under keys that say nothing (ADR 0019).

A file is put first and its row is written after it, in the transaction of the effect. What has no row after a day
is swept away, so a transaction that fails leaves nothing behind for good.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from pydantic import AfterValidator

from chassis.errors import DomainError, ErrorKind

if TYPE_CHECKING:
    from obstore.store import ObjectStore

ORPHAN_AGE: Final = timedelta(days=1)
"""A file without a row is swept when it is as old: no transaction takes as long."""
CHUNK: Final = 256 * 1024
"""Bytes that are in hand at a time."""
_BATCH = 500
_RETRIES: Any = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
_PATIENCE: Any = {"timeout": "20s", "connect_timeout": "5s"}


def _known_address(value: str) -> str:
    parts = urlsplit(value)
    fits = {"file": parts.path.startswith("/") and not parts.netloc, "s3": bool(parts.netloc), "memory": True}
    if not fits.get(parts.scheme) or parts.query or parts.fragment or parts.username:
        raise ValueError("must be file:///folder or s3://bucket[/prefix]")
    return value


FilesUrl = Annotated[str, AfterValidator(_known_address)]
"""Setting: `file:///folder`, or `s3://bucket/prefix`, whose keys and region come as AWS's tools take them."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was put: how many bytes, and their SHA-256."""

    key: UUID
    size: int
    sha256: bytes


class FileStore(Protocol):
    """Where files are kept; one contract suite holds fake and real stores to it.

    Every method raises DomainError UNAVAILABLE `files_unavailable` while the store cannot be reached or is full.
    """

    async def put(self, key: UUID, chunks: AsyncIterable[bytes]) -> StoredFile:
        """Keeps a file whole or not at all; what `chunks` raises comes through. A key is used once."""
        ...

    async def read(self, key: UUID) -> AsyncIterator[bytes]:
        """Its bytes, a chunk at a time. Raises DomainError NOT_FOUND `file_missing` before the first one."""
        ...

    async def delete(self, keys: Collection[UUID]) -> None:
        """Removes files; what is not there is as good as removed."""
        ...

    def put_before(self, moment: datetime) -> AsyncIterator[Sequence[UUID]]:
        """The keys of all files that are older, some hundred at a time."""
        ...


class ObjectFiles:
    """A FileStore at a FilesUrl; nothing is loaded or opened before the first file."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def put(self, key: UUID, chunks: AsyncIterable[bytes]) -> StoredFile:
        import obstore  # noqa: PLC0415 - who has no files needs no library for them

        counted = _Counted(chunks)
        with _unavailable(counted):
            await obstore.put_async(self._store, _path(key), counted.read())
        return StoredFile(key, counted.size, counted.digest.digest())

    async def read(self, key: UUID) -> AsyncIterator[bytes]:
        import obstore  # noqa: PLC0415

        try:
            with _unavailable():
                found = await obstore.get_async(self._store, _path(key))
        except FileNotFoundError as error:
            raise file_missing() from error
        return _streamed(found.stream(min_chunk_size=CHUNK))

    async def delete(self, keys: Collection[UUID]) -> None:
        import obstore  # noqa: PLC0415

        for key in keys:
            try:
                with _unavailable():
                    await obstore.delete_async(self._store, _path(key))
            except FileNotFoundError:
                continue

    async def put_before(self, moment: datetime) -> AsyncIterator[Sequence[UUID]]:
        import obstore  # noqa: PLC0415

        with _unavailable():
            async for found in obstore.list(self._store, chunk_size=_BATCH):
                old = [_key(one["path"]) for one in found if one["last_modified"] < moment]
                yield [key for key in old if key is not None]

    @cached_property
    def _store(self) -> "ObjectStore":
        from obstore.store import LocalStore, MemoryStore, S3Store  # noqa: PLC0415

        parts = urlsplit(self._url)
        if parts.scheme == "file":
            return LocalStore(unquote(parts.path), mkdir=True)
        if parts.scheme == "memory":
            return MemoryStore()
        return S3Store.from_url(self._url, client_options=_PATIENCE, retry_config=_RETRIES)


async def sweep_orphans(
    files: FileStore, known: Callable[[Sequence[UUID]], Awaitable[Collection[UUID]]], now: datetime
) -> int:
    """Deletes the files that are older than a day and of which `known` gives no row; how many."""
    swept = 0
    async for keys in files.put_before(now - ORPHAN_AGE):
        orphans = set(keys).difference(await known(keys)) if keys else set()
        await files.delete(orphans)
        swept += len(orphans)
    return swept


def file_missing() -> DomainError:
    """There is no file of this key."""
    return DomainError(ErrorKind.NOT_FOUND, "file_missing", "The file is not there.")


class _Counted:
    """Chunks on their way, counted; remembers what their source raised, which is not the store's failure."""

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._chunks = chunks
        self.size = 0
        self.digest = hashlib.sha256()
        self.failure: BaseException | None = None

    async def read(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._chunks:
                self.size += len(chunk)
                self.digest.update(chunk)
                yield chunk
        except BaseException as error:
            self.failure = error
            raise


@contextmanager
def _unavailable(counted: _Counted | None = None) -> Iterator[None]:
    from obstore.exceptions import BaseError  # noqa: PLC0415

    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        if counted is not None and error is counted.failure:
            raise
        raise DomainError(ErrorKind.UNAVAILABLE, "files_unavailable", "Files cannot be kept or read now.") from error


async def _streamed(chunks: AsyncIterable[Any]) -> AsyncIterator[bytes]:
    async for chunk in chunks:
        for start in range(0, len(chunk), CHUNK):
            yield bytes(chunk[start : start + CHUNK])


def _path(key: UUID) -> str:
    # Two signs of the key as a folder: a million files in one folder are slow to list.
    return f"{key.hex[:2]}/{key.hex}"


def _key(path: str) -> UUID | None:
    """None for what is not of this store's making, which is left alone."""
    try:
        key = UUID(path.rpartition("/")[2])
    except ValueError:
        return None
    return key if _path(key) == path else None
