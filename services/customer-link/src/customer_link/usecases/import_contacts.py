"""Take over the persons whom organisations named (STEPS M2); all lines or, if one is bad, none."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from customer_link.domain.contact import Contact, email_key
from customer_link.usecases.ports import NewId, ReadMail, Records

_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One line of the file as it was written; `number` counts from 1 with the heading."""

    number: int
    organisation: str
    email: str
    display_name: str
    language: str


class Fault(StrEnum):
    """What is wrong with a line."""

    ORGANISATION_UNKNOWN = "organisation_unknown"
    ORGANISATION_AMBIGUOUS = "organisation_ambiguous"
    EMAIL_INVALID = "email_invalid"
    EMAIL_TWICE = "email_twice"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    LANGUAGE_UNKNOWN = "language_unknown"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What was done, or would be: new contacts, those that were there already, bad lines with their faults."""

    added: int
    present: int
    faults: tuple[tuple[int, Fault], ...]


@dataclass(frozen=True, slots=True)
class ImportRules:
    """How lines are read."""

    read_mail: ReadMail
    new_id: NewId
    languages: Sequence[str]


async def import_contacts(
    lines: Sequence[ContactLine], *, records: Records, rules: ImportRules, dry_run: bool
) -> ImportReport:
    """Names every bad line. Importing a file again adds nobody twice."""
    contacts: dict[tuple[UUID, str], Contact] = {}
    faults: list[tuple[int, Fault]] = []
    for line in lines:
        read = await _read(line, records, rules)
        if isinstance(read, Fault):
            faults.append((line.number, read))
        elif _key(read) in contacts:
            faults.append((line.number, Fault.EMAIL_TWICE))
        else:
            contacts[_key(read)] = read
    new = [one for one in contacts.values() if not await records.contacts.find(one.organisation_id, one.email)]
    if not dry_run and not faults:
        for contact in new:
            await name_contact(contact, records=records)
    return ImportReport(len(new), len(contacts) - len(new), tuple(faults))


async def name_contact(contact: Contact, *, records: Records) -> bool:
    """Adds a contact, who is a member as soon as there is an account; False when the address is one already."""
    if not await records.contacts.add(contact):
        return False
    await records.announcements.contact_changed(contact.id, active=True)
    if contact.account_id is None:
        await records.announcements.account_wanted(contact.id)
    else:
        await records.announcements.membership_changed(contact.account_id)
    return True


def _key(contact: Contact) -> tuple[UUID, str]:
    return contact.organisation_id, email_key(contact.email)


async def _read(line: ContactLine, records: Records, rules: ImportRules) -> Contact | Fault:
    address, name = rules.read_mail(line.email), line.display_name.strip()
    language = line.language.strip() or rules.languages[0]
    fault = contact_fault(address, name, language, rules)
    if fault is not None or address is None:
        return fault or Fault.EMAIL_INVALID
    named = await records.customers.organisations_named(line.organisation)
    if len(named) != 1:
        return Fault.ORGANISATION_AMBIGUOUS if named else Fault.ORGANISATION_UNKNOWN
    return Contact(id=rules.new_id(), organisation_id=named[0].id, email=address, display_name=name, language=language)


def contact_fault(address: str | None, name: str, language: str, rules: ImportRules) -> Fault | None:
    """What is wrong with a person's address, name or language; None if nothing is."""
    if address is None:
        return Fault.EMAIL_INVALID
    if not name:
        return Fault.NAME_MISSING
    if len(name) > _LONGEST_NAME:
        return Fault.NAME_TOO_LONG
    return None if language in rules.languages else Fault.LANGUAGE_UNKNOWN
