"""One contract for what an import asks of the accounts."""

from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import pytest

from chassis.database import Database
from chassis.outbox import Outbox
from identity.adapters.records import records_on
from identity.domain.account import AccountState
from identity.usecases.ports import Records
from identity_builders import Clock, an_account
from identity_fakes import fake_records


class _UndoError(Exception):
    """Rolls a test's transaction back."""


@pytest.fixture(params=["fake", "postgres"])
async def records(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Records]:
    """Records of one transaction, which is rolled back."""
    if request.param == "fake":
        yield fake_records()
        return
    with suppress(_UndoError):
        async with database.transaction() as tx:
            yield records_on(tx, Outbox("identity", Clock(), uuid4))
            raise _UndoError


async def test_what_is_taken_is_told_for_many_at_once(records: Records) -> None:
    anna = an_account("Anna", email="Anna@x.test")
    pending = an_account("berta", email="b@x.test", state=AccountState.UNCONFIRMED)
    for account in (anna, pending):
        assert await records.accounts.add(account)
    assert await records.imports.link("old-1", anna.id)
    taken = await records.imports.taken(
        ["old-1", "OLD-1", "old-2"], ["anna", "berta", "carla"], ["anna@x.test", "b@x.test"]
    )
    assert set(taken.external_ids) == {"old-1"}
    assert set(taken.usernames) == {"anna", "berta"}
    assert set(taken.emails) == {"anna@x.test"}
    nothing = await records.imports.taken([], [], [])
    assert not nothing.external_ids


async def test_an_external_id_is_given_once(records: Records) -> None:
    anna, berta = an_account("anna"), an_account("berta")
    for account in (anna, berta):
        await records.accounts.add(account)
    assert await records.imports.link("old-1", anna.id)
    assert not await records.imports.link("old-1", berta.id)
