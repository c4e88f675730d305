"""CustomerService: how the organisation's own systems bring the data behind a number."""

from datetime import UTC, date
from typing import Any

from kundenportal.customer_link.v1 import customer_service_pb2 as messages
from kundenportal.customer_link.v1.customer_service_pb2_grpc import CustomerServiceServicer

from chassis.errors import DomainError, ErrorKind
from chassis.idempotency import StoredAnswer, form_hash, keep, replay
from customer_link.domain.customer_data import Contract, CustomerData, Invoice, InvoiceState
from customer_link.entrypoints.grpc_invoice_documents import InvoiceDocumentCalls
from customer_link.entrypoints.ids import read_id
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.put_customer_data import put_customer_data

_CALLER = "grpc"
_ROUTE = "PutCustomerData"
_STATES = {
    messages.INVOICE_STATE_OPEN: InvoiceState.OPEN,
    messages.INVOICE_STATE_PAID: InvoiceState.PAID,
    messages.INVOICE_STATE_OVERDUE: InvoiceState.OVERDUE,
}


class CustomerServicer(InvoiceDocumentCalls, CustomerServiceServicer):
    """Granted to backends by name."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    async def GetCustomer(  # noqa: N802 - the name of the RPC
        self, request: messages.GetCustomerRequest, _context: Any
    ) -> messages.GetCustomerResponse:
        """Number and type; NOT_FOUND for an unknown id."""
        async with self._workplace.open() as records:
            customer = await records.customers.get(read_id(request.customer_id))
        if customer is None:
            raise DomainError(ErrorKind.NOT_FOUND, "customer_unknown", "There is no such customer.")
        return messages.GetCustomerResponse(customer_id=str(customer.id), number=customer.number, type=customer.type)

    async def PutCustomerData(  # noqa: N802 - the name of the RPC
        self, request: messages.PutCustomerDataRequest, _context: Any
    ) -> messages.PutCustomerDataResponse:
        """Replaces older data; the same request id gives the same answer, however often it comes."""
        customer_id, data = read_id(request.customer_id), _read_data(request.data)
        # Only the customer: a backend that was asked twice may have read newer data, and is done all the same.
        body = form_hash({"customer_id": str(customer_id)})
        async with self._workplace.database.transaction() as tx:
            stored = await replay(tx, _CALLER, _ROUTE, request.request_id, body, strict=True)
            if stored:
                return messages.PutCustomerDataResponse(applied=stored.body == "applied")
            applied = await put_customer_data(
                customer_id,
                data,
                records=self._workplace.records(tx),
                clock=self._workplace.rules.clock,
                refresh_after=self._workplace.data_max_age,
            )
            answer = StoredAnswer(200, None, "applied" if applied else "older")
            await keep(tx, _CALLER, _ROUTE, request.request_id, body, answer)
        return messages.PutCustomerDataResponse(applied=applied)


def _read_data(sent: messages.CustomerData) -> CustomerData:
    if not sent.HasField("as_of_time") or not sent.name.strip():
        raise DomainError(ErrorKind.INVALID, "data_incomplete", "Data need as_of_time and name.")
    return CustomerData(
        as_of=sent.as_of_time.ToDatetime(UTC),
        name=_line(sent.name.strip()),
        address_lines=tuple(map(_line, sent.address_lines)),
        contracts=tuple(_read_contract(contract) for contract in sent.contracts),
        invoices=tuple(_read_invoice(invoice) for invoice in sent.invoices),
    )


def _read_contract(sent: messages.Contract) -> Contract:
    ends = _read_date(sent.end_date) if sent.end_date else None
    return Contract(_line(sent.reference), _line(sent.title), _read_date(sent.start_date), ends)


def _read_invoice(sent: messages.Invoice) -> Invoice:
    if sent.state not in _STATES:
        raise DomainError(ErrorKind.INVALID, "invoice_state_unknown", "An invoice is open, paid or overdue.")
    return Invoice(
        number=_line(sent.number),
        issued=_read_date(sent.date),
        due=_read_date(sent.due_date),
        amount_cents=sent.amount_cents,
        currency=_line(sent.currency),
        state=_STATES[sent.state],
    )


def _line(text: str) -> str:
    """One line of what can be shown: the database keeps no NUL, and a page no control characters."""
    if not text.isprintable():
        raise DomainError(ErrorKind.INVALID, "text_unprintable", "A text is one line of printable characters.")
    return text


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(ErrorKind.INVALID, "date_invalid", "A day is written YYYY-MM-DD.") from error
