"""What tests of customer-link begin with."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from chassis.key_ring import KeyRing
from chassis.testing_edges import START
from customer_link.adapters.code_keeper import SealingKeeper
from customer_link.adapters.mail_address import read_mail_address
from customer_link.domain.activation_code import make_code
from customer_link.domain.code_state import ActivationCode, CodeState
from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Link, LinkLimits, Organisation
from customer_link.domain.customer_data import Contract, CustomerData, Invoice, InvoiceState
from customer_link.domain.invitation import Invitation, Purpose
from customer_link.domain.invoice_document import InvoiceDocument
from customer_link.domain.link_request import AskReason, LinkRequest, RequestKind
from customer_link.domain.request_document import RequestDocument
from customer_link.usecases.import_contacts import ImportRules
from customer_link.usecases.import_lines import CustomerImportRules
from customer_link.usecases.link_customer import LinkRules
from customer_link.usecases.ports import Records

KEYS = "k1:" + base64.b64encode(b"k" * 32).decode()
KINDS = ("gastronomie", "handel", "veranstaltung")
KEEPER = SealingKeeper(KeyRing.parse(KEYS))
ANNA, BERND, CLARA = UUID(int=1001), UUID(int=1002), UUID(int=1003)
GASTHAUS = Organisation(UUID(int=1), "Gasthaus Zum Goldenen Ton")
VEREIN = Organisation(UUID(int=2), "Kulturverein Donaukanal")
INN = Customer(UUID(int=11), "4711 0702", "gastronomie", GASTHAUS.id)
CONCERT = Customer(UUID(int=12), "4711 0933", "veranstaltung", GASTHAUS.id)
SECOND_INN = Customer(UUID(int=13), "4711 0815", "gastronomie", GASTHAUS.id)
CLUB = Customer(UUID(int=14), "4802 0110", "veranstaltung", VEREIN.id)


def a_code(seed: int = 7) -> str:
    """A well-formed code, the same for the same seed."""
    return make_code(Random(seed).randrange)


def some_data(as_of: datetime = START, name: str = "Gasthaus Zum Goldenen Ton") -> CustomerData:
    """One unpaid invoice of 128,40 €, one overdue of 60 €, one paid."""
    return CustomerData(
        as_of=as_of,
        name=name,
        address_lines=("Hauptplatz 1", "1030 Wien"),
        contracts=(
            Contract("L-1", "Hintergrundmusik", date(2024, 1, 1), None),
            Contract("L-2", "Sommerfest", date(2025, 7, 1), date(2025, 7, 3)),
        ),
        invoices=(
            Invoice("R-3", date(2026, 11, 1), date(2026, 11, 30), 12_840, "EUR", InvoiceState.OPEN),
            Invoice("R-2", date(2026, 8, 1), date(2026, 8, 31), 6_000, "EUR", InvoiceState.OVERDUE),
            Invoice("R-1", date(2026, 5, 1), date(2026, 5, 31), 12_840, "EUR", InvoiceState.PAID),
        ),
    )


def rules(clock: Callable[[], datetime], *, holders: int = 1, per_type: int = 1) -> LinkRules:
    """The rules of an installation with these limits."""
    return LinkRules(LinkLimits(holders, per_type), KEEPER, clock, uuid4)


def import_rules(clock: Callable[[], datetime] = lambda: START) -> CustomerImportRules:
    """The rules of an installation in Vienna with two kinds of numbers."""
    contacts = ImportRules(read_mail_address, uuid4, ("de", "en"))
    return CustomerImportRules(contacts, KINDS, clock, ZoneInfo("Europe/Vienna"), timedelta(hours=24))


async def stock(records: Records, *customers: Customer) -> None:
    """Makes the organisations and numbers known."""
    for organisation in (GASTHAUS, VEREIN):
        await records.customers.add_organisation(organisation)
    for customer in customers or (INN, CONCERT, SECOND_INN, CLUB):
        await records.customers.add(customer)


def an_activation_code(customer: Customer, code: str, now: datetime = START, **changes: Any) -> ActivationCode:
    """A code of a number, valid for 30 days unless said otherwise."""
    issued = ActivationCode(
        id=UUID(int=int.from_bytes(code.encode(), "big")),
        customer_id=customer.id,
        state=CodeState.ISSUED,
        issued_at=now,
        valid_until=now + timedelta(days=30),
    )
    return replace(issued, **changes)


async def give_code(
    records: Records, customer: Customer, code: str, now: datetime = START, **changes: Any
) -> ActivationCode:
    """Keeps a code for a number."""
    issued = an_activation_code(customer, code, now, **changes)
    await records.codes.add(issued, KEEPER.keep(issued.id, code))
    return issued


def a_link(
    account_id: UUID, customer: Customer, now: datetime = START, *, holder_slot: int = 1, type_slot: int = 1
) -> Link:
    """A link in the first slots."""
    return Link(uuid4(), account_id, customer.id, customer.type, holder_slot, type_slot, now)


def a_contact(email: str = "martha@example.com", organisation: Organisation = GASTHAUS, **changes: Any) -> Contact:
    """A named person without an account."""
    return replace(Contact(uuid4(), organisation.id, email, "Martha Gold", "de"), **changes)


def a_request(
    account_id: UUID, customer: Customer, code_id: UUID, now: datetime = START, **changes: Any
) -> LinkRequest:
    """A request for a number that another one holds."""
    request = LinkRequest(
        id=uuid4(),
        account_id=account_id,
        customer_id=customer.id,
        kind=RequestKind.HELD_BY_ANOTHER,
        code_id=code_id,
        reason=AskReason.SUCCESSOR,
        text="Ich leite das Gasthaus seit Oktober.",
        opened_at=now,
    )
    return replace(request, **changes)


def an_invitation(
    email: str = "clara@example.com", organisation: Organisation = GASTHAUS, **changes: Any
) -> Invitation:
    """Anna invites a colleague, open for 14 days."""
    invited = Invitation(
        id=uuid4(),
        organisation_id=organisation.id,
        email=email,
        display_name="Clara Winter",
        language="de",
        purpose=Purpose.COLLEAGUE,
        access_until=None,
        invited_by=ANNA,
        invited_at=START,
        expires_at=START + timedelta(days=14),
    )
    return replace(invited, **changes)


def a_document(request_id: UUID, name: str = "Bescheid.pdf", now: datetime = START) -> RequestDocument:
    """What stands in the database about a PDF that came with a request."""
    return RequestDocument(uuid4(), request_id, name, "application/pdf", 44, b"5" * 32, now)


def an_invoice_document(
    customer: Customer, invoice: str = "R-3", as_of: datetime = START, **changes: Any
) -> InvoiceDocument:
    """What stands in the database about the PDF of an invoice."""
    return replace(InvoiceDocument(uuid4(), customer.id, invoice, uuid4(), 44, b"5" * 32, as_of, START), **changes)
