"""The data behind a customer number, as the organisation's own system told them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class InvoiceState(StrEnum):
    """Whether an invoice is paid."""

    OPEN = "open"
    PAID = "paid"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Contract:
    """A licence or contract; without an end it goes on."""

    reference: str
    title: str
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice; the amount in hundredths of the currency."""

    number: str
    issued: date
    due: date
    amount_cents: int
    currency: str
    state: InvoiceState

    @property
    def unpaid(self) -> bool:
        """Whether something is still to be paid."""
        return self.state is not InvoiceState.PAID

    @property
    def amount(self) -> Decimal:
        """In whole units of the currency."""
        return Decimal(self.amount_cents).scaleb(-2)


@dataclass(frozen=True, slots=True)
class CustomerData:
    """All of it at one time."""

    as_of: datetime
    name: str
    address_lines: tuple[str, ...]
    contracts: tuple[Contract, ...]
    invoices: tuple[Invoice, ...]

    @property
    def open_amounts(self) -> Mapping[str, Decimal]:
        """What is still to be paid, by currency; empty when nothing is."""
        amounts: dict[str, Decimal] = {}
        for invoice in self.invoices:
            if invoice.unpaid:
                amounts[invoice.currency] = amounts.get(invoice.currency, Decimal()) + invoice.amount
        return amounts

    @property
    def overdue(self) -> bool:
        """Whether something should have been paid by now."""
        return any(invoice.state is InvoiceState.OVERDUE for invoice in self.invoices)

    @property
    def next_due(self) -> date | None:
        """The earliest day on which something unpaid is due."""
        return min((invoice.due for invoice in self.invoices if invoice.unpaid), default=None)

    @property
    def place(self) -> str:
        """The last line of the address, which names the town."""
        return self.address_lines[-1] if self.address_lines else ""
