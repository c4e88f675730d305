"""What notification holds about a person, and what of it goes."""

from uuid import UUID

from mail_samples import ANNA, EVENT, SUBJECT
from notification.mail_ledger import MailLedger, Occurrence
from notification.notice_store import NoticeStore
from notification.personal_data import HeldByNotification
from notification_fakes import NOW, Clock
from portal_fixtures import DatabaseFactory

BEN = UUID("00000000-0000-4000-8000-000000000be0")
TOLD = Occurrence(EVENT, "kundenportal.ticketing.ticket.opened.v1", NOW, str(SUBJECT))


async def test_a_person_is_told_of_own_mails_and_notices_and_they_go(database_factory: DatabaseFactory) -> None:
    database, ledger, held = await database_factory("notification"), MailLedger(Clock()), HeldByNotification()
    async with database.transaction() as tx:
        for account_id, kind in ((ANNA, "ticket_opened"), (BEN, "ticket_commented")):
            await ledger.open(tx, TOLD, account_id, kind)
            await NoticeStore(Clock()).add(tx, TOLD, account_id, kind, SUBJECT)
        told = await held.export(tx, ANNA)
        assert [mail["letter"] for mail in told["mails"]] == ["ticket_opened"]
        assert [(one["kind"], one["thing_id"], one["read_time"]) for one in told["notices"]] == [
            ("ticket_opened", SUBJECT, None)
        ]
        assert await held.erase(tx, ANNA) == 2
        assert await held.erase(tx, ANNA) == 0
        assert [len(held_still) for held_still in (await held.export(tx, BEN)).values()] == [1, 1]
