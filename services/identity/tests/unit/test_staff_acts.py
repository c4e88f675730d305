"""What staff may do to accounts, and that every act is written down and told (S4, Z12)."""

from dataclasses import replace
from uuid import uuid4

import pytest

from chassis.errors import DomainError
from identity.domain.account import Account, AccountState
from identity.domain.challenge import Purpose
from identity.domain.factors import Factors
from identity.domain.passkey import Passkey
from identity.domain.permission import PERMISSIONS, Permission, Role, permitted_on
from identity.domain.security_change import SecurityChange
from identity.domain.staff_action import StaffAction
from identity.domain.staff_reason import Occasion, StaffReason
from identity.usecases.change_roles import change_roles
from identity.usecases.close_account import close_account
from identity.usecases.correct_address import correct_address, start_address_move
from identity.usecases.factor_ports import SecondFactor
from identity.usecases.help_to_sign_in import log_out_account, send_reset
from identity.usecases.lock_account import lock_account, unlock_account
from identity.usecases.remove_lost_factor import remove_lost_factor
from identity.usecases.reopen_account import reopen_for_owner
from identity.usecases.staff_act import Actor, StaffAct, begin_act
from identity_builders import NOW, an_account
from identity_world import World

REASON = StaffReason(Occasion.CALL, "T-2026-00001")


@pytest.fixture
def agent(world: World) -> Account:
    return world.has(an_account("agent", roles=frozenset({"agent"})))


@pytest.fixture
def admin(world: World) -> Account:
    return world.has(an_account("admin", roles=frozenset({"admin"})))


@pytest.fixture
def anna(world: World) -> Account:
    return world.has(an_account("anna"))


def a_passkey(account: Account) -> Passkey:
    return Passkey(
        id=uuid4(),
        account_id=account.id,
        credential_id=uuid4().bytes,
        public_key=b"key",
        sign_count=0,
        name="phone",
        created_at=NOW,
    )


async def begun(world: World, action: StaffAction, account: Account, by: Account) -> StaffAct:
    actor = Actor(by.id, by.roles, REASON)
    return await begin_act(action, account.id, actor, records=world.records, rules=world.rules)


async def refusal(world: World, action: StaffAction, account: Account, by: Account) -> str:
    with pytest.raises(DomainError) as refused:
        await begun(world, action, account, by)
    return refused.value.code


async def test_locking_ends_sessions_and_links_and_is_told(world: World, agent: Account, anna: Account) -> None:
    token = await world.signed_in(anna)
    await send_reset(await begun(world, StaffAction.SEND_RESET, anna, agent), key_id="k1")
    link = world.last_challenge
    await lock_account(await begun(world, StaffAction.LOCK, anna, agent))
    assert world.now_has(anna).state is AccountState.LOCKED
    assert not await world.lives(token)
    assert (await world.records.challenges.get(link.id)).replaced_at is not None  # type: ignore[union-attr]
    said = world.records.announcements.said
    assert ("account.security_changed", anna.id, SecurityChange.LOCKED) in said
    assert "session.revoked" in world.records.announcements.names
    entry = world.records.history.rows[-1]
    assert (entry.action.value, entry.actor_id, entry.reason) == ("locked", agent.id, "call: T-2026-00001")
    assert entry.details == {"before": "active", "after": "locked"}


async def test_a_locked_account_is_locked_once_and_unlocked_to_what_it_was(
    world: World, agent: Account, anna: Account
) -> None:
    await lock_account(await begun(world, StaffAction.LOCK, anna, agent))
    assert await refusal(world, StaffAction.LOCK, anna, agent) == "state_changed"
    token = await world.signed_in(anna)
    await unlock_account(await begun(world, StaffAction.UNLOCK, anna, agent))
    assert not await world.lives(token)
    assert world.now_has(anna).state is AccountState.ACTIVE
    invited = world.has(an_account("invited", state=AccountState.INVITED, password_hash=None))
    await lock_account(await begun(world, StaffAction.LOCK, invited, agent))
    await unlock_account(await begun(world, StaffAction.UNLOCK, invited, agent))
    assert world.now_has(invited).state is AccountState.INVITED


async def test_logging_somebody_out(world: World, agent: Account, anna: Account) -> None:
    token = await world.signed_in(anna)
    await log_out_account(await begun(world, StaffAction.END_SESSIONS, anna, agent))
    assert not await world.lives(token)
    assert world.records.history.rows[-1].action.value == "sessions_ended"


async def test_an_address_is_corrected_before_it_is_confirmed_only(world: World, agent: Account, anna: Account) -> None:
    pending = world.has(an_account("pending", state=AccountState.UNCONFIRMED))
    act = await begun(world, StaffAction.CORRECT_ADDRESS, pending, agent)
    await correct_address(act, "right@beispiel.at", key_id="k1")
    assert world.now_has(pending).email == "right@beispiel.at"
    assert world.last_challenge.account_id == pending.id
    assert await refusal(world, StaffAction.CORRECT_ADDRESS, anna, agent) == "state_changed"


async def test_a_lost_factor_is_removed_by_an_administrator(
    world: World, agent: Account, admin: Account, anna: Account
) -> None:
    assert await refusal(world, StaffAction.REMOVE_FACTOR, anna, admin) == "state_changed"
    await world.records.second_factors.add(SecondFactor(anna.id, "k1", b"sealed", 0))
    await world.records.passkeys.add(a_passkey(anna))
    await world.records.recovery_codes.replace(anna.id, [b"digest"])
    assert await refusal(world, StaffAction.REMOVE_FACTOR, anna, agent) == "role_missing"
    await remove_lost_factor(await begun(world, StaffAction.REMOVE_FACTOR, anna, admin))
    assert await world.records.second_factors.factors(anna.id) == Factors()
    told = {said[-1] for said in world.records.announcements.said if said[0] == "account.security_changed"}
    assert told == {SecurityChange.FACTOR_REMOVED, SecurityChange.PASSKEY_REMOVED}


async def test_a_lost_passkey_alone_is_removed_too(world: World, admin: Account, anna: Account) -> None:
    await world.records.passkeys.add(a_passkey(anna))
    await remove_lost_factor(await begun(world, StaffAction.REMOVE_FACTOR, anna, admin))
    assert await world.records.passkeys.of_account(anna.id) == []
    assert await refusal(world, StaffAction.REMOVE_FACTOR, anna, admin) == "state_changed"


async def test_a_closed_account_is_opened_again_until_its_erasure_begins(
    world: World, agent: Account, anna: Account
) -> None:
    assert await refusal(world, StaffAction.REOPEN, anna, agent) == "state_changed"
    await close_account(anna.id, records=world.records, rules=world.rules)
    world.clock.forward(days=13, hours=23)
    await reopen_for_owner(await begun(world, StaffAction.REOPEN, anna, agent))
    assert world.now_has(anna).state is AccountState.ACTIVE
    entry = world.records.history.rows[-1]
    assert (entry.action.value, entry.actor_id, entry.reason) == ("reopened", agent.id, "call: T-2026-00001")
    assert world.records.announcements.said[-1] == ("account.security_changed", anna.id, SecurityChange.REOPENED)
    await close_account(anna.id, records=world.records, rules=world.rules)
    world.clock.forward(days=14)
    with pytest.raises(DomainError, match="reopen_late"):
        await reopen_for_owner(await begun(world, StaffAction.REOPEN, anna, agent))


async def test_sec_z12_an_address_moves_when_its_owner_confirms_and_the_old_one_can_object(
    world: World, agent: Account, anna: Account
) -> None:
    pending = world.has(an_account("pending", state=AccountState.UNCONFIRMED))
    assert await refusal(world, StaffAction.MOVE_ADDRESS, pending, agent) == "state_changed"
    with pytest.raises(DomainError, match="email_same"):
        await start_address_move(await begun(world, StaffAction.MOVE_ADDRESS, anna, agent), anna.email, key_id="k1")
    await start_address_move(await begun(world, StaffAction.MOVE_ADDRESS, anna, agent), "neu@beispiel.at", key_id="k1")
    assert world.now_has(anna).email == anna.email
    mails = {(row.purpose, row.email) for row in world.records.challenges.rows.values()}
    assert mails == {(Purpose.CONFIRM_EMAIL, "neu@beispiel.at"), (Purpose.EMAIL_CHANGE_STARTED, anna.email)}
    entry = world.records.history.rows[-1]
    assert (entry.action.value, entry.actor_id, str(REASON)) == ("email_change_started", agent.id, entry.reason)


async def test_sec_z12_changed_roles_are_written_with_before_and_after(
    world: World, admin: Account, anna: Account
) -> None:
    token = await world.signed_in(anna)
    await change_roles(await begun(world, StaffAction.CHANGE_ROLES, anna, admin), [Role.AGENT, Role.EDITOR])
    assert world.now_has(anna).roles == {"agent", "editor"}
    assert not await world.lives(token)
    entry = world.records.history.rows[-1]
    assert (entry.actor_id, entry.details) == (admin.id, {"before": "", "after": "agent, editor"})
    with pytest.raises(DomainError, match="roles_same"):
        await change_roles(await begun(world, StaffAction.CHANGE_ROLES, anna, admin), [Role.EDITOR, Role.AGENT])


async def test_sec_z12_nobody_acts_on_the_own_account(world: World, admin: Account) -> None:
    for action in (StaffAction.LOCK, StaffAction.CHANGE_ROLES, StaffAction.SEND_RESET):
        assert await refusal(world, action, admin, admin) == "own_account"


async def test_sec_z12_colleagues_take_an_administrator(world: World, agent: Account, admin: Account) -> None:
    colleague = world.has(an_account("colleague", roles=frozenset({"advisor"})))
    for action in (StaffAction.LOCK, StaffAction.SEND_RESET, StaffAction.END_SESSIONS):
        assert await refusal(world, action, colleague, agent) == "role_missing"
        await begun(world, action, colleague, admin)


async def test_sec_z12_a_role_that_was_taken_meanwhile_counts_no_more(
    world: World, admin: Account, anna: Account
) -> None:
    world.has(replace(admin, roles=frozenset({"agent"})))
    assert await refusal(world, StaffAction.CHANGE_ROLES, anna, admin) == "role_missing"
    assert await refusal(world, StaffAction.LOCK, anna, admin) == "role_missing"


async def test_an_account_that_is_gone(world: World, agent: Account) -> None:
    assert await refusal(world, StaffAction.LOCK, an_account("gone", id=uuid4()), agent) == "account_unknown"


def test_sec_z12_every_permission_needs_a_role_and_customers_have_none() -> None:
    anna, agent = an_account("anna"), an_account("agent", roles=frozenset({"agent"}))
    for permission in Permission:
        assert PERMISSIONS[permission]
        assert not permitted_on((), permission, anna)
        assert not permitted_on(("editor",), permission, anna)
        assert permitted_on(("admin",), permission, agent)
    assert permitted_on(("agent",), Permission.LOCK, anna)
    assert not permitted_on(("agent",), Permission.LOCK, agent)
