"""The records of the sample backend: brands/<id>/backend.toml, by customer number."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict
from kundenportal.customer_link.v1.customer_service_pb2 import CustomerData


class BackendRecords:
    """What an organisation's own system would know of its customers."""

    def __init__(self, customers: Mapping[str, Mapping[str, Any]]) -> None:
        self._customers = customers

    @classmethod
    def load(cls, brand: Path) -> "BackendRecords":
        """Reads the brand pack's records; a pack without them knows nobody."""
        file = brand / "backend.toml"
        found = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return cls({_plain(each["number"]): each for each in found.get("customer", [])})

    @property
    def numbers(self) -> list[str]:
        """The customer numbers that are known, without blanks."""
        return list(self._customers)

    def find(self, number: str, now: datetime) -> CustomerData | None:
        """The data of a customer number as they are now; None for a number that is not known."""
        record = self._customers.get(_plain(number))
        if record is None:
            return None
        fields = {name: value for name, value in record.items() if name in {"name", "address_lines"}}
        fields["contracts"] = [_contract(each) for each in record.get("contracts", [])]
        fields["invoices"] = [_invoice(each) for each in record.get("invoices", [])]
        data = ParseDict(fields, CustomerData())
        data.as_of_time.FromDatetime(now.astimezone(UTC))
        return data


def _contract(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in record.items()}


def _invoice(record: Mapping[str, Any]) -> dict[str, Any]:
    state = f"INVOICE_STATE_{str(record.get('state', 'open')).upper()}"
    return {"currency": "EUR", **{name: _text(value) for name, value in record.items()}, "state": state}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _plain(number: str) -> str:
    return "".join(number.split())
