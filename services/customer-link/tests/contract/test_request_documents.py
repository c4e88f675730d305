"""What fake and real store of documents promise alike."""

from datetime import timedelta
from uuid import uuid4

from chassis.testing_edges import START
from customer_link.domain.link_request import Act, Step
from customer_link.usecases.forget_documents import forget_documents
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND, CLUB, INN, a_code, a_document, a_request, give_code

LATER = START + timedelta(minutes=5)


async def test_documents_belong_to_a_request_and_its_account(records: Records) -> None:
    code = await give_code(records, INN, a_code())
    mine, others = a_request(ANNA, INN, code.id), a_request(BERND, CLUB, code.id)
    for request in (mine, others):
        assert await records.requests.add(request)
    second, first = a_document(mine.id, "Vertrag.pdf"), a_document(mine.id, "Bescheid.pdf")
    theirs = a_document(others.id)
    await records.documents.add([second, first])
    await records.documents.add([theirs])
    await records.documents.add([])
    assert await records.documents.of_request(mine.id) == [first, second]
    assert await records.documents.of_request(uuid4()) == []
    assert await records.documents.mine(ANNA, mine.id, first.id) == first
    assert await records.documents.get(mine.id, first.id) == first
    for account_id, request_id, document_id in (
        (BERND, mine.id, first.id),
        (ANNA, others.id, theirs.id),
        (ANNA, mine.id, theirs.id),
        (ANNA, mine.id, uuid4()),
    ):
        assert await records.documents.mine(account_id, request_id, document_id) is None
    assert await records.documents.get(mine.id, theirs.id) is None
    stranger = uuid4()
    assert await records.documents.known([first.id, theirs.id, stranger]) == {first.id, theirs.id}
    assert await records.documents.known([]) == set()


async def test_documents_are_forgotten_after_the_end_of_their_request(records: Records) -> None:
    code = await give_code(records, INN, a_code())
    ended, waiting = a_request(ANNA, INN, code.id), a_request(BERND, CLUB, code.id)
    for request in (ended, waiting):
        assert await records.requests.add(request)
    old = [a_document(ended.id), a_document(ended.id, "Foto.jpg")]
    stays = a_document(waiting.id)
    await records.documents.add([*old, stays])
    assert await records.requests.move(Step(ended.id, Act.WITHDRAW, LATER, ANNA))
    assert await records.documents.forget(LATER, 10) == []
    [first] = await records.documents.forget(LATER + timedelta(seconds=1), 1)
    kept = timedelta(days=90)
    assert await forget_documents(records=records, clock=lambda: LATER + kept + timedelta(1), kept=kept) == 1
    assert await records.documents.known([one.id for one in (*old, stays)]) == {stays.id}
    assert first in {one.id for one in old}
