"""The data behind a number as the JSON column holds them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from customer_link.domain.customer_data import Contract, CustomerData, Invoice, InvoiceState


def data_to_json(data: CustomerData) -> dict[str, Any]:
    """What goes into the column; the time has one of its own."""
    return {
        "name": data.name,
        "address_lines": list(data.address_lines),
        "contracts": [
            {
                "reference": contract.reference,
                "title": contract.title,
                "starts": contract.starts.isoformat(),
                "ends": contract.ends.isoformat() if contract.ends else None,
            }
            for contract in data.contracts
        ],
        "invoices": [
            {
                "number": invoice.number,
                "date": invoice.issued.isoformat(),
                "due": invoice.due.isoformat(),
                "amount_cents": invoice.amount_cents,
                "currency": invoice.currency,
                "state": invoice.state.value,
            }
            for invoice in data.invoices
        ],
    }


def data_from_json(as_of: datetime, stored: Mapping[str, Any]) -> CustomerData:
    """The reverse."""
    return CustomerData(
        as_of=as_of,
        name=stored["name"],
        address_lines=tuple(stored["address_lines"]),
        contracts=tuple(_contract(each) for each in stored["contracts"]),
        invoices=tuple(_invoice(each) for each in stored["invoices"]),
    )


def _contract(stored: Mapping[str, Any]) -> Contract:
    ends = date.fromisoformat(stored["ends"]) if stored["ends"] else None
    return Contract(stored["reference"], stored["title"], date.fromisoformat(stored["starts"]), ends)


def _invoice(stored: Mapping[str, Any]) -> Invoice:
    return Invoice(
        number=stored["number"],
        issued=date.fromisoformat(stored["date"]),
        due=date.fromisoformat(stored["due"]),
        amount_cents=stored["amount_cents"],
        currency=stored["currency"],
        state=InvoiceState(stored["state"]),
    )
