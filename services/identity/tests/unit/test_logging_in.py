"""Password, second factor, and what failures cost."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.callers import token_hash
from chassis.errors import DomainError, ErrorKind
from identity.adapters.webauthn_protocol import WebauthnProtocol
from identity.domain.account import Account, AccountState
from identity.domain.factors import Way
from identity.domain.one_time_code import code_at
from identity.usecases.add_staff import ensure_second_factor
from identity.usecases.factor_ports import Verifiers
from identity.usecases.find_session import find_session
from identity.usecases.give_second_factor import Given, find_pending, give_second_factor
from identity.usecases.log_in import LoginOutcome, Visitor, finish_login
from identity_builders import KEYS, VISITOR, an_account
from identity_world import World, fail

UNCONFIRMED = AccountState.UNCONFIRMED


VERIFIERS = Verifiers(KEYS, WebauthnProtocol("http://localhost:8080", "Portal"))


async def give(world: World, account: Account, code: str, visitor: Visitor) -> str:
    given = Given(Way.APP, code)
    return await give_second_factor(
        account, given, visitor, records=world.records, rules=world.rules, verifiers=VERIFIERS
    )


async def test_a_login_starts_a_session_under_a_new_id(world: World) -> None:
    account = world.has(an_account())
    result = await world.log_in(account)
    assert result.outcome is LoginOutcome.SIGNED_IN
    assert result.token is not None
    assert await world.lives(result.token)


async def test_the_session_that_a_browser_brought_along_ends(world: World) -> None:
    account = world.has(an_account())
    old = await world.signed_in(account)
    visitor = replace(VISITOR, old_session=token_hash(old))
    await finish_login(
        account, matches=True, fresh_hash=None, visitor=visitor, records=world.records, rules=world.rules
    )
    assert not await world.lives(old)
    assert world.records.announcements.names == ["session.revoked"]


async def test_a_password_changed_meanwhile_does_not_log_in(world: World) -> None:
    account = world.has(an_account())
    world.has(replace(account, password_hash="another"))
    assert (await world.log_in(account)).outcome is LoginOutcome.REFUSED


@pytest.mark.parametrize("state", [AccountState.LOCKED, AccountState.CLOSED, AccountState.INVITED])
async def test_only_active_accounts_log_in(world: World, state: AccountState) -> None:
    account = world.has(an_account(state=state))
    result = await world.log_in(account)
    assert (result.outcome, result.account, result.token) == (LoginOutcome.REFUSED, None, None)


async def test_an_unconfirmed_account_is_told_apart_only_with_the_right_password(world: World) -> None:
    account = world.has(an_account(state=UNCONFIRMED))
    assert (await world.log_in(account, matches=False)).outcome is LoginOutcome.REFUSED
    assert (await world.log_in(account)).outcome is LoginOutcome.UNCONFIRMED


async def test_a_hash_with_old_costs_is_replaced(world: World) -> None:
    account = world.has(an_account())
    await finish_login(
        account, matches=True, fresh_hash="fresh", visitor=VISITOR, records=world.records, rules=world.rules
    )
    assert world.now_has(account).password_hash == "fresh"


async def test_strangers_slow_themselves_down_and_not_the_owner(world: World) -> None:
    account = world.has(an_account("anna"))
    await fail(world, "anna", 5, source="198.51.100.1")
    with pytest.raises(DomainError) as caught:
        await fail(world, "anna", 1, source="198.51.100.2")
    assert (caught.value.kind, caught.value.retry_after) == (ErrorKind.RATE_LIMITED, timedelta(seconds=30))
    await fail(world, "anna", 1, source="192.0.2.5", device="known", device_of=account.id)


async def test_a_device_known_to_another_account_is_a_stranger(world: World) -> None:
    world.has(an_account("anna"))
    await fail(world, "anna", 5)
    with pytest.raises(DomainError):
        await fail(world, "anna", 1, device="known", device_of=uuid4())


async def test_unknown_names_are_slowed_down_as_known_ones_are(world: World) -> None:
    await fail(world, "nobody", 5)
    with pytest.raises(DomainError) as caught:
        await fail(world, "Nobody ", 1)
    assert caught.value.retry_after == timedelta(seconds=30)


async def test_a_refused_try_is_not_counted(world: World) -> None:
    await fail(world, "nobody", 5)
    before = dict(world.records.throttles.rows)
    key_of_account = [key for key in before if key.startswith("login:")]
    with pytest.raises(DomainError):
        await fail(world, "nobody", 1)
    after = world.records.throttles.rows
    assert {key: after[key] for key in key_of_account} == {key: before[key] for key in key_of_account}


async def test_a_success_clears_the_account_and_forgives_the_source(world: World) -> None:
    account = world.has(an_account("anna"))
    await fail(world, "anna", 3)
    await world.log_in(account)
    left = {key.partition(":")[0]: tally.tries for key, tally in world.records.throttles.rows.items()}
    assert left == {"source": 2, "everybody": 2}


@pytest.mark.parametrize(
    ("roles", "linked", "outcome"),
    [
        ({"agent"}, True, LoginOutcome.CODE_WANTED),
        (set(), True, LoginOutcome.CODE_WANTED),
        ({"agent"}, False, LoginOutcome.ENROLMENT_WANTED),
    ],
)
async def test_who_has_a_factor_and_staff_get_a_pending_session_that_nobody_accepts(
    world: World, roles: set[str], linked: bool, outcome: LoginOutcome
) -> None:
    account = world.has(an_account(roles=frozenset(roles)))
    if linked:
        await ensure_second_factor(account, records=world.records, sealer=KEYS)
    result = await world.log_in(account)
    assert result.outcome is outcome
    assert result.token is not None
    assert not await world.lives(result.token)
    pending = await find_pending(token_hash(result.token), records=world.records, rules=world.rules)
    assert pending == account
    world.clock.forward(minutes=10)
    assert await find_pending(token_hash(result.token), records=world.records, rules=world.rules) is None


async def test_the_code_turns_it_into_a_new_session_once(world: World) -> None:
    account = world.has(an_account(roles=frozenset({"agent"})))
    secret = await ensure_second_factor(account, records=world.records, sealer=KEYS)
    pending = (await world.log_in(account)).token
    assert pending is not None
    code = code_at(secret, int(world.clock().timestamp()) // 30)
    visitor = replace(VISITOR, old_session=token_hash(pending))
    token = await give(world, account, code, visitor)
    found = await find_session(token_hash(token), activity=False, sessions=world.records.sessions, rules=world.rules)
    assert found is not None
    assert found[0].second_factor
    assert await world.records.sessions.find(token_hash(pending)) is None
    with pytest.raises(DomainError, match="code_wrong"):
        await give(world, account, code, visitor)


async def test_staff_without_a_second_factor_cannot_come_in(world: World) -> None:
    account = world.has(an_account(roles=frozenset({"agent"})))
    with pytest.raises(DomainError, match="code_wrong"):
        await give(world, account, "000000", VISITOR)


async def test_a_locked_account_has_no_session(world: World) -> None:
    account = world.has(an_account())
    token = await world.signed_in(account)
    world.has(replace(account, state=AccountState.LOCKED))
    assert not await world.lives(token)
