"""What staff do while the person, or another administrator, does something too, on a real database (S4, Z12)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from chassis.errors import DomainError, ErrorKind
from identity.domain.account import Account, AccountState
from identity.domain.challenge import Purpose
from identity.domain.permission import Role
from identity.domain.staff_action import StaffAction
from identity.domain.staff_reason import Occasion, StaffReason
from identity.usecases.change_email import confirm_email
from identity.usecases.change_password import change_password
from identity.usecases.change_profile import change_profile
from identity.usecases.change_roles import change_roles
from identity.usecases.choose_language import choose_language
from identity.usecases.issue_challenge import issue_challenge
from identity.usecases.lock_account import lock_account
from identity.usecases.mail_password import mail_password, mailed_password
from identity.usecases.object_to_email_change import object_to_email_change
from identity.usecases.open_link import OpenedLink, link_token, open_link
from identity.usecases.ports import Records
from identity.usecases.set_new_password import set_new_password
from identity.usecases.staff_act import Actor, begin_act
from identity.usecases.use_mailed_password import use_mailed_password
from identity_builders import VISITOR, make_rules
from identity_harness import Portal

REASON = StaffReason(Occasion.REVIEW)
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
Doing = Callable[[Portal, Account, Records], Awaitable[object]]


async def profile(portal: Portal, anna: Account, records: Records) -> object:
    return await change_profile(
        anna.id, replace(anna.profile, city="Graz"), "en", records=records, rules=make_rules(portal.clock)
    )


async def language(_portal: Portal, anna: Account, records: Records) -> object:
    return await choose_language(anna.id, "en", records=records)


async def password(portal: Portal, anna: Account, records: Records) -> object:
    return await change_password(
        anna, "new", browser="", second_factor=False, records=records, rules=make_rules(portal.clock)
    )


async def reset(portal: Portal, anna: Account, records: Records) -> object:
    link = await linked(portal, anna, Purpose.RESET_PASSWORD, records)
    return await set_new_password(link, "new", records=records, rules=make_rules(portal.clock))


async def generated(portal: Portal, anna: Account, records: Records) -> object:
    challenge = await records.challenges.latest(anna.id, Purpose.MAILED_PASSWORD)
    assert challenge is not None
    typed = mailed_password(challenge, portal.core.links) or ""
    return await use_mailed_password(
        "anna", typed, VISITOR, records=records, rules=make_rules(portal.clock), signer=portal.core.links
    )


async def mailed(portal: Portal, anna: Account, records: Records) -> object:
    link = await linked(portal, anna, Purpose.RESET_PASSWORD, records)
    return await mail_password(link, records=records, key_id="k1", clock=portal.clock, new_id=uuid4)


async def confirmed(portal: Portal, anna: Account, records: Records) -> object:
    link = await linked(portal, anna, Purpose.CONFIRM_EMAIL, records)
    return await confirm_email(link, records=records, rules=make_rules(portal.clock), key_id="k1")


async def objected(portal: Portal, anna: Account, records: Records) -> object:
    link = await linked(portal, anna, Purpose.EMAIL_CHANGE_STARTED, records)
    return await object_to_email_change(link, records=records, rules=make_rules(portal.clock), key_id="k1")


async def linked(portal: Portal, anna: Account, purpose: Purpose, records: Records) -> OpenedLink:
    """What the person has opened, from the time before."""
    challenge = await records.challenges.latest(anna.id, purpose)
    token = link_token(challenge, portal.core.links) if challenge else None
    link = await open_link(token or "", records=records, signer=portal.core.links, clock=portal.clock)
    assert link is not None
    return link


@pytest.mark.parametrize(
    "doing",
    [profile, language, password, reset, generated, mailed, confirmed, objected],
    ids=lambda each: each.__name__,
)
async def test_sec_z12_a_lock_by_staff_survives_what_the_person_does_meanwhile(portal: Portal, doing: Doing) -> None:
    anna, agent = await portal.add_account("anna"), await portal.add_account("agent", roles=frozenset({"agent"}))
    await mail_links(portal, anna)

    async def person() -> None:
        try:
            async with portal.core.database.transaction() as tx:
                await doing(portal, anna, portal.core.records(tx))
        except DomainError as error:
            # Two that wait for each other would look like a database that is away.
            assert error.kind is not ErrorKind.UNAVAILABLE  # noqa: PT017 - most are let in or refused

    async with portal.core.database.transaction() as tx:
        actor, records = Actor(agent.id, agent.roles, REASON), portal.core.records(tx)
        act = await begin_act(StaffAction.LOCK, anna.id, actor, records=records, rules=make_rules(portal.clock))
        acting = asyncio.create_task(person())
        await somebody_waits(portal)
        await lock_account(act)
    await acting
    now = await portal.account("anna")
    assert (now.state, now.password_hash) == (AccountState.LOCKED, anna.password_hash)
    assert await portal.sessions() == []


async def test_sec_z12_of_two_administrators_who_demote_each_other_one_stays(portal: Portal) -> None:
    chiefs = [await portal.add_account(name, roles=frozenset({"admin"})) for name in ("one", "two")]

    async def demote(by: Account, other: Account) -> str:
        actor = Actor(by.id, by.roles, REASON)
        try:
            async with portal.core.database.transaction() as tx:
                records, rules = portal.core.records(tx), make_rules(portal.clock)
                act = await begin_act(StaffAction.CHANGE_ROLES, other.id, actor, records=records, rules=rules)
                await change_roles(act, [Role.EDITOR])
        except DomainError as error:
            return error.code
        return "done"

    assert sorted(await asyncio.gather(demote(*chiefs), demote(*reversed(chiefs)))) == ["done", "role_missing"]
    roles = [sorted((await portal.account(chief.username)).roles) for chief in chiefs]
    assert sorted(roles) == [["admin"], ["editor"]]


async def mail_links(portal: Portal, anna: Account) -> None:
    """Everything that a mail can carry is on its way."""
    mails = (
        (Purpose.RESET_PASSWORD, ""),
        (Purpose.MAILED_PASSWORD, ""),
        (Purpose.CONFIRM_EMAIL, "neu@beispiel.at"),
        (Purpose.EMAIL_CHANGE_STARTED, anna.email),
    )
    async with portal.core.database.transaction() as tx:
        for purpose, email in mails:
            await issue_challenge(
                anna.id,
                purpose,
                records=portal.core.records(tx),
                key_id="k1",
                clock=portal.clock,
                new_id=uuid4,
                email=email,
            )


async def somebody_waits(portal: Portal) -> None:
    """Until another transaction waits for a lock, five seconds at most."""
    async with asyncio.timeout(5), portal.core.database.transaction() as tx:
        while not await tx.scalar(_WAITING):
            await tx.execute(text("SELECT pg_stat_clear_snapshot()"))
            await asyncio.sleep(0.01)
