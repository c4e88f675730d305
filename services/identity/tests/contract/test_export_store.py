"""What is promised of the store of exports: the fake keeps it as PostgreSQL does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from identity.domain.account import Account
from identity.domain.personal_export import PersonalExport, SealedFile
from identity.usecases.ports import Records
from identity_builders import NOW, an_account

PART, OTHER = SealedFile("s1", b"part"), SealedFile("s1", b"other")


def an_export(account: Account, **changes: Any) -> PersonalExport:
    values = {"id": uuid4(), "account_id": account.id, "asked_at": NOW, "expires_at": NOW + timedelta(days=7)}
    return PersonalExport(**(values | changes))


async def an_owner(records: Records) -> Account:
    account = an_account(str(uuid4())[:8])
    assert await records.accounts.add(account)
    return account


async def test_an_account_has_one_under_way_and_a_finished_one_gives_way(records: Records) -> None:
    account = await an_owner(records)
    first, second = an_export(account), an_export(account)
    assert await records.exports.begin(first)
    assert not await records.exports.begin(second)
    assert await records.exports.of_account(account.id) == first
    assert await records.exports.finish(first.id, NOW, OTHER, 5)
    assert await records.exports.begin(second)
    assert await records.exports.of_account(account.id) == second
    assert await records.exports.file(account.id) is None
    assert await records.exports.find(first.id) is None


async def test_parts_are_kept_once_and_counted_until_the_file_is_there(records: Records) -> None:
    account = await an_owner(records)
    export = an_export(account)
    await records.exports.begin(export)
    for part in (PART, OTHER):
        await records.exports.add_part(export.id, "ticketing", part)
    assert await records.exports.parts(export.id) == {"ticketing": PART}
    found = await records.exports.find(export.id)
    assert found is not None
    assert found.collected == 1
    assert await records.exports.finish(export.id, NOW, OTHER, 5)
    assert not await records.exports.finish(export.id, NOW, PART, 4)
    assert await records.exports.parts(export.id) == {}
    assert await records.exports.file(account.id) == OTHER
    finished = await records.exports.of_account(account.id)
    assert finished is not None
    assert (finished.ready_at, finished.size) == (NOW, 5)


async def test_an_export_that_is_gone_takes_no_part(records: Records) -> None:
    await records.exports.add_part(uuid4(), "ticketing", PART)
    assert not await records.exports.finish(uuid4(), NOW, PART, 4)


async def test_exports_go_with_their_time(records: Records) -> None:
    old, new = an_export(await an_owner(records), expires_at=NOW), an_export(await an_owner(records))
    for export in (old, new):
        await records.exports.begin(export)
    assert await records.exports.delete_expired(NOW) == 1
    assert await records.exports.find(old.id) is None
    assert await records.exports.find(new.id) == new
