"""Notices on a real database: one per event and account, in pages, read once, gone after 90 days, over replicas too."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from chassis.database import Database
from mail_samples import ANNA, EVENT, SUBJECT
from notification.forget_notices import ForgetNotices
from notification.mail_ledger import Occurrence
from notification.notice_store import KEPT, MOST_COUNTED, NoticeStore, Place
from notification.tables import notices
from notification_fakes import NOW, Clock
from portal_fixtures import DatabaseFactory

BEN = UUID("00000000-0000-4000-8000-000000000be0")
OPENED = "kundenportal.ticketing.ticket.opened.v1"
TOLD = Occurrence(EVENT, OPENED, NOW, str(SUBJECT))


@pytest.fixture
async def database(database_factory: DatabaseFactory) -> Database:
    return await database_factory("notification")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> NoticeStore:
    return NoticeStore(clock)


async def add(database: Database, store: NoticeStore, count: int, account_id: UUID = ANNA) -> None:
    async with database.transaction() as tx:
        for number in range(count):
            at = NOW + timedelta(minutes=number // 2)  # two of each moment
            assert await store.add(tx, Occurrence(uuid4(), OPENED, at, "x"), account_id, "ticket_opened", SUBJECT)


async def test_an_event_makes_one_notice_per_account_however_often_and_wherever_it_is_told(
    database: Database, store: NoticeStore
) -> None:
    async def told(replica: Database, account_id: UUID) -> bool:
        async with replica.transaction() as tx:
            return await store.add(tx, TOLD, account_id, "ticket_opened", SUBJECT)

    other = Database(str(database.url))
    try:
        made = await asyncio.gather(*(told(replica, who) for who in (ANNA, BEN) for replica in (database, other) * 5))
    finally:
        await other.close()
    assert sum(made) == 2
    async with database.transaction() as tx:
        assert (await tx.execute(select(func.count()).select_from(notices))).scalar_one() == 2


async def test_pages_follow_one_another_newest_first_and_none_is_missed(database: Database, store: NoticeStore) -> None:
    await add(database, store, 7)
    await add(database, store, 3, BEN)
    found, before = [], None
    async with database.transaction() as tx:
        while page := await store.page(tx, ANNA, limit=3, before=before):
            found += page
            before = Place(page[-1].event_time, page[-1].id)
    assert len({notice.id for notice in found}) == len(found) == 7
    assert [notice.event_time for notice in found] == sorted((one.event_time for one in found), reverse=True)


async def test_one_is_read_once_and_by_its_owner_alone(database: Database, store: NoticeStore, clock: Clock) -> None:
    await add(database, store, 1)
    async with database.transaction() as tx:
        (notice,) = await store.page(tx, ANNA, limit=5)
        assert await store.read(tx, BEN, notice.id) is None
        assert await store.unread(tx, ANNA) == 1
        first = await store.read(tx, ANNA, notice.id)
        clock.pass_by(timedelta(hours=1))
        again = await store.read(tx, ANNA, notice.id)
        assert first == again
        assert first is not None
        assert first.read_time == NOW
        assert await store.unread(tx, ANNA) == 0
        assert await store.page(tx, ANNA, limit=5, unread=True) == []


async def test_all_are_read_but_what_came_since_and_others(
    database: Database, store: NoticeStore, clock: Clock
) -> None:
    await add(database, store, 3)
    await add(database, store, 1, BEN)
    seen = clock()
    clock.pass_by(timedelta(seconds=1))
    await add(database, store, 1)
    async with database.transaction() as tx:
        assert await store.read_all(tx, ANNA, seen) == 3
        assert (await store.unread(tx, ANNA), await store.unread(tx, BEN)) == (1, 1)


async def test_unread_ones_are_counted_up_to_a_hundred(database: Database, store: NoticeStore) -> None:
    await add(database, store, MOST_COUNTED + 5)
    async with database.transaction() as tx:
        assert await store.unread(tx, ANNA) == MOST_COUNTED


async def test_after_ninety_days_they_go(database: Database, store: NoticeStore, clock: Clock) -> None:
    await add(database, store, 1)
    forget = ForgetNotices(database, store)
    clock.pass_by(KEPT)
    await forget({})
    async with database.transaction() as tx:
        assert len(await store.page(tx, ANNA, limit=5)) == 1
    clock.pass_by(timedelta(seconds=1))
    await forget({})
    async with database.transaction() as tx:
        assert await store.page(tx, ANNA, limit=5) == []


def test_a_notice_has_no_place_for_a_name_or_a_text() -> None:
    assert notices.columns.keys() == [
        *("id", "account_id", "kind", "event_id", "thing_id", "event_time", "create_time", "read_time")
    ]
