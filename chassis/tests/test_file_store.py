"""What every file store promises, in memory, in a folder and in an object store alike."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import TypeAdapter, ValidationError

from chassis.errors import DomainError, ErrorKind
from chassis.file_store import CHUNK, FileStore, FilesUrl, ObjectFiles, sweep_orphans
from chassis.testing_files import FakeFiles

LARGE = bytes(range(256)) * 30_000


@pytest.fixture(params=["fake", "memory", "folder"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    made: dict[str, FileStore] = {
        "fake": FakeFiles(),
        "memory": ObjectFiles("memory:///"),
        "folder": ObjectFiles((tmp_path / "my files").as_uri()),
    }
    return made[request.param]


async def chunks(content: bytes, size: int = CHUNK) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def everything(files: FileStore, key: UUID) -> bytes:
    return b"".join([chunk async for chunk in await files.read(key)])


async def keys_before(files: FileStore, moment: datetime) -> set[UUID]:
    return {key async for found in files.put_before(moment) for key in found}


@pytest.mark.parametrize("content", [b"x", b"words", LARGE])
async def test_a_file_comes_back_whole_and_is_counted(files: FileStore, content: bytes) -> None:
    key = uuid4()
    stored = await files.put(key, chunks(content))
    assert (stored.key, stored.size, stored.sha256) == (key, len(content), hashlib.sha256(content).digest())
    assert await everything(files, key) == content


async def test_a_file_is_read_a_chunk_at_a_time(files: FileStore) -> None:
    key = uuid4()
    await files.put(key, chunks(LARGE))
    assert max([len(chunk) async for chunk in await files.read(key)]) <= 2 * CHUNK


async def test_what_is_not_there_is_said_before_the_first_byte(files: FileStore) -> None:
    with pytest.raises(DomainError) as raised:
        await files.read(uuid4())
    assert (raised.value.kind, raised.value.code) == (ErrorKind.NOT_FOUND, "file_missing")


async def test_deleting_twice_is_deleting_once(files: FileStore) -> None:
    keys = [uuid4(), uuid4(), uuid4()]
    for key in keys:
        await files.put(key, chunks(b"words"))
    for _ in range(2):
        await files.delete([uuid4(), *keys[:2]])
    with pytest.raises(DomainError):
        await files.read(keys[0])
    assert await everything(files, keys[2]) == b"words"


async def test_a_source_that_breaks_off_leaves_nothing(files: FileStore) -> None:
    key = uuid4()

    async def broken() -> AsyncIterator[bytes]:
        yield LARGE
        raise OSError("the sender is gone")

    with pytest.raises(OSError, match="the sender is gone"):
        await files.put(key, broken())
    with pytest.raises(DomainError):
        await files.read(key)
    assert await keys_before(files, datetime.now(UTC) + timedelta(minutes=1)) == set()


async def test_files_are_found_by_their_age(files: FileStore) -> None:
    keys = {uuid4() for _ in range(3)}
    for key in keys:
        await files.put(key, chunks(b"words"))
    assert await keys_before(files, datetime.now(UTC) + timedelta(minutes=1)) == keys
    assert await keys_before(files, datetime.now(UTC) - timedelta(minutes=1)) == set()


async def test_many_at_the_same_time_do_not_mix(files: FileStore) -> None:
    contents = {uuid4(): bytes([number]) * (number + 1) * 1000 for number in range(20)}
    await asyncio.gather(*(files.put(key, chunks(content, 700)) for key, content in contents.items()))
    assert {key: await everything(files, key) for key in contents} == contents


async def test_the_sweep_takes_what_is_old_and_has_no_row(files: FileStore) -> None:
    kept, orphan = uuid4(), uuid4()
    for key in (kept, orphan):
        await files.put(key, chunks(b"words"))
    asked: list[UUID] = []

    async def known(keys: Sequence[UUID]) -> list[UUID]:
        asked.extend(keys)
        return [kept]

    now = datetime.now(UTC)
    assert await sweep_orphans(files, known, now + timedelta(hours=23)) == 0
    assert asked == []
    assert await sweep_orphans(files, known, now + timedelta(hours=25)) == 1
    assert sorted(asked) == sorted([kept, orphan])
    assert await everything(files, kept) == b"words"


async def test_the_sweep_leaves_alone_what_others_put_there(tmp_path: Path) -> None:
    stranger = tmp_path / "readme.txt"
    stranger.write_text("mine")
    (tmp_path / uuid4().hex).write_text("mine too")

    async def known(keys: Sequence[UUID]) -> list[UUID]:
        return []

    assert await sweep_orphans(ObjectFiles(f"file://{tmp_path}"), known, datetime.now(UTC) + timedelta(days=9)) == 0
    assert stranger.exists()


def test_keys_carry_no_names_and_folders_stay_small(tmp_path: Path) -> None:
    key = uuid4()
    asyncio.run(_put(ObjectFiles(f"file://{tmp_path}"), key))
    assert [str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file()] == [
        f"{key.hex[:2]}/{key.hex}"
    ]


async def _put(files: FileStore, key: UUID) -> None:
    await files.put(key, chunks(b"words"))


async def test_a_store_that_cannot_be_used_is_unavailable_not_broken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    away = FakeFiles()
    away.available = False
    for files in (away, ObjectFiles(f"file://{tmp_path}/file/files")):
        with pytest.raises(DomainError) as raised:
            await files.put(uuid4(), chunks(b"words"))
        assert (raised.value.kind, raised.value.code) == (ErrorKind.UNAVAILABLE, "files_unavailable")
        with pytest.raises(DomainError, match="files_unavailable"):
            await files.read(uuid4())


async def test_a_bucket_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "eu-central-1",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(DomainError, match="files_unavailable"):
        await ObjectFiles("s3://bucket/portal").put(uuid4(), chunks(b"words"))


@pytest.mark.parametrize(
    "url", ["", "files", "file://relative", "ftp://host/x", "s3://", "s3://u:p@bucket", "s3://b?x=1"]
)
def test_an_address_of_another_kind_refuses_to_start(url: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(FilesUrl).validate_python(url)


@pytest.mark.parametrize("url", ["file:///var/lib/portal/files", "s3://bucket", "s3://bucket/portal", "memory:///"])
def test_known_addresses(url: str) -> None:
    assert TypeAdapter(FilesUrl).validate_python(url) == url
