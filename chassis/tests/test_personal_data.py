"""What a service says and erases of a person, over gRPC."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kundenportal.privacy.v1 import personal_data_service_pb2 as messages

from chassis.database import Database, Transaction
from chassis.errors import DomainError
from chassis.personal_data import Holdings, PersonalDataServicer, to_document
from chassis.testing import FakeClock

ANNA = UUID(int=7)


class Held:
    """Something about Anna, once."""

    def __init__(self) -> None:
        self.entries = [{"at": datetime(2026, 11, 22, tzinfo=UTC), "id": ANNA}]

    async def export(self, _tx: Transaction, account_id: UUID) -> Holdings:
        return {"things": self.entries if account_id == ANNA else []}

    async def erase(self, _tx: Transaction, account_id: UUID) -> int:
        erased = len(self.entries) if account_id == ANNA else 0
        self.entries = []
        return erased


@pytest.fixture
async def servicer(database_factory: Callable[[str], Awaitable[Database]]) -> PersonalDataServicer:
    return PersonalDataServicer(await database_factory("sample_service"), Held(), FakeClock())


async def test_the_document_has_what_is_held_about_the_one_asked_for(servicer: PersonalDataServicer) -> None:
    asked = messages.ExportPersonalDataRequest(account_id=str(ANNA))
    answer = await servicer.ExportPersonalData(asked, None)
    assert answer.media_type == "application/json"
    assert json.loads(answer.document) == {"things": [{"at": "2026-11-22T00:00:00+00:00", "id": str(ANNA)}]}
    asked.account_id = str(uuid4())
    assert json.loads((await servicer.ExportPersonalData(asked, None)).document) == {"things": []}


async def test_a_repeated_erasure_gives_the_first_receipt(servicer: PersonalDataServicer) -> None:
    asked = messages.ErasePersonalDataRequest(account_id=str(ANNA), request_id="closing-1")
    first = await servicer.ErasePersonalData(asked, None)
    assert first.erased_count == 1
    assert await servicer.ErasePersonalData(asked, None) == first
    asked.request_id = "closing-2"
    assert (await servicer.ErasePersonalData(asked, None)).erased_count == 0


async def test_one_request_id_is_for_one_person(servicer: PersonalDataServicer) -> None:
    await servicer.ErasePersonalData(messages.ErasePersonalDataRequest(account_id=str(ANNA), request_id="x"), None)
    other = messages.ErasePersonalDataRequest(account_id=str(uuid4()), request_id="x")
    with pytest.raises(DomainError):
        await servicer.ErasePersonalData(other, None)


async def test_what_is_no_id_is_refused(servicer: PersonalDataServicer) -> None:
    with pytest.raises(DomainError, match="id_invalid"):
        await servicer.ExportPersonalData(messages.ExportPersonalDataRequest(account_id="anna"), None)


@given(
    st.dictionaries(st.text(max_size=5), st.lists(st.fixed_dictionaries({"text": st.text(max_size=50)})), max_size=4)
)
def test_a_document_stays_within_its_size_and_keeps_the_newest(holdings: dict[str, list[dict[str, str]]]) -> None:
    document, truncated = to_document(holdings, largest=400)
    kept = json.loads(document)
    assert len(document) <= 400
    assert kept.keys() == holdings.keys()
    assert all(holdings[section][: len(entries)] == entries for section, entries in kept.items())
    assert truncated == (kept != holdings)
