"""One suite for the fake and the real store of files that staff hand in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.testing_edges import START
from customer_link.domain.customer_import import CustomerImportFile, ImportKind, ImportPhase
from customer_link.usecases.import_lines import BadLine, FileLine
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND

DAY = timedelta(days=1)
COLUMNS = ["organisation", "email"]
LINES = [
    FileLine(2, {"organisation": "Neu", "email": ""}, cells=("Neu", "")),
    FileLine(3, {}, "columns_differ", ("zu", "viele", "Zellen")),
    FileLine(4, {"organisation": "Süd", "email": "a@b.at"}, cells=("Süd", "a@b.at")),
]
BAD = [BadLine(3, "", "columns_differ")]


def a_file(**changes: Any) -> CustomerImportFile:
    file = CustomerImportFile(
        id=uuid4(), kind=ImportKind.CUSTOMERS, name="x.csv", columns=COLUMNS, created_by=ANNA, created_at=START
    )
    return replace(file, **changes)


async def kept(records: Records, **changes: Any) -> CustomerImportFile:
    """A file of three lines."""
    file = a_file(**changes)
    await records.import_files.add(file)
    await records.import_files.add_lines(file.id, 0, LINES)
    await records.import_files.count(file.id, 3)
    return replace(file, lines=3)


async def now(records: Records, import_id: UUID) -> CustomerImportFile:
    found = await records.import_files.lock(import_id)
    assert found is not None
    assert await records.import_files.get(import_id) == found
    return found


async def test_a_file_is_kept_with_its_lines(records: Records) -> None:
    file = await kept(records)
    assert await now(records, file.id) == file
    assert await records.import_files.lines(file.id, 0) == (LINES, [])
    assert await records.import_files.lines(file.id, 3) == ([], [])
    assert await records.import_files.get(uuid4()) is None
    assert await records.import_files.lock(uuid4()) is None


async def test_bad_lines_are_found_part_by_part(records: Records) -> None:
    file = await kept(records)
    await records.import_files.add_lines(file.id, 3, [replace(LINES[0], line=5)])
    assert await records.import_files.bad_lines(file.id, -1) is None
    await records.import_files.note(file.id, 0, BAD)
    await records.import_files.note(file.id, 3, [BadLine(5, "email", "missing"), BadLine(5, "", "known")])
    assert await records.import_files.bad_lines(file.id, -1) == (0, LINES, BAD)
    later = await records.import_files.bad_lines(file.id, 0)
    assert later is not None
    assert (later[0], later[2]) == (3, [BadLine(5, "email", "missing"), BadLine(5, "", "known")])
    assert await records.import_files.bad_lines(file.id, 3) is None
    every = [*BAD, BadLine(5, "email", "missing"), BadLine(5, "", "known")]
    assert await records.import_files.first_bad(file.id, 9) == every
    assert await records.import_files.first_bad(file.id, 2) == every[:2]
    assert await records.import_files.first_bad(uuid4(), 9) == []


async def test_good_lines_are_erased_and_bad_ones_stay(records: Records) -> None:
    file = await kept(records)
    await records.import_files.keep_only_bad(file.id, 0, BAD)
    assert await records.import_files.lines(file.id, 0) == ([LINES[1]], BAD)
    await records.import_files.keep_only_bad(file.id, 0, [])
    assert await records.import_files.lines(file.id, 0) == ([], [])
    assert not (await now(records, file.id)).has_lines


async def test_an_import_begins_once_and_only_of_what_was_looked_through(records: Records) -> None:
    file = await kept(records)
    await records.import_files.progress(file.id, 3, {"customers": 2, "refused": 1})
    assert not await records.import_files.begin_import(file.id, BERND)
    assert await records.import_files.finish(file.id, ImportPhase.CHECKED, START)
    checked = replace(file, phase=ImportPhase.CHECKED, done=3, counts={"customers": 2, "refused": 1}, finished_at=START)
    assert await now(records, file.id) == checked
    assert [await records.import_files.begin_import(file.id, BERND) for _ in range(2)] == [True, False]
    begun = replace(checked, phase=ImportPhase.IMPORTING, done=0, counts={"refused": 1}, imported_by=BERND)
    assert await now(records, file.id) == begun
    assert not await records.import_files.finish(file.id, ImportPhase.DROPPED, START + DAY)
    assert await records.import_files.finish(file.id, ImportPhase.DONE, START + DAY)
    assert await now(records, file.id) == replace(begun, phase=ImportPhase.DONE, finished_at=START + DAY)
    assert not await records.import_files.begin_import(uuid4(), BERND)


async def test_what_is_put_aside_has_no_lines_any_more(records: Records) -> None:
    file = await kept(records)
    assert await records.import_files.finish(file.id, ImportPhase.DROPPED, START)
    found = await now(records, file.id)
    assert (found.phase, found.has_lines) == (ImportPhase.DROPPED, False)


async def test_old_lines_are_erased_and_old_files_forgotten(records: Records) -> None:
    old, done, fresh = await kept(records), await kept(records), await kept(records, created_at=START + 2 * DAY)
    await records.import_files.finish(done.id, ImportPhase.CHECKED, START)
    await records.import_files.begin_import(done.id, ANNA)
    await records.import_files.finish(done.id, ImportPhase.DONE, START)
    assert await records.import_files.erase_lines(START + DAY) == 2
    assert await records.import_files.erase_lines(START + DAY) == 0
    phases = {one.id: (one.phase, one.has_lines) for one in await records.import_files.recent(9)}
    assert phases == {
        old.id: (ImportPhase.DROPPED, False),
        done.id: (ImportPhase.DONE, False),
        fresh.id: (ImportPhase.CHECKING, True),
    }
    assert [one.id for one in await records.import_files.recent(1)] == [fresh.id]
    assert await records.import_files.forget(START + DAY) == 2
    assert await records.import_files.get(old.id) is None
