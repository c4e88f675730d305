"""`/api/v1/customers`: one's own customer numbers as JSON."""

from typing import Any

from fastapi import APIRouter

from chassis.callers import SignedIn
from customer_link.domain.customer import LinkedCustomer
from customer_link.domain.customer_data import Contract, CustomerData, Invoice
from customer_link.entrypoints.workplace import Workplace


class CustomerApi:
    """The JSON twin of the list and the data pages."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self.router = APIRouter()
        self.router.add_api_route("/api/v1/customers", self.list, methods=["GET"], response_model=None)

    async def list(self, caller: SignedIn) -> dict[str, Any]:
        """All numbers of the caller; `data` is null while they are on their way. Few, so there are no pages."""
        async with self._workplace.open() as records:
            held = await records.links.linked(caller.account_id)
        return {"customers": [_shown(linked) for linked in held]}


def _shown(linked: LinkedCustomer) -> dict[str, Any]:
    customer = linked.customer
    return {
        "customer_id": str(customer.id),
        "number": customer.number,
        "type": customer.type,
        "organisation_id": str(customer.organisation_id),
        "link_time": linked.linked_at.isoformat(),
        "data": _data(linked.data) if linked.data else None,
    }


def _data(data: CustomerData) -> dict[str, Any]:
    return {
        "as_of_time": data.as_of.isoformat(),
        "name": data.name,
        "address_lines": list(data.address_lines),
        "contracts": [_contract(contract) for contract in data.contracts],
        "invoices": [_invoice(invoice) for invoice in data.invoices],
    }


def _contract(contract: Contract) -> dict[str, Any]:
    return {
        "reference": contract.reference,
        "title": contract.title,
        "start_date": contract.starts.isoformat(),
        "end_date": contract.ends.isoformat() if contract.ends else None,
    }


def _invoice(invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "date": invoice.issued.isoformat(),
        "due_date": invoice.due.isoformat(),
        "amount_cents": invoice.amount_cents,
        "currency": invoice.currency,
        "state": invoice.state.value,
    }
