"""Invitations and administrators: one suite for the fake stores and the real ones."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from chassis.testing_edges import START
from customer_link.domain.invitation import InvitationState, Purpose
from customer_link.domain.member import Member
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND, CLARA, GASTHAUS, VEREIN, a_contact, an_invitation

DAY = timedelta(days=1)


async def test_an_address_has_one_open_invitation_to_an_organisation(records: Records) -> None:
    first = an_invitation("Clara@Example.com")
    assert await records.invitations.add(first)
    assert not await records.invitations.add(an_invitation("clara@example.com"))
    assert await records.invitations.add(an_invitation("clara@example.com", VEREIN))
    assert await records.invitations.waiting(GASTHAUS.id) == [first]
    assert await records.invitations.change(first, InvitationState.WITHDRAWN, START)
    assert not await records.invitations.change(first, InvitationState.DECLINED, START)
    assert await records.invitations.add(an_invitation("clara@example.com"))


async def test_an_invitation_comes_back_as_it_was_kept(records: Records) -> None:
    sent = an_invitation(purpose=Purpose.TAX_ADVISER, access_until=START + 30 * DAY)
    await records.invitations.add(sent)
    assert await records.invitations.get(sent.id) == sent
    assert await records.invitations.get(uuid4()) is None
    assert await records.invitations.give_account(sent.id, CLARA)
    assert not await records.invitations.give_account(sent.id, BERND)
    given = replace(sent, account_id=CLARA)
    assert await records.invitations.of_account(CLARA) == [given]
    assert await records.invitations.of_account(BERND) == []
    assert await records.invitations.sent_since(GASTHAUS.id, START - DAY) == 1
    assert await records.invitations.sent_since(GASTHAUS.id, START) == 0


async def test_an_accepted_one_is_a_membership_until_it_ends(records: Records) -> None:
    sent = an_invitation(account_id=CLARA)
    await records.invitations.add(sent)
    assert (await records.memberships.of(CLARA)).organisations == ()
    assert await records.invitations.change(sent, InvitationState.ACCEPTED, START + DAY)
    accepted = replace(sent, state=InvitationState.ACCEPTED, answered_at=START + DAY)
    assert await records.invitations.membership(GASTHAUS.id, CLARA) == accepted
    assert (await records.memberships.of(CLARA)).organisations == (GASTHAUS,)
    assert await records.memberships.members(GASTHAUS.id) == [CLARA]
    assert await records.members.of(GASTHAUS.id) == [Member(CLARA, invitation=accepted)]
    assert await records.invitations.change(accepted, InvitationState.ENDED, START + 2 * DAY)
    assert (await records.memberships.of(CLARA)).organisations == ()
    assert await records.memberships.members(GASTHAUS.id) == []
    assert await records.invitations.forget(START + 2 * DAY) == 0
    assert await records.invitations.forget(START + 3 * DAY) == 1
    assert await records.invitations.get(sent.id) is None


async def test_open_and_accepted_ones_of_an_organisation_are_current(records: Records) -> None:
    first, second, gone = (
        an_invitation("a@example.com", account_id=BERND),
        an_invitation("b@example.com"),
        "c@example.com",
    )
    later = [replace(one, invited_at=START + number * DAY) for number, one in enumerate((first, second))]
    over = an_invitation(gone, invited_at=START + 2 * DAY)
    for one in (*later, over, an_invitation("d@example.com", VEREIN)):
        await records.invitations.add(one)
    await records.invitations.change(later[0], InvitationState.ACCEPTED, START + DAY)
    await records.invitations.change(over, InvitationState.DECLINED, START + DAY)
    assert [one.id for one in await records.invitations.current(GASTHAUS.id, 10)] == [first.id, second.id]
    assert [one.id for one in await records.invitations.current(GASTHAUS.id, 1)] == [first.id]


async def test_what_is_over_by_the_clock_is_due(records: Records) -> None:
    stays, expires = an_invitation("a@example.com"), an_invitation("b@example.com", expires_at=START + DAY)
    ends = an_invitation("c@example.com", account_id=BERND, access_until=START + 2 * DAY, purpose=Purpose.AGENCY)
    for one in (stays, expires, ends):
        await records.invitations.add(one)
    await records.invitations.change(ends, InvitationState.ACCEPTED, START)
    assert await records.invitations.due(START, 10) == []
    assert [one.id for one in await records.invitations.due(START + DAY, 10)] == [expires.id]
    assert {one.id for one in await records.invitations.due(START + 2 * DAY, 10)} == {expires.id, ends.id}
    assert len(await records.invitations.due(START + 2 * DAY, 1)) == 1


async def test_administrators_are_named_members(records: Records) -> None:
    await records.contacts.add(a_contact(account_id=BERND))
    await records.members.hold_still(GASTHAUS.id)
    for _ in range(2):
        await records.members.name(GASTHAUS.id, BERND, ANNA, START)
    await records.members.name(GASTHAUS.id, CLARA, ANNA, START)
    assert await records.members.of(GASTHAUS.id) == [Member(BERND, contact=True, named=True)]
    await records.members.unname(GASTHAUS.id, BERND)
    assert await records.members.of(GASTHAUS.id) == [Member(BERND, contact=True)]
