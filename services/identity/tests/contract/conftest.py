"""Records of both kinds: in memory and in PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import uuid4

import pytest

from chassis.database import Database
from chassis.outbox import Outbox
from identity.adapters.records import records_on
from identity.usecases.ports import Records
from identity_builders import Clock
from identity_fakes import fake_records


@pytest.fixture(params=["fake", "postgres"])
async def records(request: pytest.FixtureRequest, database: Database) -> AsyncIterator[Records]:
    """Records of one transaction, which is rolled back."""
    if request.param == "fake":
        yield fake_records()
        return
    outbox = Outbox("identity", Clock(), uuid4)
    with suppress(_UndoError):
        async with database.transaction() as tx:
            yield records_on(tx, outbox)
            raise _UndoError


class _UndoError(Exception):
    """Rolls a test's transaction back."""
