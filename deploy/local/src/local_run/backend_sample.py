"""A sample of an organisation's own system: asked by an event, it answers over gRPC.

It is what another system would be: it knows the published events and services, has a certificate of its own, and
nothing else of the portal. `python -m local_run.backend_sample`, told by the environment.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from uuid import NAMESPACE_URL, uuid5

import grpc
import structlog
from kundenportal.customer_link.events.v1.events_pb2 import CustomerDataRequested
from kundenportal.customer_link.v1.customer_service_pb2 import (
    CustomerData,
    GetCustomerRequest,
    GetCustomerResponse,
    Invoice,
    PutCustomerDataRequest,
    PutInvoiceDocumentRequest,
)
from kundenportal.customer_link.v1.customer_service_pb2_grpc import CustomerServiceStub

from chassis import process
from chassis.bus_address import connect_bus
from chassis.errors import DomainError, ErrorKind
from chassis.health import Health
from chassis.http_server import HttpServer
from chassis.messaging import Event
from chassis.metrics import Metrics
from local_run.backend_records import BackendRecords
from local_run.invoice_press import press_invoices

if TYPE_CHECKING:
    from kundenportal.customer_link.v1.customer_service_pb2_grpc import CustomerServiceAsyncStub

NAME = "backend-sample"
REQUESTED = "kundenportal.customer_link.customer.data_requested.v1"
_SECONDS = 5
_WITH_PDF = 2  # the newest; older ones of this sample were sent on paper
_log = structlog.get_logger(__name__)
Press: TypeAlias = Callable[[str, CustomerData, Sequence[Invoice]], Awaitable[Mapping[str, bytes]]]
_AWAY = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.RESOURCE_EXHAUSTED}


class Backend:
    """Answers requests for the data of a customer number."""

    def __init__(
        self,
        customers: "CustomerServiceAsyncStub",
        records: BackendRecords,
        now: Callable[[], datetime],
        press: Press = press_invoices,
    ) -> None:
        self._customers = customers
        self._records = records
        self._now = now
        self._press = press
        self._one_at_a_time = asyncio.Semaphore(1)
        self._delivered: set[tuple[str, str]] = set()

    async def answer(self, event: Event) -> None:
        """Asks which number is meant, and sends what stands behind it.

        Raises:
            DomainError: unavailable; the bus keeps the event until the portal can be reached.
        """
        customer_id = event.payload(CustomerDataRequested).customer_id
        try:
            customer = await self._customers.GetCustomer(GetCustomerRequest(customer_id=customer_id), timeout=_SECONDS)
            data = self._records.find(customer.number, self._now())
            if data is not None:
                # Made from the event: asked twice, this is the same request.
                request = PutCustomerDataRequest(
                    request_id=str(uuid5(NAMESPACE_URL, str(event.id))), customer_id=customer_id, data=data
                )
                await self._customers.PutCustomerData(request, timeout=_SECONDS)
                await self._deliver(customer, data)
        except grpc.aio.AioRpcError as error:
            if error.code() in _AWAY:
                raise DomainError(ErrorKind.UNAVAILABLE, "customer_link_away") from error
            if error.code() is not grpc.StatusCode.NOT_FOUND:
                raise

    async def _deliver(self, customer: GetCustomerResponse, data: CustomerData) -> None:
        """The newest invoices as PDF, each once as long as this process runs."""
        async with self._one_at_a_time:
            wanted = [
                one for one in data.invoices[:_WITH_PDF] if (customer.customer_id, one.number) not in self._delivered
            ]
            try:
                pdfs = await self._press(customer.number, data, wanted)
            except OSError:
                _log.warning("invoices_not_set", customer_id=customer.customer_id, exc_info=True)
                return
            for invoice in wanted:
                request = PutInvoiceDocumentRequest(
                    customer_id=customer.customer_id, invoice_number=invoice.number, content=pdfs[invoice.number]
                )
                request.as_of_time.FromDatetime(datetime.fromisoformat(invoice.date).replace(tzinfo=UTC))
                await self._customers.PutInvoiceDocument(request, timeout=_SECONDS)
                self._delivered.add((customer.customer_id, invoice.number))


async def serve() -> None:
    """Listens to the bus until it is told to end."""
    records = BackendRecords.load(Path(os.environ["PORTAL_BRAND_DIR"]))
    bus = connect_bus(os.environ["PORTAL_BUS_URL"])
    channel = _channel(os.environ["PORTAL_CUSTOMER_LINK_GRPC"], Path(os.environ["PORTAL_TLS_DIR"]))
    backend = Backend(CustomerServiceStub(channel), records, lambda: datetime.now(UTC))
    health = Health({}, Metrics())
    await bus.subscribe(NAME, [REQUESTED], backend.answer)
    management = HttpServer("management", health, "127.0.0.1", int(os.environ["BACKEND_MANAGEMENT_PORT"]))
    await process.run([management, process.Resource("customer-link", lambda: channel.close(2)), bus], health)


def _channel(addresses: str, tls: Path) -> grpc.aio.Channel:
    authority, key, certificate = ((tls / name).read_bytes() for name in ("ca.pem", "key.pem", "cert.pem"))
    return grpc.aio.secure_channel(
        f"ipv4:{addresses}",
        grpc.ssl_channel_credentials(authority, key, certificate),
        options=(("grpc.ssl_target_name_override", "customer-link"), ("grpc.max_reconnect_backoff_ms", 2_000)),
    )


if __name__ == "__main__":
    process.main(serve())
