"""Secrets of links, and what is told of events."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from chassis.errors import DomainError
from identity.domain.account import AccountState
from identity.domain.challenge import Challenge, Purpose
from identity.domain.security_change import SecurityChange
from identity.usecases.describe_events import (
    CHALLENGE_ISSUED,
    PASSWORD_CHANGED,
    SECURITY_CHANGED,
    EventDetail,
    describe_event,
)
from identity.usecases.link_for_mail import link_for_mail
from identity.usecases.open_link import link_token, open_link
from identity.usecases.ports import EmittedEvent
from identity_builders import KEYS, NOW, a_challenge, an_account
from identity_world import World


async def test_a_link_works_only_with_the_right_secret(world: World) -> None:
    account = world.has(an_account())
    challenge = a_challenge(account)
    await world.records.challenges.add(challenge)
    token = link_token(challenge, KEYS)
    assert token is not None
    forged = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    other = link_token(replace(challenge, purpose=Purpose.CONFIRM_REGISTRATION), KEYS)
    assert other is not None
    for bad in (forged, other, "", "x"):
        assert await open_link(bad, records=world.records, signer=KEYS, clock=world.clock) is None


async def test_the_mailed_link_is_the_same_at_every_call_until_it_is_over(world: World) -> None:
    account = world.has(an_account())
    challenge = a_challenge(account)
    await world.records.challenges.add(challenge)
    ask = {"records": world.records, "signer": KEYS, "clock": world.clock}
    assert await link_for_mail(challenge.id, **ask) == await link_for_mail(challenge.id, **ask)
    world.clock.forward(minutes=30)
    with pytest.raises(DomainError, match="challenge_closed"):
        await link_for_mail(challenge.id, **ask)


@pytest.mark.parametrize("purpose", [Purpose.NOTHING, Purpose.REGISTRATION_EXISTS])
async def test_mails_without_a_link_have_none(world: World, purpose: Purpose) -> None:
    challenge = a_challenge(world.has(an_account()), purpose)
    await world.records.challenges.add(challenge)
    with pytest.raises(DomainError, match="challenge_unknown"):
        await link_for_mail(challenge.id, records=world.records, signer=KEYS, clock=world.clock)
    token = link_token(challenge, KEYS)
    assert token is not None
    assert await open_link(token, records=world.records, signer=KEYS, clock=world.clock) is None


def issued(challenge: Challenge) -> EmittedEvent:
    return EmittedEvent(uuid4(), CHALLENGE_ISSUED, {"challengeId": str(challenge.id)})


async def describe(world: World, event: EmittedEvent) -> EventDetail:
    return await describe_event(event, records=world.records, clock=world.clock)


async def test_an_open_challenge_concerns_its_account(world: World) -> None:
    account = world.has(an_account("anna"))
    challenge = a_challenge(account)
    await world.records.challenges.add(challenge)
    detail = await describe(world, issued(challenge))
    assert detail.concerned == account.id
    assert detail.facts == {"challenge_id": str(challenge.id), "purpose": "reset_password", "username": "anna"}


async def test_a_challenge_of_nobody_or_closed_or_deleted_concerns_nobody(world: World) -> None:
    account = world.has(an_account())
    nobodys, used = a_challenge(None, Purpose.NOTHING), a_challenge(account, used_at=NOW)
    await world.records.challenges.add(nobodys)
    await world.records.challenges.add(used)
    details = [await describe(world, issued(each)) for each in (nobodys, used, a_challenge(account))]
    assert [detail.suppressed for detail in details] == ["obsolete", "obsolete", "erased"]
    assert {detail.concerned for detail in details} == {None}


@pytest.mark.parametrize(("by_reset", "fact"), [(True, "true"), (False, "false")])
async def test_a_changed_password_concerns_its_account(world: World, by_reset: bool, fact: str) -> None:
    account = world.has(an_account("anna"))
    event = EmittedEvent(uuid4(), PASSWORD_CHANGED, {"accountId": str(account.id), "byReset": by_reset})
    detail = await describe(world, event)
    assert (detail.concerned, detail.facts) == (account.id, {"username": "anna", "by_reset": fact})


async def test_a_changed_password_of_a_closed_account_concerns_nobody(world: World) -> None:
    gone = EmittedEvent(uuid4(), PASSWORD_CHANGED, {"accountId": str(UUID(int=1)), "byReset": False})
    assert (await describe(world, gone)).suppressed == "erased"


async def test_whoever_has_the_address_that_another_account_wants_is_told_and_nobody_gets_the_link(
    world: World,
) -> None:
    owner, account = world.has(an_account("owner")), world.has(an_account("anna"))
    challenge = a_challenge(account, Purpose.CONFIRM_EMAIL, email="OWNER@beispiel.at")
    await world.records.challenges.add(challenge)
    detail = await describe(world, issued(challenge))
    assert (detail.concerned, detail.facts) == (owner.id, {"purpose": "email_taken"})
    with pytest.raises(DomainError, match="challenge_closed"):
        await link_for_mail(challenge.id, records=world.records, signer=KEYS, clock=world.clock)


async def test_the_old_mailbox_is_not_told_the_new_address(world: World) -> None:
    account = world.has(an_account("neu@beispiel.at", email="neu@beispiel.at"))
    challenge = a_challenge(account, Purpose.EMAIL_CHANGE_DONE, email="alt@beispiel.at")
    await world.records.challenges.add(challenge)
    assert (await describe(world, issued(challenge))).facts["username"] == "alt@beispiel.at"


def secured(account_id: UUID, change: SecurityChange) -> EmittedEvent:
    return EmittedEvent(uuid4(), SECURITY_CHANGED, {"accountId": str(account_id), "changeKind": change.value})


async def test_a_change_that_protects_an_account_concerns_its_owner(world: World) -> None:
    account = world.has(an_account("anna", state=AccountState.LOCKED))
    detail = await describe(world, secured(account.id, SecurityChange.LOCKED))
    assert (detail.concerned, detail.facts) == (account.id, {"username": "anna", "change": "locked"})


async def test_of_a_closed_account_only_its_end_is_told(world: World) -> None:
    account = world.has(an_account("anna", state=AccountState.CLOSED))
    details = [
        await describe(world, secured(account.id, change))
        for change in (SecurityChange.CLOSED, SecurityChange.FACTOR_ADDED)
    ]
    assert [(detail.concerned, detail.suppressed) for detail in details] == [(account.id, ""), (None, "erased")]


async def test_what_a_link_tells_is_not_told_twice(world: World) -> None:
    account = world.has(an_account("anna"))
    detail = await describe(world, secured(account.id, SecurityChange.EMAIL_CHANGE_STARTED))
    assert (detail.concerned, detail.suppressed) == (None, "told_by_link")


async def test_other_events_have_no_facts(world: World) -> None:
    event = EmittedEvent(uuid4(), "kundenportal.identity.account.confirmed.v1", {})
    assert await describe(world, event) == EventDetail(event.id, event.type)
