"""Customer data as the JSON document in which they are kept."""

from datetime import date, datetime
from typing import Any

from customer_link.domain.customer_data import Contract, CustomerData, Invoice, InvoiceState


def to_document(data: CustomerData) -> dict[str, Any]:
    """Everything but the time, which has a column of its own."""
    return {
        "name": data.name,
        "address": list(data.address_lines),
        "contracts": [
            {
                "reference": one.reference,
                "title": one.title,
                "starts": one.starts.isoformat(),
                "ends": one.ends.isoformat() if one.ends else None,
            }
            for one in data.contracts
        ],
        "invoices": [
            {
                "number": one.number,
                "date": one.issued.isoformat(),
                "due": one.due.isoformat(),
                "cents": one.amount_cents,
                "currency": one.currency,
                "state": one.state.value,
            }
            for one in data.invoices
        ],
    }


def from_document(document: dict[str, Any], as_of: datetime) -> CustomerData:
    """What to_document made."""
    return CustomerData(
        as_of=as_of,
        name=document["name"],
        address_lines=tuple(document["address"]),
        contracts=tuple(_contract(one) for one in document["contracts"]),
        invoices=tuple(_invoice(one) for one in document["invoices"]),
    )


def _contract(one: dict[str, Any]) -> Contract:
    ends = date.fromisoformat(one["ends"]) if one["ends"] else None
    return Contract(one["reference"], one["title"], date.fromisoformat(one["starts"]), ends)


def _invoice(one: dict[str, Any]) -> Invoice:
    return Invoice(
        number=one["number"],
        issued=date.fromisoformat(one["date"]),
        due=date.fromisoformat(one["due"]),
        amount_cents=one["cents"],
        currency=one["currency"],
        state=InvoiceState(one["state"]),
    )
