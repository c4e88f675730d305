"""The history's contract: kept whole, read newest first and page by page, never another account's."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from identity.domain.history import ActorKind, HistoryAction, HistoryPlace, HistoryRange
from identity.usecases.ports import Records
from identity_builders import NOW, an_account, an_entry


async def test_an_entry_is_kept_whole(records: Records) -> None:
    account = an_account()
    assert await records.accounts.add(account)
    entry = an_entry(
        account,
        actor_kind=ActorKind.STAFF,
        actor_id=uuid4(),
        reason="Anruf",
        details={"before": "active", "after": "locked"},
    )
    await records.history.add(entry)
    page = await records.history.of_account(account.id, HistoryRange())
    assert (list(page.entries), page.next) == ([entry], None)


async def test_pages_follow_one_another_without_gap_or_repetition(records: Records) -> None:
    anna, berta = an_account("anna"), an_account("berta")
    for account in (anna, berta):
        assert await records.accounts.add(account)
    # Three of the same moment: the place between two pages must tell them apart.
    moments = [NOW - timedelta(minutes=minutes) for minutes in (0, 5, 5, 5, 9)]
    entries = [an_entry(anna, id=UUID(int=9 - number), at=at) for number, at in enumerate(moments)]
    for entry in (*entries, an_entry(berta)):
        await records.history.add(entry)
    found, place, sizes = [], None, []
    while True:
        page = await records.history.of_account(anna.id, HistoryRange(2, place))
        found += page.entries
        sizes.append(len(page.entries))
        place = page.next
        if place is None:
            break
    assert found == entries
    assert sizes == [2, 2, 1]


async def test_the_last_full_page_has_no_next_one(records: Records) -> None:
    account = an_account()
    assert await records.accounts.add(account)
    for minutes in range(2):
        await records.history.add(an_entry(account, at=NOW - timedelta(minutes=minutes)))
    page = await records.history.of_account(account.id, HistoryRange(2))
    assert page.next is None
    beyond = HistoryPlace(NOW - timedelta(days=1), uuid4())
    assert list((await records.history.of_account(account.id, HistoryRange(2, beyond))).entries) == []


async def test_the_last_time_that_somebody_did_something_is_found(records: Records) -> None:
    anna, agent, other = an_account("anna"), uuid4(), uuid4()
    assert await records.accounts.add(anna)
    look = HistoryAction.LOOKED_AT
    for hours, actor, action in (
        (9, agent, look),
        (2, agent, look),
        (1, other, look),
        (0, agent, HistoryAction.SIGNED_IN),
    ):
        entry = an_entry(
            anna, at=NOW - timedelta(hours=hours), actor_kind=ActorKind.STAFF, actor_id=actor, action=action, reason="x"
        )
        await records.history.add(entry)
    found = await records.history.last_by(anna.id, agent, look, NOW - timedelta(hours=3))
    assert found is not None
    assert found.at == NOW - timedelta(hours=2)
    assert await records.history.last_by(anna.id, agent, look, NOW - timedelta(hours=2)) is None
    assert await records.history.last_by(uuid4(), agent, look, NOW - timedelta(days=1)) is None


async def test_old_entries_are_deleted(records: Records) -> None:
    account = an_account()
    assert await records.accounts.add(account)
    new, old = an_entry(account), an_entry(account, at=NOW - timedelta(days=731))
    for entry in (old, new):
        await records.history.add(entry)
    assert await records.history.delete_older(NOW - timedelta(days=730)) == 1
    assert list((await records.history.of_account(account.id, HistoryRange())).entries) == [new]


def test_a_reason_is_short() -> None:
    with pytest.raises(ValueError, match="200"):
        an_entry(an_account(), reason="x" * 201)
