"""Out and in, each in the transaction of its effect."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from kundenportal.events.v1.event_detail_service_pb2 import EventDetail
from kundenportal.identity.events.v1.events_pb2 import AccountChanged
from sqlalchemy import text

from chassis.database import Database, Transaction
from chassis.inbox import Inbox
from chassis.messaging import Event
from chassis.outbox import event_type
from chassis.request_context import request_id
from plumbing_samples import CHANGED, an_outbox, count, emit, emit_and_commit


@pytest.fixture
async def database(database_factory: Callable[[str], Awaitable[Database]]) -> Database:
    return await database_factory("sample_service")


async def test_an_event_is_there_only_if_its_transaction_commits(database: Database) -> None:
    with pytest.raises(RuntimeError):  # noqa: PT012 - the block is the transaction
        async with database.transaction() as tx:
            await emit(tx, uuid4())
            raise RuntimeError
    assert await count(database, "outbox") == 0


async def test_sequences_have_no_gaps_even_when_some_roll_back(database: Database) -> None:
    subject = uuid4()

    async def add(number: int) -> None:
        async with database.transaction() as tx:
            await emit(tx, subject)
            if number % 3 == 0:
                raise RuntimeError

    await asyncio.gather(*(add(number) for number in range(12)), return_exceptions=True)
    ids = await emit_and_commit(database, subject)
    async with database.transaction() as tx:
        assert [event.sequence for event in await an_outbox().find(tx, ids)] == [9]
    assert await count(database, "outbox", "sequence > 9 OR sequence < 1") == 0


async def test_many_at_once_may_be_urgent_and_each_subject_counts_for_itself(database: Database) -> None:
    first, second = sorted([uuid4(), uuid4()])
    await emit_and_commit(database, first)
    changed = {one: AccountChanged(account_id=str(one)) for one in (second, first)}
    async with database.transaction() as tx:
        await an_outbox().add_all(tx, changed, urgent=True)
        await an_outbox().add_all(tx, {})
        rows = await tx.execute(text("SELECT subject, sequence, urgent FROM outbox ORDER BY position"))
        assert [tuple(row) for row in rows] == [(first, 1, False), (first, 2, True), (second, 1, True)]


async def test_events_are_found_again_in_the_order_asked(database: Database) -> None:
    first, second = await emit_and_commit(database, uuid4(), uuid4())
    async with database.transaction() as tx:
        found = await an_outbox().find(tx, [second, uuid4(), first])
    assert [event.id for event in found] == [second, first]
    assert found[0].type == CHANGED
    assert found[0].source == "urn:kundenportal:identity"
    assert found[0].payload(AccountChanged).account_id == found[0].subject


async def test_events_of_many_subjects_are_emitted_at_once_in_the_order_of_each(database: Database) -> None:
    subjects = [uuid4() for _ in range(3)]
    for many in (subjects, subjects[:1], []):
        async with database.transaction() as tx:
            await an_outbox().add_all(tx, {one: AccountChanged(account_id=str(one)) for one in many})
    assert await count(database, "outbox", f"subject = '{subjects[0]}' AND sequence IN (1, 2) AND NOT urgent") == 2
    assert await count(database, "outbox", f"type = '{CHANGED}' AND data ->> 'accountId' = subject::text") == 4


def test_a_message_that_is_no_event_cannot_be_emitted() -> None:
    with pytest.raises(TypeError, match="EventDetail"):
        event_type(EventDetail())


async def an_event(database: Database) -> Event:
    (event_id,) = await emit_and_commit(database, uuid4())
    async with database.transaction() as tx:
        return (await an_outbox().find(tx, [event_id]))[0]


async def effect(tx: Transaction, event: Event) -> None:
    await emit(tx, UUID(int=1))


async def test_an_event_that_comes_twice_has_its_effect_once(database: Database) -> None:
    event = await an_event(database)
    inbox = Inbox(database, "mails", {CHANGED: effect})
    await asyncio.gather(*(inbox.receive(event) for _ in range(5)))
    await Inbox(database, "notices", {CHANGED: effect}).receive(event)
    assert await count(database, "outbox", f"subject = '{UUID(int=1)}'") == 2


async def test_an_effect_is_logged_under_its_event(database: Database) -> None:
    event = await an_event(database)
    seen: list[str] = []

    async def note(_tx: Transaction, _event: Event) -> None:
        seen.append(request_id.get())

    await Inbox(database, "mails", {CHANGED: note}).receive(event)
    assert seen == [event.id.hex]


async def test_a_failed_effect_leaves_the_event_unseen(database: Database) -> None:
    event = await an_event(database)
    failures = [RuntimeError()]

    async def handle(tx: Transaction, event: Event) -> None:
        await effect(tx, event)
        if failures:
            raise failures.pop()

    inbox = Inbox(database, "mails", {CHANGED: handle})
    with pytest.raises(RuntimeError):
        await inbox.receive(event)
    await inbox.receive(event)
    assert await count(database, "outbox", f"subject = '{UUID(int=1)}'") == 1


async def test_a_type_without_a_handler_is_let_pass(database: Database) -> None:
    await Inbox(database, "mails", {}).receive(await an_event(database))
    assert await count(database, "inbox") == 0
