"""The sample backend against a customer service over real gRPC."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import grpc
import pytest
from kundenportal.customer_link.v1 import customer_service_pb2 as messages
from kundenportal.customer_link.v1 import customer_service_pb2_grpc as services

from chassis.errors import DomainError
from chassis.messaging import Event
from local_run.backend_records import BackendRecords
from local_run.backend_sample import REQUESTED, Backend
from local_run.checkout import BRANDS
from local_run.data_folder import known_brands
from local_run.invoice_press import press_invoices

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TOML = """
[[customer]]
number = "4711 0702"
name = "Gasthaus Kröll"
address_lines = ["Hauptplatz 1", "8010 Graz"]
[[customer.contracts]]
reference = "L-1"
title = "Hintergrundmusik"
start_date = 2024-01-01
[[customer.invoices]]
number = "R-1"
date = 2026-10-01
due_date = 2026-10-31
amount_cents = 12345
state = "overdue"
"""


class CustomersOfAnotherProcess(services.CustomerServiceServicer):
    """Knows one customer; keeps what it is given."""

    def __init__(self, failure: grpc.StatusCode | None = None) -> None:
        self.failure = failure
        self.puts: list[messages.PutCustomerDataRequest] = []
        self.pdfs: list[messages.PutInvoiceDocumentRequest] = []

    async def GetCustomer(  # noqa: N802 - the service's name
        self, request: messages.GetCustomerRequest, context: grpc.aio.ServicerContext
    ) -> messages.GetCustomerResponse:
        if self.failure is not None:
            await context.abort(self.failure, "told to")
        return messages.GetCustomerResponse(customer_id=request.customer_id, number="47110702", type="gastronomie")

    async def PutCustomerData(  # noqa: N802 - the service's name
        self, request: messages.PutCustomerDataRequest, context: grpc.aio.ServicerContext
    ) -> messages.PutCustomerDataResponse:
        self.puts.append(request)
        return messages.PutCustomerDataResponse(applied=True)

    async def PutInvoiceDocument(  # noqa: N802 - the service's name
        self, request: messages.PutInvoiceDocumentRequest, context: grpc.aio.ServicerContext
    ) -> messages.PutInvoiceDocumentResponse:
        self.pdfs.append(request)
        return messages.PutInvoiceDocumentResponse(applied=True)


Customers = tuple[CustomersOfAnotherProcess, services.CustomerServiceStub]


@pytest.fixture
async def customers() -> AsyncIterator[Customers]:
    server, servicer = grpc.aio.server(), CustomersOfAnotherProcess()
    services.add_CustomerServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield servicer, services.CustomerServiceStub(channel)
    await server.stop(0)


@pytest.fixture
def records(tmp_path: Path) -> BackendRecords:
    (tmp_path / "backend.toml").write_text(TOML)
    return BackendRecords.load(tmp_path)


def requested() -> Event:
    customer_id = str(uuid4())
    return Event(uuid4(), REQUESTED, "customer-link", customer_id, 1, NOW, {"customerId": customer_id})


async def paper(number: str, data: messages.CustomerData, wanted: Sequence[messages.Invoice]) -> dict[str, bytes]:
    return {one.number: f"%PDF- {number} {one.number}".encode() for one in wanted}


async def test_a_request_is_answered_with_the_record_of_the_number(
    customers: Customers, records: BackendRecords
) -> None:
    servicer, stub = customers
    event = requested()
    backend = Backend(stub, records, lambda: NOW, paper)
    await backend.answer(event)
    await backend.answer(event)
    first, second = servicer.puts
    assert first.request_id == second.request_id
    assert first.customer_id == event.subject
    assert first.data.name == "Gasthaus Kröll"
    assert list(first.data.address_lines) == ["Hauptplatz 1", "8010 Graz"]
    assert first.data.contracts[0].start_date == "2024-01-01"
    assert first.data.invoices[0].state == messages.INVOICE_STATE_OVERDUE
    assert first.data.invoices[0].currency == "EUR"
    assert first.data.as_of_time.ToDatetime(UTC) == NOW
    [pdf] = servicer.pdfs
    assert (pdf.customer_id, pdf.invoice_number, pdf.content) == (event.subject, "R-1", b"%PDF- 47110702 R-1")
    assert pdf.as_of_time.ToDatetime(UTC) == datetime(2026, 10, 1, tzinfo=UTC)


async def test_data_are_sent_when_no_invoice_can_be_set(customers: Customers, records: BackendRecords) -> None:
    async def broken(number: str, data: messages.CustomerData, wanted: object) -> dict[str, bytes]:
        raise OSError("no paper")

    servicer, stub = customers
    await Backend(stub, records, lambda: NOW, broken).answer(requested())
    assert (len(servicer.puts), servicer.pdfs) == (1, [])


async def test_an_invoice_is_set_as_the_same_accessible_pdf_each_time(records: BackendRecords) -> None:
    data = records.find("4711 0702", NOW)
    assert data is not None
    first = await press_invoices("4711 0702", data, data.invoices)
    assert first == await press_invoices("4711 0702", data, data.invoices)
    assert first["R-1"].startswith(b"%PDF-")
    assert b"/StructTreeRoot" in first["R-1"]
    assert len(first["R-1"]) < 100_000
    assert await press_invoices("4711 0702", data, []) == {}


async def test_an_absent_portal_keeps_the_event_waiting(customers: Customers, records: BackendRecords) -> None:
    servicer, stub = customers
    servicer.failure = grpc.StatusCode.UNAVAILABLE
    with pytest.raises(DomainError):
        await Backend(stub, records, lambda: NOW).answer(requested())


async def test_a_customer_that_is_gone_is_let_go(customers: Customers, records: BackendRecords) -> None:
    servicer, stub = customers
    servicer.failure = grpc.StatusCode.NOT_FOUND
    await Backend(stub, records, lambda: NOW).answer(requested())
    assert servicer.puts == []


async def test_an_unknown_number_is_not_answered(customers: Customers) -> None:
    servicer, stub = customers
    await Backend(stub, BackendRecords({}), lambda: NOW).answer(requested())
    assert servicer.puts == []


@pytest.mark.parametrize("brand", known_brands())
def test_the_brand_packs_records_can_be_read(brand: str) -> None:
    records = BackendRecords.load(BRANDS / brand)
    for number in records.numbers:
        assert records.find(number, NOW) is not None
