"""From an event in the inbox to mails: a real database and real jobs, neighbours and mail server as fakes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.errors import DomainError
from chassis.jobs import Jobs
from mail_samples import ANNA, CHALLENGE, LINK, SAMPLES, SECRET_PATH
from notification.delivery import GIVE_UP_AFTER
from notification.happenings import Concerned, Reach
from notification.post import MailDelayed, PostAway
from notification.send_mail import SEND_MAIL
from notification.tell_event import TELL_EVENT
from notification_fakes import a_person
from notification_world import BEN, World
from portal_fixtures import DatabaseFactory

OPENED = "kundenportal.ticketing.ticket.opened.v1"
COMMENTED = "kundenportal.ticketing.ticket.commented.v1"
ISSUED = "kundenportal.identity.challenge.issued.v1"


SELF = Concerned(ANNA, "self")
REPORTER, COLLEAGUE = Concerned(ANNA, "reporter"), Concerned(BEN, "colleague")


@pytest.fixture
async def world(database_factory: DatabaseFactory) -> World:
    return World(await database_factory("notification"))


async def test_an_event_becomes_a_job_and_nothing_else(world: World) -> None:
    event = await world.happens(OPENED, REPORTER, letter="ticket_opened")
    await world.inbox.receive(event)
    ((name, payload, lock),) = await world.jobs()
    assert name == TELL_EVENT
    own = {name for name in payload if not name.startswith("_")}  # the others are the queue's
    assert own == {"event_id", "event_type", "event_time", "subject", "thing_id"}
    assert lock == f"{TELL_EVENT}:{event.subject}"
    assert await world.ledger() == {}


async def test_everybody_concerned_is_told_once_in_their_language(world: World) -> None:
    event = await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
    await world.work()
    (to_anna,), (to_ben,) = world.post.to("anna@example.org"), world.post.to("ben@example.org")
    assert (to_anna["Content-Language"], to_ben["Content-Language"]) == ("de", "en")
    assert await world.ledger() == {ANNA: ("sent", ""), BEN: ("sent", "")}
    assert await world.emitted() == ["kundenportal.notification.mail.sent.v1"] * 2
    await world.inbox.receive(event)
    await world.work()
    assert len(world.post.sent) == 2


async def test_the_job_done_twice_sends_nothing_twice(world: World) -> None:
    await world.happens(OPENED, REPORTER, letter="ticket_opened")
    ((_, payload, _lock),) = await world.jobs()
    for _ in range(2):
        await world.handlers[TELL_EVENT](payload)
    assert len(world.post.sent) == 1
    assert await world.emitted() == ["kundenportal.notification.mail.sent.v1"]


@pytest.mark.parametrize("away", ["emitter", "identity"])
async def test_a_neighbour_that_is_away_keeps_the_job_waiting(world: World, away: str) -> None:
    await world.happens(ISSUED, SELF, letter="confirm_registration")
    getattr(world, away).away = True
    for _ in range(5):
        (error,) = await world.work()
        assert isinstance(error, DomainError)
    assert not world.post.sent
    getattr(world, away).away = False
    assert await world.work() == []
    assert await world.ledger() == {ANNA: ("sent", "")}


async def test_a_mail_server_that_is_away_keeps_every_mail_waiting(world: World) -> None:
    world.post.away = True
    await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
    assert await world.work() == []
    assert [name for name, _, _ in await world.jobs()] == [SEND_MAIL, SEND_MAIL]
    assert [type(error) for error in await world.work()] == [PostAway, PostAway]
    world.post.away = False
    assert await world.work() == []
    assert await world.ledger() == {ANNA: ("sent", ""), BEN: ("sent", "")}


async def test_one_full_mailbox_holds_up_nobody_else(world: World) -> None:
    world.post.codes["anna@example.org"] = 452
    await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
    await world.work()
    assert await world.ledger() == {ANNA: ("pending", "452"), BEN: ("sent", "")}
    (error,) = await world.work()
    assert isinstance(error, MailDelayed)
    world.post.codes.clear()
    await world.work()
    assert await world.ledger() == {ANNA: ("sent", ""), BEN: ("sent", "")}


async def test_mails_about_one_thing_to_one_person_keep_their_order(world: World) -> None:
    world.post.codes["anna@example.org"] = 452
    first = await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
    await world.work()
    world.post.codes.clear()
    await world.happens(COMMENTED, REPORTER, COLLEAGUE, letter="ticket_commented", subject=first.subject)
    ((_, _, first_lock), (name, later, _)) = await world.jobs()
    assert name == TELL_EVENT
    await world.handlers[TELL_EVENT](later)
    assert world.post.to("anna@example.org") == []
    assert len(world.post.to("ben@example.org")) == 2
    assert [lock for name, _, lock in await world.jobs() if name == SEND_MAIL] == [first_lock, first_lock]
    await world.work()
    subjects = [message["Subject"] for message in world.post.to("anna@example.org")]
    assert ["erhalten" in subjects[0], "Kommentar" in subjects[1], len(subjects)] == [True, True, 2]


async def test_a_refused_mail_is_failed_and_told_to_the_bus(world: World) -> None:
    world.post.codes["anna@example.org"] = 550
    await world.happens(OPENED, REPORTER, letter="ticket_opened")
    assert await world.work() == []
    assert await world.jobs() == []
    assert await world.ledger() == {ANNA: ("failed", "550")}
    assert await world.emitted() == ["kundenportal.notification.mail.failed.v1"]


async def test_later_for_five_days_is_never(world: World) -> None:
    world.post.codes["anna@example.org"] = 450
    await world.happens(OPENED, REPORTER, letter="ticket_opened")
    await world.work()
    world.clock.pass_by(GIVE_UP_AFTER - timedelta(minutes=1))
    assert len(await world.work()) == 1
    world.clock.pass_by(timedelta(minutes=1))
    assert await world.work() == []
    assert await world.ledger() == {ANNA: ("failed", "450")}


async def test_a_mail_server_that_is_away_for_weeks_loses_nothing(world: World) -> None:
    world.post.away = True
    await world.happens(OPENED, REPORTER, letter="ticket_opened")
    await world.work()
    world.clock.pass_by(timedelta(weeks=3))
    assert len(await world.work()) == 1
    world.post.away = False
    await world.work()
    assert await world.ledger() == {ANNA: ("sent", "")}


async def test_a_challenge_that_is_closed_is_obsolete(world: World) -> None:
    del world.identity.links[CHALLENGE]
    await world.happens(ISSUED, SELF, letter="reset_password")
    await world.work()
    assert await world.ledger() == {ANNA: ("suppressed", "obsolete")}
    assert not world.post.sent


async def test_a_challenge_that_closes_while_the_mail_waits_is_obsolete(world: World) -> None:
    world.post.away = True
    await world.happens(ISSUED, SELF, letter="reset_password")
    await world.work()
    world.post.away = False
    del world.identity.links[CHALLENGE]
    await world.work()
    assert await world.ledger() == {ANNA: ("suppressed", "obsolete")}
    assert not world.post.sent


async def test_a_link_goes_to_the_address_that_it_is_about(world: World) -> None:
    world.identity.links[CHALLENGE] = replace(LINK, email="neu@example.org")
    await world.happens(ISSUED, SELF, letter="confirm_email")
    await world.work()
    assert [recipient for recipient, _ in world.post.sent] == ["neu@example.org"]
    assert await world.ledger() == {ANNA: ("sent", "")}


async def test_a_challenge_for_nobody_is_told_to_nobody(world: World) -> None:
    event = await world.happens(ISSUED)
    world.emitter.knows(event.id, ISSUED, {"purpose": "nothing"})
    await world.work()
    assert await world.ledger() == {None: ("suppressed", "nobody")}


@pytest.mark.parametrize(
    ("reach", "letter", "state"),
    [
        (Reach.UNCONFIRMED, "confirm_registration", ("sent", "")),
        (Reach.UNCONFIRMED, "password_changed", ("suppressed", "unconfirmed")),
        (Reach.CLOSED, "reset_password", ("suppressed", "closed")),
        (Reach.CLOSED, "link_created", ("suppressed", "closed")),
        (Reach.CLOSED, "security_changed", ("sent", "")),
    ],
)
async def test_who_may_be_written_to(world: World, reach: Reach, letter: str, state: tuple[str, str]) -> None:
    world.identity.knows(a_person(ANNA, reach=reach))
    await world.happens(SAMPLES[letter].event_type, SELF, letter=letter)
    await world.work()
    assert await world.ledger() == {ANNA: state}


async def test_an_erased_account_is_not_written_to(world: World) -> None:
    world.identity.known.clear()
    await world.happens(OPENED, REPORTER, letter="ticket_opened")
    await world.work()
    assert await world.ledger() == {ANNA: ("suppressed", "erased")}


async def test_whoever_lost_the_right_while_the_mail_waited_is_not_told(world: World) -> None:
    world.post.away = True
    event = await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
    await world.work()
    world.emitter.knows(event.id, OPENED, SAMPLES["ticket_opened"].facts, REPORTER)
    world.post.away = False
    await world.work()
    assert await world.ledger() == {ANNA: ("sent", ""), BEN: ("suppressed", "not_entitled")}


async def test_what_the_emitter_suppresses_is_not_told_and_the_reason_is_kept(world: World) -> None:
    await world.happens(OPENED, suppressed="confidential")
    await world.work()
    assert await world.ledger() == {None: ("suppressed", "confidential")}


async def test_an_event_that_the_emitter_does_not_know_is_not_told(world: World) -> None:
    await world.happens(OPENED, letter="ticket_opened")
    world.emitter.happenings.clear()
    await world.work()
    assert await world.ledger() == {None: ("suppressed", "unknown")}


async def test_a_job_that_was_cut_off_after_the_ledger_is_taken_up(world: World) -> None:
    await world.happens(OPENED, REPORTER, letter="ticket_opened")
    ((_, payload, _lock),) = await world.jobs()
    world.post.cuts_off = True
    with pytest.raises(asyncio.CancelledError):
        await world.handlers[TELL_EVENT](payload)
    world.post.cuts_off = False
    await world.work()
    await world.work()
    assert await world.ledger() == {ANNA: ("sent", "")}
    assert len(world.post.sent) == 1


async def test_no_table_holds_a_secret_an_address_or_a_word_of_the_mail(world: World) -> None:
    world.post.codes["anna@example.org"] = 452
    await world.happens(ISSUED, SELF, letter="confirm_registration")
    await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
    await world.work()
    async with world.database.transaction() as tx:
        tables = (await tx.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))).all()
        stored = ""
        for table in tables:
            stored += str(await tx.scalar(text(f"SELECT json_agg(held) FROM {table} AS held")))
    for secret in (SECRET_PATH, "example.org", "Rechnung doppelt", "Die Rechnung kam", "Berger"):
        assert secret not in stored
    assert str(ANNA) in stored


@asynccontextmanager
async def running(jobs: Jobs) -> AsyncIterator[None]:
    await jobs.start()
    try:
        yield
    finally:
        await jobs.stop()


async def until(met: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not met():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_the_queue_itself_sends_at_once_and_again_until_it_succeeds(world: World) -> None:
    world.post.codes["anna@example.org"] = 452
    async with running(Jobs(str(world.database.url), world.handlers)):
        await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
        await until(lambda: len(world.post.sent) == 1)
        world.post.codes.clear()
        await until(lambda: len(world.post.sent) == 2)
    assert await world.ledger() == {ANNA: ("sent", ""), BEN: ("sent", "")}


DECIDED = "kundenportal.customer_link.request.decided.v1"


async def test_everybody_concerned_finds_it_beside_the_bell_once(world: World) -> None:
    thing = uuid4()
    event = await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened", data={"ticketId": str(thing)})
    ((_, payload, _lock),) = await world.jobs()
    for _ in range(2):
        await world.handlers[TELL_EVENT](payload)
    await world.inbox.receive(event)
    await world.work()
    assert await world.noted() == {ANNA: [("ticket_received", thing)], BEN: [("ticket_opened", thing)]}


async def test_who_asked_and_whose_link_ended_are_told_each_in_their_way(world: World) -> None:
    concerned = (SELF, Concerned(BEN, "holder"))
    event = await world.happens(DECIDED, *concerned, data={"requestId": str(CHALLENGE)})
    facts = {**SAMPLES["request_decided"].facts, "outcome": "transferred"}
    world.emitter.knows(event.id, DECIDED, facts, *concerned)
    await world.work()
    assert await world.noted() == {ANNA: [("request_granted", CHALLENGE)], BEN: [("link_ended", CHALLENGE)]}


@pytest.mark.parametrize("reach", [Reach.UNCONFIRMED, Reach.CONFIRMED])
async def test_whom_no_mail_reaches_finds_it_all_the_same(world: World, reach: Reach) -> None:
    world.identity.knows(a_person(ANNA, reach=reach, email="no address"))
    await world.happens(OPENED, REPORTER, letter="ticket_opened")
    await world.work()
    assert ANNA in await world.noted()
    assert not world.post.sent


async def test_a_closed_or_erased_account_is_left_nothing(world: World) -> None:
    world.identity.knows(a_person(ANNA, reach=Reach.CLOSED))
    del world.identity.known[BEN]
    await world.happens(OPENED, REPORTER, COLLEAGUE, letter="ticket_opened")
    await world.work()
    assert await world.noted() == {}


async def test_links_with_a_secret_make_no_notice(world: World) -> None:
    await world.happens(ISSUED, SELF, letter="reset_password")
    await world.work()
    assert await world.noted() == {}
