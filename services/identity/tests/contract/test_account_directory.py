"""Staff find accounts by any part of what stands in them, in whatever spelling, filtered and page by page."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chassis.database import Database
from identity.domain.account import AccountState
from identity.domain.account_search import AccountPlace, AccountQuery, search_form, search_terms, without_digraphs
from identity.usecases.ports import Records
from identity_builders import NOW, an_account


@pytest.fixture
async def known(records: Records) -> Records:
    """Four accounts, the first one the newest."""
    people = [
        an_account(
            "m.muell",
            email="jm@beispiel.at",
            display_name="Jürgen Müller-Lüdenscheidt",
            company="Café Größenwahn",
            street="Ringstraße 5",
            postal_code="1030",
            city="Wien",
            phone="+43 676 123-4567",
        ),
        an_account("mueller", email="mueller@musik.example", display_name="Gabriele Mueller", city="Sankt Pölten"),
        an_account("locked", display_name="Hans Huber", state=AccountState.LOCKED),
        an_account("agent", display_name="Tarek Hadid", roles=frozenset({"agent"})),
    ]
    for hours, person in enumerate(people):
        assert await records.accounts.add(replace(person, created_at=NOW - timedelta(hours=hours)))
    return records


async def found(records: Records, typed: str = "", **changes: object) -> list[str]:
    page = await records.directory.find(AccountQuery(search_terms(typed), **changes))  # type: ignore[arg-type]
    return [account.username for account in page.accounts]


FINDS = {
    "müller": ["m.muell", "mueller"],
    "MUELLER": ["m.muell", "mueller"],
    "Muller": ["m.muell", "mueller"],
    "ell": ["m.muell", "mueller"],
    "üll": ["m.muell", "mueller"],
    "denscheid": ["m.muell"],
    "jürgen wien": ["m.muell"],
    "jürgen graz": [],
    "groessenwahn": ["m.muell"],
    "größen": ["m.muell"],
    "ringstrasse": ["m.muell"],
    "sankt poelten": ["mueller"],
    "@musik.ex": ["mueller"],
    "0676 1234567": ["m.muell"],
    "+43 676 / 123 45 67": ["m.muell"],
    "1030": ["m.muell"],
    "ga": ["mueller"],
    "ub": [],
    "h": ["locked", "agent"],
    "100%": [],
    "_____": [],
    "'; --": [],
}


async def test_any_part_in_any_spelling_finds(known: Records) -> None:
    assert {typed: await found(known, typed) for typed in FINDS} == FINDS


async def test_without_words_everything_is_listed_newest_first(known: Records) -> None:
    assert await found(known) == ["m.muell", "mueller", "locked", "agent"]
    assert await found(known, "  ") == ["m.muell", "mueller", "locked", "agent"]


async def test_filters_narrow_what_the_words_find(known: Records) -> None:
    assert await found(known, state=AccountState.LOCKED) == ["locked"]
    assert await found(known, "h", role="staff") == ["agent"]
    assert await found(known, role="agent") == ["agent"]
    assert await found(known, role="admin") == []
    assert await found(known, role="customer") == ["m.muell", "mueller", "locked"]


async def test_holders_of_a_number_are_found_beside_the_words(known: Records) -> None:
    holder = await known.accounts.find_for_login("locked")
    assert holder is not None
    also = frozenset({holder.id, uuid4()})
    assert await found(known, "4711 0702", also=also) == ["locked"]
    assert await found(known, "hadid", also=also) == ["locked", "agent"]
    assert await found(known, "4711 0702", also=also, state=AccountState.ACTIVE) == []


async def test_pages_follow_one_another(known: Records) -> None:
    names: list[str] = []
    place: AccountPlace | None = None
    for _ in range(4):
        page = await known.directory.find(AccountQuery(size=1, after=place))
        names += [account.username for account in page.accounts]
        place = page.next
    assert names == ["m.muell", "mueller", "locked", "agent"]
    assert place is None


async def test_a_changed_account_is_found_by_its_new_data(known: Records) -> None:
    account = await known.accounts.find_for_login("mueller")
    assert account is not None
    assert await known.accounts.save(replace(account, city="Dornbirn"))
    assert await found(known, "dornb") == ["mueller"]
    assert await found(known, "poelten") == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.characters(codec="latin-1", exclude_characters="\0"), max_size=40))
async def test_database_and_domain_fold_alike(database: Database, written: str) -> None:
    async with database.transaction() as tx:
        form = await tx.scalar(text("SELECT search_form(:value)"), {"value": written})
        short = await tx.scalar(text("SELECT search_without_digraphs(:value)"), {"value": form})
    assert form == search_form(written)
    assert short == without_digraphs(search_form(written))
