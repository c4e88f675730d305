import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from chassis.database import Database
from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer, forget, form_hash, keep, replay
from chassis.tables import idempotency_keys

ANSWER = StoredAnswer(303, "/tickets/7", "")
BODY, OTHER = form_hash({"subject": "a"}), form_hash({"subject": "b"})


@pytest.fixture
async def database(database_factory: Callable[[str], Awaitable[Database]]) -> Database:
    return await database_factory("sample_service")


async def _act(
    database: Database,
    effects: list[str],
    *,
    caller: str = "anna",
    key: str = "k",
    body: bytes = BODY,
    strict: bool = False,
) -> StoredAnswer:
    """What an entry point does: claim, effect, keep, in one transaction."""
    async with database.transaction() as tx:
        if stored := await replay(tx, caller, "POST /tickets", key, body, strict=strict):
            return stored
        await asyncio.sleep(0.05)
        effects.append(caller)
        answer = StoredAnswer(303, f"/tickets/{len(effects)}", "")
        await keep(tx, caller, "POST /tickets", key, body, answer)
        return answer


async def test_same_request_again_gets_the_first_answer(database: Database) -> None:
    effects: list[str] = []
    answers = [await _act(database, effects) for _ in range(3)]
    assert answers == [StoredAnswer(303, "/tickets/1", "")] * 3
    assert effects == ["anna"]


async def test_double_click_has_one_effect(database: Database) -> None:
    effects: list[str] = []
    answers = await asyncio.gather(*(_act(database, effects) for _ in range(8)))
    assert set(answers) == {StoredAnswer(303, "/tickets/1", "")}
    assert len(effects) == 1


async def test_twin_of_one_that_fails_takes_its_place(database: Database) -> None:
    async def fails() -> None:
        async with database.transaction() as tx:
            await replay(tx, "anna", "POST /tickets", "k", BODY)
            await asyncio.sleep(0.1)
            raise DomainError(ErrorKind.CONFLICT, "not_so")

    effects: list[str] = []
    failing = asyncio.ensure_future(fails())
    await asyncio.sleep(0.03)
    assert await _act(database, effects) == StoredAnswer(303, "/tickets/1", "")
    with pytest.raises(DomainError):
        await failing
    assert effects == ["anna"]


async def test_changed_form_is_a_new_action(database: Database) -> None:
    effects: list[str] = []
    assert await _act(database, effects) != await _act(database, effects, body=OTHER)
    assert len(effects) == 2


async def test_keys_of_two_people_never_meet(database: Database) -> None:
    effects: list[str] = []
    await _act(database, effects, caller="anna")
    await _act(database, effects, caller="berta")
    assert effects == ["anna", "berta"]


async def test_strict_key_is_for_one_body(database: Database) -> None:
    effects: list[str] = []
    first = await _act(database, effects, strict=True)
    assert await _act(database, effects, strict=True) == first
    with pytest.raises(DomainError) as raised:
        await _act(database, effects, strict=True, body=OTHER)
    assert (raised.value.kind, raised.value.code) == (ErrorKind.INVALID, "idempotency_key_reused")
    assert len(effects) == 1


async def test_strict_twins_with_different_bodies_have_one_effect(database: Database) -> None:
    effects: list[str] = []
    twins = (_act(database, effects, strict=True, body=body) for body in (BODY, OTHER))
    answers = await asyncio.gather(*twins, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["DomainError", "StoredAnswer"]
    assert len(effects) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb", "nul\0"])
async def test_key_that_cannot_be_one_is_refused(key: str, database: Database) -> None:
    with pytest.raises(DomainError, match="idempotency_key_invalid"):
        await _act(database, [], key=key)


async def test_keys_are_forgotten(database: Database) -> None:
    await _act(database, [])
    async with database.transaction() as tx:
        await forget(tx, datetime.now(UTC) - timedelta(hours=24))
        assert await tx.scalar(select(func.count()).select_from(idempotency_keys)) == 1
        await forget(tx, datetime.now(UTC) + timedelta(seconds=5))
        assert await tx.scalar(select(func.count()).select_from(idempotency_keys)) == 0


async def test_answer_kept_for_the_api_is_given_again_as_it_was() -> None:
    response = StoredAnswer(201, "/api/v1/tickets/7", '{"id": 7}').response()
    assert response.status_code == 201
    assert response.body == b'{"id": 7}'
    assert response.headers["location"] == "/api/v1/tickets/7"
    assert response.headers["idempotency-replayed"] == "true"


FORMS = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=4)


@given(FORMS, FORMS)
def test_hash_tells_forms_apart_and_ignores_key_and_order(one: dict[str, str], other: dict[str, str]) -> None:
    assert (form_hash(one) == form_hash(other)) == (one == other)
    assert form_hash(dict(reversed(list(one.items()))) | {"idempotency_key": "k"}) == form_hash(one)
