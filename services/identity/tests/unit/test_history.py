"""What a person does to the own account stands in its history."""

from uuid import UUID

from identity.domain.challenge import Purpose
from identity.domain.history import HistoryAction, HistoryRange
from identity.entrypoints.pages.history.words import words_of
from identity.usecases.change_password import change_password
from identity.usecases.log_in import sign_in
from identity.usecases.set_new_password import set_new_password
from identity_builders import VISITOR, a_challenge, an_account
from identity_world import World


async def actions(world: World, account_id: UUID) -> list[str]:
    page = await world.records.history.of_account(account_id, HistoryRange())
    return [entry.action.value for entry in page.entries]


async def test_a_sign_in_is_written_with_the_browser(world: World) -> None:
    account = world.has(an_account())
    await world.log_in(account)
    page = await world.records.history.of_account(account.id, HistoryRange())
    assert [(entry.action.value, entry.details) for entry in page.entries] == [
        ("signed_in", {"browser": VISITOR.browser})
    ]


async def test_a_password_without_its_second_factor_is_no_sign_in(world: World) -> None:
    agent = world.has(an_account(roles=frozenset({"agent"})))
    await world.log_in(agent)
    assert await actions(world, agent.id) == []
    await sign_in(agent, VISITOR, records=world.records, rules=world.rules, second_factor=True)
    assert await actions(world, agent.id) == ["signed_in"]


async def test_a_wrong_password_is_no_sign_in(world: World) -> None:
    account = world.has(an_account())
    await world.log_in(account, matches=False)
    assert await actions(world, account.id) == []


async def test_changed_and_reset_passwords_are_written(world: World) -> None:
    account = world.has(an_account())
    await change_password(account, "new", browser="", second_factor=False, records=world.records, rules=world.rules)
    link = await world.opened(a_challenge(account, Purpose.RESET_PASSWORD))
    world.clock.forward(minutes=1)
    await set_new_password(link, "newer", records=world.records, rules=world.rules)
    assert await actions(world, account.id) == ["password_reset", "password_changed"]


def test_every_action_has_words_of_its_own() -> None:
    assert len({words_of(action) for action in HistoryAction}) == len(HistoryAction)
