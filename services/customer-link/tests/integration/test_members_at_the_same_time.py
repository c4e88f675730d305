"""Members and invitations on PostgreSQL: the state machine, and what must hold when two do it at once (ADR 0018)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.errors import DomainError
from chassis.outbox import Outbox
from chassis.testing import FakeClock
from chassis.testing_edges import START
from customer_link.adapters.records import records_on
from customer_link.domain.invitation import Invitation, InvitationState, Purpose
from customer_link.usecases.answer_invitation import accept_invitation
from customer_link.usecases.end_access import end_access, end_due_access, successor_missing, withdraw_invitation
from customer_link.usecases.invite_member import Invite, invite_member
from customer_link.usecases.name_administrator import may_give_back, name_administrator
from customer_link.usecases.ports import Records
from customer_link.usecases.unlink_customer import unlink_customer
from customer_link_builders import ANNA, BERND, CLARA, GASTHAUS, INN, a_link, an_invitation, stock
from member_life import ACTS, MemberLife

CLOCK = FakeClock()
ROUNDS = 10
Act = Callable[[Records], Awaitable[object]]
MakeDatabase = Callable[[str], Awaitable[Database]]


def on(tx: object) -> Records:
    return records_on(tx, outbox=Outbox("customer-link", CLOCK, uuid4))  # type: ignore[arg-type]


async def do(database: Database, act: Act) -> str:
    """Does it in a transaction of its own; how it went."""
    try:
        async with database.transaction() as tx:
            await act(on(tx))
    except DomainError as error:
        return error.code
    return "done"


async def at_once(database: Database, *acts: Act) -> list[str]:
    return await asyncio.gather(*(do(database, act) for act in acts))


async def count(database: Database, what: str) -> int:
    async with database.transaction() as tx:
        return int(await tx.scalar(text(f"SELECT count(*) FROM {what}")) or 0)


async def told(database: Database, event: str) -> int:
    return await count(database, f"outbox WHERE type LIKE '%{event}.v1'")


async def belongs(database: Database, account_id: UUID, *, administers: bool = False) -> Invitation:
    """Somebody who accepted an invitation."""
    invitation = an_invitation(f"{account_id}@example.com", account_id=account_id)
    async with database.transaction() as tx:
        records = on(tx)
        await records.invitations.add(invitation)
        await records.invitations.change(invitation, InvitationState.ACCEPTED, START)
        if administers:
            await records.members.name(GASTHAUS.id, account_id, ANNA, START)
    return invitation


async def administrators(database: Database) -> Sequence[UUID]:
    async with database.transaction() as tx:
        return [one.account_id for one in await on(tx).members.of(GASTHAUS.id) if one.administers]


@pytest.fixture
async def database(database_factory: MakeDatabase) -> Database:
    """The inn is there, and nobody belongs to it yet."""
    made = await database_factory("customer_link")
    async with made.transaction() as tx:
        await stock(on(tx))
    return made


def accept(invitation: Invitation) -> Act:
    account_id = invitation.account_id or uuid4()
    return lambda records: accept_invitation(account_id, invitation.id, records=records, now=START)


def end(account_id: UUID, by: UUID) -> Act:
    return lambda records: end_access(GASTHAUS.id, account_id, by=by, records=records, now=START)


def lay_down(account_id: UUID) -> Act:
    return lambda records: name_administrator(
        GASTHAUS.id, account_id, named=False, by=account_id, records=records, now=START
    )


async def unlink(records: Records) -> None:
    """What the page of a number does; who may not is told so as an error here."""
    if not await may_give_back(ANNA, INN, records=records):
        raise successor_missing()
    await unlink_customer(ANNA, INN.id, records=records, clock=CLOCK)


@pytest.mark.parametrize("seed", range(4))
async def test_members_and_invitations_go_the_way_of_the_model(database: Database, seed: int) -> None:
    by_chance = Random(seed)
    async with database.transaction() as tx:
        life = MemberLife(on(tx))
        await life.begin()
        for _ in range(60):
            await life.act(by_chance.choice(ACTS), by_chance.randrange(1000))
            await life.compare()


async def test_an_invitation_that_is_accepted_many_times_at_once_gives_one_access(database: Database) -> None:
    replica = Database(database.url)
    invitation = an_invitation(account_id=CLARA)
    async with database.transaction() as tx:
        await on(tx).invitations.add(invitation)
    outcomes = await asyncio.gather(*(do(each, accept(invitation)) for each in (database, replica) * 10))
    assert sorted(outcomes) == ["done"] + ["invitation_over"] * 19
    assert await told(database, "access.granted") == 1
    assert await told(database, "membership.changed") == 1
    await replica.close()


async def test_two_invitations_of_one_person_accepted_at_once_leave_one_access(database: Database) -> None:
    both = [an_invitation(f"{number}@example.com", account_id=CLARA) for number in range(2)]
    async with database.transaction() as tx:
        for invitation in both:
            await on(tx).invitations.add(invitation)
    assert await at_once(database, *map(accept, both)) == ["done", "done"]
    assert await count(database, "invitation WHERE state = 'accepted'") == 1
    assert await count(database, "invitation WHERE state = 'ended'") == 1


async def test_an_invitation_is_either_withdrawn_or_accepted_and_both_are_told_which(database: Database) -> None:
    async with database.transaction() as tx:
        await on(tx).links.add(a_link(ANNA, INN))
    accepted = 0
    for number in range(ROUNDS):
        invitation = an_invitation(f"{number}@example.com", account_id=uuid4())
        async with database.transaction() as tx:
            await on(tx).invitations.add(invitation)

        async def withdraw(records: Records, invitation: Invitation = invitation) -> None:
            await withdraw_invitation(GASTHAUS.id, invitation.id, by=ANNA, records=records, now=START)

        pair = (accept(invitation), withdraw) if number % 2 else (withdraw, accept(invitation))
        outcomes = await at_once(database, *pair)
        assert sorted(outcomes) in (["done", "invitation_accepted"], ["done", "invitation_over"]), outcomes
        accepted += "invitation_accepted" in outcomes
    assert await count(database, "invitation WHERE state = 'accepted'") == accepted
    assert await told(database, "access.granted") == accepted
    assert await told(database, "invitation.closed") == ROUNDS - accepted


async def test_an_address_that_is_invited_by_two_at_once_has_one_invitation(database: Database) -> None:
    async with database.transaction() as tx:
        await on(tx).links.add(a_link(ANNA, INN))

    async def invite(records: Records) -> None:
        wish = Invite(uuid4(), GASTHAUS.id, ANNA, "clara@example.com", "Clara", "de", Purpose.COLLEAGUE, None)
        await invite_member(wish, records=records, now=START)

    assert sorted(await at_once(database, *[invite] * 5)) == ["already_invited"] * 4 + ["done"]


async def test_two_administrators_who_remove_one_another_at_once_leave_exactly_one(database: Database) -> None:
    await belongs(database, CLARA)
    for _ in range(ROUNDS):
        pair = [uuid4(), uuid4()]
        for account_id in pair:
            await belongs(database, account_id, administers=True)
        outcomes = await at_once(database, end(pair[0], by=pair[1]), end(pair[1], by=pair[0]))
        assert sorted(outcomes) == ["done", "organisation_unknown"]
        [left] = await administrators(database)
        assert left in pair
        # The next pair starts without the one that is left.
        async with database.transaction() as tx:
            await on(tx).members.unname(GASTHAUS.id, left)


@pytest.mark.parametrize("leave", [lambda one: end(one, by=one), lay_down], ids=["leave", "lay down"])
async def test_two_administrators_who_go_at_once_leave_exactly_one(
    database: Database, leave: Callable[[UUID], Act]
) -> None:
    for account_id in (BERND, CLARA):
        await belongs(database, account_id, administers=True)
    await belongs(database, uuid4())
    assert sorted(await at_once(database, leave(BERND), leave(CLARA))) == ["done", "successor_missing"]
    assert len(await administrators(database)) == 1


async def test_a_holder_who_unlinks_and_an_administrator_who_lays_down_at_once_leave_one(database: Database) -> None:
    await belongs(database, BERND, administers=True)
    for _ in range(ROUNDS):
        async with database.transaction() as tx:
            await on(tx).links.add(a_link(ANNA, INN))
            await on(tx).members.name(GASTHAUS.id, BERND, ANNA, START)
        assert sorted(await at_once(database, unlink, lay_down(BERND))) == ["done", "successor_missing"]
        assert len(await administrators(database)) == 1
        async with database.transaction() as tx:
            await on(tx).links.end(ANNA, INN.id, START)


async def test_two_replicas_end_what_is_over_once(database: Database) -> None:
    day = START + timedelta(days=1)
    for _ in range(20):
        account_id = uuid4()
        delegate = an_invitation(
            f"{account_id}@example.com", account_id=account_id, purpose=Purpose.AGENCY, access_until=day
        )
        async with database.transaction() as tx:
            await on(tx).invitations.add(delegate)
            await on(tx).invitations.change(delegate, InvitationState.ACCEPTED, START)

    async def sweep(records: Records) -> None:
        await end_due_access(records=records, clock=lambda: day)

    assert await at_once(database, sweep, sweep) == ["done", "done"]
    assert await told(database, "access.ended") == 20
    assert await told(database, "membership.changed") == 20
