"""What customer-link holds about a person, and what of it goes."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from chassis.database import Database
from chassis.outbox import Outbox
from chassis.testing import FakeClock
from chassis.testing_edges import START
from customer_link.adapters.personal_data import HeldByCustomerLink
from customer_link.adapters.records import records_on
from customer_link_builders import ANNA, BERND, CLARA, CLUB, GASTHAUS, INN, a_contact, a_link, an_invitation, stock


@pytest.fixture
async def database(database_factory: Callable[[str], Awaitable[Database]]) -> Database:
    """Anna holds a number and is a contact; so is Bernd, of whom nothing may be said."""
    database = await database_factory("customer_link")
    async with database.transaction() as tx:
        records = records_on(tx, outbox=Outbox("customer-link", FakeClock(), uuid4))
        await stock(records)
        await records.links.add(a_link(ANNA, INN))
        await records.links.add(a_link(BERND, CLUB))
        for account_id, email in ((ANNA, "anna@example.com"), (BERND, "bernd@example.com")):
            contact = a_contact(email)
            await records.contacts.add(contact)
            await records.contacts.give_account(contact.id, account_id)
            await records.invitations.add(an_invitation(f"invited.{email}", account_id=account_id))
            await records.members.name(GASTHAUS.id, account_id, CLARA, START)
            await records.failures.add(account_id, "192.0.2.7", "99999999", START)
    return database


async def test_a_person_is_told_of_links_contacts_and_tries_and_of_nobody_else(database: Database) -> None:
    async with database.transaction() as tx:
        held = await HeldByCustomerLink().export(tx, ANNA)
    assert [entry["number"] for entry in held["customer_numbers"]] == ["4711 0702"]
    assert [(entry["email"], entry["organisation"]) for entry in held["contact_of"]] == [
        ("anna@example.com", "Gasthaus Zum Goldenen Ton")
    ]
    assert [(entry["email"], entry["state"]) for entry in held["invitations"]] == [("invited.anna@example.com", "open")]
    assert [entry["number"] for entry in held["codes_tried"]] == ["99999999"]
    assert "bernd" not in str(held)
    assert "192.0.2.7" not in str(held)


async def test_erasing_leaves_the_organisations_record_and_other_people(database: Database) -> None:
    async with database.transaction() as tx:
        assert await HeldByCustomerLink().erase(tx, ANNA) == 4
        assert await HeldByCustomerLink().erase(tx, ANNA) == 0
        left = await HeldByCustomerLink().export(tx, ANNA)
        others = await HeldByCustomerLink().export(tx, BERND)
    assert {section for section, entries in left.items() if entries} == {"customer_numbers"}
    assert len(others["contact_of"]) == len(others["invitations"]) == len(others["codes_tried"]) == 1
