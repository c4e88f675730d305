"""Load the demo data of a brand pack: once, and again without effect."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from customer_link.domain.activation_code import RandomBelow, shown_code
from customer_link.domain.asking_again import pause_after
from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Link, LinkLimits, Organisation
from customer_link.domain.link_slots import free_slot
from customer_link.usecases.import_contacts import name_contact
from customer_link.usecases.issue_code import issue_code
from customer_link.usecases.ports import Clock, CodeKeeper, NewId, Records


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
    """Adds what is not there; gives the codes as long as their sealed copies are kept."""
    for organisation in data.organisations:
        await records.customers.add_organisation(organisation)
    for customer in data.customers:
        await records.customers.add(customer)
    for link in data.links:
        await _load_link(link, records, means)
    for contact in data.contacts:
        if await records.contacts.get(contact.id) is None:
            await name_contact(contact, records=records)
    shown = [await _load_code(code, records, means) for code in data.codes]
    return [code for code in shown if code is not None]


async def _load_link(demo: DemoLink, records: Records, means: DemoMeans) -> None:
    account_id, customer, now = demo.account_id, demo.customer, means.clock()
    active = await records.links.active_of(account_id, customer.id)
    holders = {one.account_id: one.holder_slot for one in active if one.customer_id == customer.id}
    types = [one.type_slot for one in active if one.account_id == account_id and one.type == customer.type]
    if account_id in holders:
        return
    holder_slot = free_slot(holders.values(), means.limits.holders)
    type_slot = free_slot(types, means.limits.per_type)
    if holder_slot is None or type_slot is None:
        raise ValueError(f"The demo data link {customer.number} beyond the limits of the brand.")
    link = Link(means.new_id(), account_id, customer.id, customer.type, holder_slot, type_slot, now)
    await records.links.add(link)
    await records.customers.note_ask(customer.id, at=now, again_at=now + pause_after(1), asks=1)
    await records.announcements.membership_changed(account_id)
    await records.announcements.data_requested(customer.id)


async def _load_code(demo: DemoCode, records: Records, means: DemoMeans) -> ShownCode | None:
    if not await records.codes.exists(demo.id):
        code, secret = await issue_code(
            demo.id,
            demo.customer.id,
            valid_for=demo.valid_for,
            records=records,
            keeper=means.keeper,
            clock=means.clock,
            random_below=means.random_below,
        )
        return ShownCode(demo.customer, shown_code(secret), code.valid_until)
    kept = await records.codes.sealed(demo.id)
    opened = means.keeper.open(demo.id, kept[1]) if kept else None
    return ShownCode(demo.customer, shown_code(opened), kept[0].valid_until) if kept and opened else None
