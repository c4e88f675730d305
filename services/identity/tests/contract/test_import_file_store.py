"""One contract for the files of accounts that staff hand in."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from chassis.database import Database
from chassis.outbox import Outbox
from identity.adapters.import_file_store import PostgresImportFileStore
from identity.adapters.records import records_on
from identity.domain.stored_import import ImportPhase, StoredImport
from identity.usecases.import_ports import ImportFileStore
from identity_builders import NOW, Clock, an_account
from identity_import_fakes import FakeImportFileStore

ADMIN = an_account("admin", roles=frozenset({"admin"}))


class _UndoError(Exception):
    """Rolls a test's transaction back."""


@pytest.fixture(params=["fake", "postgres"])
async def files(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[ImportFileStore]:
    """Files of one transaction, which is rolled back."""
    if request.param == "fake":
        yield FakeImportFileStore()
        return
    with suppress(_UndoError):
        async with database.transaction() as tx:
            await records_on(tx, Outbox("identity", Clock(), uuid4)).accounts.add(ADMIN)
            yield PostgresImportFileStore(tx)
            raise _UndoError


def a_file(**changes: object) -> StoredImport:
    stored = StoredImport(
        id=uuid4(),
        staff_id=ADMIN.id,
        created_at=NOW,
        phase=ImportPhase.CHECKING,
        lines=3,
        key_id="s1",
        sealed=b"sealed",
    )
    return replace(stored, **changes)  # type: ignore[arg-type]


async def now(files: ImportFileStore, import_id: UUID) -> StoredImport:
    found = await files.get(import_id)
    assert found is not None
    return found


async def test_a_file_is_kept_as_it_was_handed_in(files: ImportFileStore) -> None:
    stored = a_file()
    await files.add(stored)
    assert await files.get(stored.id) == stored
    assert await files.get(uuid4()) is None


async def test_progress_is_noted_of_one_file(files: ImportFileStore) -> None:
    stored, other = a_file(), a_file()
    await files.add(stored)
    await files.add(other)
    await files.progress(stored.id, 2, {"active": 2, "bad": [{"line": 2}]})
    assert await files.get(stored.id) == replace(stored, done=2, report={"active": 2, "bad": [{"line": 2}]})
    assert await files.get(other.id) == other
    await files.progress(uuid4(), 1, {})


async def test_an_import_begins_once_when_checked_and_for_its_owner(files: ImportFileStore) -> None:
    stored = a_file()
    await files.add(stored)
    assert not await files.begin_import(stored.id, ADMIN.id, notify=True)
    await files.progress(stored.id, 3, {"active": 3})
    await files.finish(stored.id, ImportPhase.CHECKED)
    assert not await files.begin_import(stored.id, uuid4(), notify=True)
    assert not await files.begin_import(uuid4(), ADMIN.id, notify=True)
    assert await files.begin_import(stored.id, ADMIN.id, notify=True)
    assert await files.get(stored.id) == replace(stored, phase=ImportPhase.IMPORTING, notify=True)
    assert not await files.begin_import(stored.id, ADMIN.id, notify=True)


async def test_the_content_goes_with_the_last_phase_and_not_before(files: ImportFileStore) -> None:
    stored = a_file()
    await files.add(stored)
    await files.finish(stored.id, ImportPhase.CHECKED)
    assert (await now(files, stored.id)).sealed == b"sealed"
    await files.finish(stored.id, ImportPhase.DONE)
    assert await files.get(stored.id) == replace(stored, phase=ImportPhase.DONE, sealed=None)


async def test_old_files_are_deleted_and_counted(files: ImportFileStore) -> None:
    old, fresh = a_file(created_at=NOW - timedelta(days=2)), a_file()
    for stored in (old, fresh):
        await files.add(stored)
    assert await files.delete_older(NOW - timedelta(days=1)) == 1
    assert await files.get(old.id) is None
    assert await files.get(fresh.id) == fresh
