"""Load the demo data of a brand pack: once, and again without effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from customer_link.domain.activation_code import RandomBelow, shown_code
from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, LinkLimits, Organisation, Refusal
from customer_link.usecases.ask_for_data import first_ask
from customer_link.usecases.import_contacts import name_contact
from customer_link.usecases.issue_code import IssueMeans, Order, issue_code
from customer_link.usecases.ports import Clock, CodeKeeper, NewId, Records
from customer_link.usecases.take_slots import take_slots


@dataclass(frozen=True, slots=True)
class DemoLink:
    """An account of the demo data that holds a number."""

    account_id: UUID
    customer: Customer


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A code to be issued for a number."""

    id: UUID
    customer: Customer
    valid_for: timedelta


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A code as a letter would show it."""

    customer: Customer
    code: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class DemoData:
    """What the pack has for this service."""

    organisations: tuple[Organisation, ...]
    customers: tuple[Customer, ...]
    links: tuple[DemoLink, ...]
    codes: tuple[DemoCode, ...]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class DemoMeans:
    """What loading needs beside the records."""

    limits: LinkLimits
    keeper: CodeKeeper
    clock: Clock
    new_id: NewId
    random_below: RandomBelow


async def load_demo(data: DemoData, *, records: Records, means: DemoMeans) -> list[ShownCode]:
    """Adds what is not there, links and codes with their numbers; gives the codes while sealed copies are kept."""
    for organisation in data.organisations:
        await records.customers.add_organisation(organisation)
    new = {customer.id for customer in data.customers if await records.customers.add(customer)}
    for link in data.links:
        if link.customer.id in new:
            await _load_link(link, records, means)
    for contact in data.contacts:
        if await records.contacts.get(contact.id) is None:
            await name_contact(contact, records=records)
    shown = [
        await (_issue(code, records, means) if code.customer.id in new else _show(code, records, means))
        for code in data.codes
    ]
    return [code for code in shown if code is not None]


async def _load_link(demo: DemoLink, records: Records, means: DemoMeans) -> None:
    link = await take_slots(
        demo.account_id,
        demo.customer,
        limits=means.limits,
        links=records.links,
        clock=means.clock,
        new_id=means.new_id,
    )
    if isinstance(link, Refusal):
        raise ValueError(f"The demo data cannot link {demo.customer.number}: {link}")  # noqa: TRY004 - not a type
    await records.announcements.membership_changed(link.account_id)
    await first_ask(link.customer_id, records=records, now=means.clock())


async def _issue(demo: DemoCode, records: Records, means: DemoMeans) -> ShownCode:
    order = Order(demo.id, demo.customer.id, means.clock() + demo.valid_for)
    issuing = IssueMeans(means.keeper, means.clock, means.random_below)
    code, secret = await issue_code(order, records=records, means=issuing)
    return ShownCode(demo.customer, shown_code(secret), code.valid_until)


async def _show(demo: DemoCode, records: Records, means: DemoMeans) -> ShownCode | None:
    found = await records.codes.sealed(demo.id)
    secret = means.keeper.open(demo.id, found[1]) if found else None
    return ShownCode(demo.customer, shown_code(secret), found[0].valid_until) if found and secret else None
