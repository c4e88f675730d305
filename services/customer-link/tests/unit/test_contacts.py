"""Contacts: named by file, given an account, out at once (M2, M2b)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from chassis.errors import DomainError
from chassis.testing import FakeClock
from customer_link.adapters.mail_address import read_mail_address
from customer_link.domain.customer import Organisation
from customer_link.entrypoints.contact_file import read_contact_file
from customer_link.usecases.end_memberships import end_memberships
from customer_link.usecases.import_contacts import ContactLine, Fault, ImportReport, ImportRules, import_contacts
from customer_link.usecases.ports import Records
from customer_link.usecases.provide_account import provide_account
from customer_link.usecases.remove_contact import remove_contact
from customer_link_builders import ANNA, BERND, GASTHAUS, INN, VEREIN, a_contact, a_link, stock
from customer_link_fakes import FakeIdentity, FakeStores, fake_stores

RULES = ImportRules(read_mail_address, uuid4, ("de", "en"))


def a_line(number: int = 2, **changes: str) -> ContactLine:
    values = {"organisation": GASTHAUS.name, "email": "martha@example.com", "display_name": "Martha", "language": ""}
    return ContactLine(number=number, **(values | changes))


@pytest.fixture
async def stores() -> FakeStores:
    stores = fake_stores()
    await stock(stores.records)
    return stores


async def take(stores: FakeStores, *lines: ContactLine, dry_run: bool = False) -> ImportReport:
    return await import_contacts(lines, records=stores.records, rules=RULES, dry_run=dry_run)


async def test_m2_contacts_are_named_and_accounts_are_wanted(stores: FakeStores) -> None:
    report = await take(stores, a_line(), a_line(3, email="jakob@example.com", organisation=VEREIN.name))
    assert (report.added, report.present, report.faults) == (2, 0, ())
    assert [what for what, _ in stores.announcements.said] == ["contact_named", "account_wanted"] * 2
    assert await take(stores, a_line(email="MARTHA@example.com")) == ImportReport(0, 1, ())


async def test_every_bad_line_is_shown_and_then_nobody_is_imported(stores: FakeStores) -> None:
    await stores.customers.add_organisation(Organisation(uuid4(), VEREIN.name))
    report = await take(
        stores,
        a_line(),
        a_line(3, email="no address"),
        a_line(4, display_name=" "),
        a_line(5, display_name="M" * 201),
        a_line(6, organisation="Nobody"),
        a_line(7, organisation=VEREIN.name),
        a_line(8, language="fr", email="other@example.com"),
        a_line(9, email="Martha@Example.com"),
    )
    assert report.faults == (
        (3, Fault.EMAIL_INVALID),
        (4, Fault.NAME_MISSING),
        (5, Fault.NAME_TOO_LONG),
        (6, Fault.ORGANISATION_UNKNOWN),
        (7, Fault.ORGANISATION_AMBIGUOUS),
        (8, Fault.LANGUAGE_UNKNOWN),
        (9, Fault.EMAIL_TWICE),
    )
    assert stores.contacts.named == {}


async def test_a_dry_run_changes_nothing(stores: FakeStores) -> None:
    assert await take(stores, a_line(), dry_run=True) == ImportReport(1, 0, ())
    assert (stores.contacts.named, stores.announcements.said) == ({}, [])


async def test_an_account_makes_a_contact_a_member(stores: FakeStores) -> None:
    contact, identity = a_contact(), FakeIdentity()
    await stores.contacts.add(contact)

    @asynccontextmanager
    async def transactions() -> AsyncIterator[Records]:
        yield stores.records

    for _ in range(2):
        await provide_account(contact.id, transactions=transactions, identity=identity)
    account_id = identity.accounts[contact.email]
    assert await stores.memberships.members(GASTHAUS.id) == [account_id]
    assert stores.announcements.said == [("membership_changed", account_id), ("contact_named", contact.id)]
    assert identity.asked == [contact.id]


async def test_one_question_serves_all_who_wait_and_a_refused_address_stops_nobody(stores: FakeStores) -> None:
    first, second, refused = a_contact(), a_contact("zoe@example.com"), a_contact("refused")
    identity = FakeIdentity()
    for contact in (first, second, refused):
        await stores.contacts.add(contact)

    @asynccontextmanager
    async def transactions() -> AsyncIterator[Records]:
        yield stores.records

    for contact in (first, second):
        await provide_account(contact.id, transactions=transactions, identity=identity)
    assert sorted(identity.asked) == sorted([first.id, second.id, refused.id])
    assert await stores.contacts.without_account(10) == [refused]


async def test_who_was_removed_meanwhile_gets_no_account(stores: FakeStores) -> None:
    contact, identity = a_contact(active=False), FakeIdentity()
    stores.contacts.named[contact.id] = contact

    @asynccontextmanager
    async def transactions() -> AsyncIterator[Records]:
        yield stores.records

    await provide_account(contact.id, transactions=transactions, identity=identity)
    await provide_account(uuid4(), transactions=transactions, identity=identity)
    assert identity.asked == []


async def test_m2b_a_removed_contact_is_out_at_once(stores: FakeStores) -> None:
    contact, clock = a_contact(account_id=BERND), FakeClock()
    await stores.contacts.add(contact)
    assert await remove_contact(VEREIN.id, contact.email, records=stores.records, clock=clock) is None
    assert await remove_contact(GASTHAUS.id, contact.email, records=stores.records, clock=clock) == contact
    assert stores.announcements.said == [("membership_changed", BERND), ("contact_removed", contact.id)]
    assert await stores.memberships.members(GASTHAUS.id) == []
    assert await remove_contact(GASTHAUS.id, contact.email, records=stores.records, clock=clock) is None


async def test_a_closed_account_belongs_to_nobody(stores: FakeStores) -> None:
    await stores.links.add(a_link(ANNA, INN))
    await stores.contacts.add(a_contact(account_id=ANNA))
    await end_memberships(ANNA, records=stores.records, clock=FakeClock())
    assert (await stores.memberships.of(ANNA)).organisations == ()
    assert ("link_ended", INN.id) in stores.announcements.said


def test_a_file_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(
        "\ufefforganisation;display_name;email\nGasthaus;Martha Gold;martha@example.com\n\nVerein;;\n", "utf-8"
    )
    assert read_contact_file(file) == [
        ContactLine(2, "Gasthaus", "martha@example.com", "Martha Gold", ""),
        ContactLine(4, "Verein", "", "", ""),
    ]


@pytest.mark.parametrize("content", [b"email,organisation\n", b"\xff\xfe", b""])
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "contacts.csv"
    file.write_bytes(content)
    with pytest.raises(DomainError):
        read_contact_file(file)
    with pytest.raises(DomainError, match="file_unreadable"):
        read_contact_file(tmp_path / "absent.csv")
