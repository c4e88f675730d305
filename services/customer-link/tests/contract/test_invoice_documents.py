"""What fake and real store of invoices as PDF promise alike."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from chassis.errors import DomainError
from chassis.testing_edges import START
from customer_link.domain.customer_data import CustomerData
from customer_link.usecases.ports import Records
from customer_link.usecases.put_invoice_document import (
    forget_unnamed_invoices,
    put_invoice_document,
    settled_without_file,
)
from customer_link_builders import CLUB, INN, an_invoice_document, some_data

LATER = START + timedelta(minutes=1)


async def named(records: Records) -> None:
    """The data of the inn name R-1 to R-3."""
    assert await records.customers.put_data(INN.id, some_data(), START)


async def test_an_invoice_is_shown_when_the_data_name_it(records: Records) -> None:
    third, unknown, others = (an_invoice_document(*one) for one in ((INN, "R-3"), (INN, "R-9"), (CLUB, "R-3")))
    for one in (third, unknown, others):
        assert await put_invoice_document(one, records=records)
    assert await records.invoices.named(INN.id) == []
    await named(records)
    assert await records.invoices.named(INN.id) == [third]
    assert await records.invoices.named(CLUB.id) == []
    keys = [third.file_id, unknown.file_id, uuid4()]
    assert await records.invoices.known(keys) == set(keys[:2])


async def test_a_newer_document_replaces_an_older_one_under_its_address(records: Records) -> None:
    await named(records)
    first = an_invoice_document(INN)
    second = an_invoice_document(INN, as_of=LATER, sha256=b"6" * 32)
    assert await settled_without_file(first, records=records) is None
    assert await put_invoice_document(first, records=records)
    assert await settled_without_file(replace(first, id=uuid4(), file_id=uuid4()), records=records) is True
    assert await settled_without_file(second, records=records) is None
    assert await put_invoice_document(second, records=records)
    assert await settled_without_file(first, records=records) is False
    assert await put_invoice_document(first, records=records) is False
    assert await records.invoices.named(INN.id) == [replace(second, id=first.id)]
    assert await records.invoices.known([first.file_id]) == set()


async def test_documents_for_nobody_and_from_the_future_are_refused(records: Records) -> None:
    with pytest.raises(DomainError, match="customer_unknown"):
        await settled_without_file(replace(an_invoice_document(INN), customer_id=uuid4()), records=records)
    with pytest.raises(DomainError, match="document_from_the_future"):
        await settled_without_file(an_invoice_document(INN, as_of=START + timedelta(minutes=6)), records=records)


async def test_what_no_data_name_any_more_is_forgotten_after_a_day(records: Records) -> None:
    await named(records)
    stays, goes = an_invoice_document(INN, "R-3"), an_invoice_document(INN, "R-2")
    for one in (stays, goes):
        assert await put_invoice_document(one, records=records)
    fewer: CustomerData = replace(some_data(LATER), invoices=some_data().invoices[:1])
    assert await records.customers.put_data(INN.id, fewer, LATER)
    assert await records.invoices.named(INN.id) == [stays]
    day = timedelta(days=1)
    assert await forget_unnamed_invoices(records=records, clock=lambda: START + day) == 0
    assert await forget_unnamed_invoices(records=records, clock=lambda: LATER + day) == 1
    assert await records.invoices.known([stays.file_id, goes.file_id]) == {stays.file_id}
