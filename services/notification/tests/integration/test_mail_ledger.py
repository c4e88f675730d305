from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from chassis.database import Database
from mail_samples import ANNA, EVENT, SUBJECT
from notification.mail_ledger import MailLedger, MailState, Occurrence, mail_id
from notification.tables import mails
from notification_fakes import NOW, Clock
from portal_fixtures import DatabaseFactory

BEN = UUID("00000000-0000-4000-8000-000000000be0")
OTHER_EVENT = UUID("00000000-0000-4000-8000-000000000e02")
OPENED = "kundenportal.ticketing.ticket.opened.v1"
TOLD = Occurrence(EVENT, OPENED, NOW, str(SUBJECT))
TOLD_LATER = Occurrence(OTHER_EVENT, OPENED, NOW, str(SUBJECT))
ELSEWHERE = Occurrence(OTHER_EVENT, OPENED, NOW, "another ticket")


@pytest.fixture
async def database(database_factory: DatabaseFactory) -> Database:
    return await database_factory("notification")


async def test_a_mail_is_entered_once_per_event_and_recipient(database: Database) -> None:
    ledger = MailLedger(Clock())
    async with database.transaction() as tx:
        assert await ledger.open(tx, TOLD, ANNA, "ticket_opened")
        assert not await ledger.open(tx, TOLD, ANNA, "ticket_opened")
        assert await ledger.open(tx, TOLD, BEN, "ticket_opened")
        assert await ledger.open(tx, TOLD_LATER, ANNA, "ticket_opened")


async def test_a_mail_is_settled_once(database: Database) -> None:
    ledger, this = MailLedger(Clock()), mail_id(EVENT, ANNA)
    async with database.transaction() as tx:
        await ledger.open(tx, TOLD, ANNA, "ticket_opened")
        await ledger.postpone(tx, this, "450")
        assert await ledger.close(tx, this, MailState.SENT)
        assert not await ledger.close(tx, this, MailState.FAILED, "550")
        mail = await ledger.find(tx, this)
    assert mail is not None
    assert (mail.state, mail.state_reason, mail.attempts) == (MailState.SENT, "", 2)


async def test_an_event_told_to_nobody_is_entered_without_an_account(database: Database) -> None:
    ledger = MailLedger(Clock())
    async with database.transaction() as tx:
        for _ in range(2):
            await ledger.suppress_event(tx, TOLD, "", "nobody")
        assert await ledger.find(tx, mail_id(EVENT, None)) is None
        (row,) = await tx.execute(select(mails))
    assert (row.account_id, row.state, row.state_reason, row.attempts) == (None, "suppressed", "nobody", 0)


async def test_a_later_mail_about_the_same_to_the_same_waits(database: Database) -> None:
    clock = Clock()
    ledger, first, second = MailLedger(clock), mail_id(EVENT, ANNA), mail_id(OTHER_EVENT, ANNA)
    async with database.transaction() as tx:
        await ledger.open(tx, TOLD, ANNA, "ticket_opened")
        clock.pass_by(timedelta(seconds=1))
        await ledger.open(tx, TOLD_LATER, ANNA, "ticket_opened")
        await ledger.open(tx, TOLD_LATER, BEN, "ticket_opened")
        assert await ledger.waits(tx, second)
        assert not await ledger.waits(tx, mail_id(OTHER_EVENT, BEN))
        await ledger.close(tx, first, MailState.SENT)
        assert not await ledger.waits(tx, second)


async def test_mails_about_something_else_do_not_wait(database: Database) -> None:
    ledger = MailLedger(Clock())
    async with database.transaction() as tx:
        await ledger.open(tx, TOLD, ANNA, "ticket_opened")
        await ledger.open(tx, ELSEWHERE, ANNA, "ticket_opened")
        assert not await ledger.waits(tx, mail_id(OTHER_EVENT, ANNA))


def test_the_ledger_has_no_place_for_an_address_or_a_text() -> None:
    assert mails.columns.keys() == [
        *("id", "event_id", "event_type", "event_time", "subject", "account_id", "letter"),
        *("state", "state_reason", "attempts", "create_time", "update_time"),
    ]
