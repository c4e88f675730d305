"""Staff or another system name one contact person of an organisation (STEPS M2)."""

from uuid import UUID

from customer_link.domain.contact import Contact
from customer_link.usecases.import_contacts import Fault, ImportRules, contact_fault, name_contact
from customer_link.usecases.ports import Records


async def add_contact(
    organisation_id: UUID, email: str, display_name: str, language: str = "", *, records: Records, rules: ImportRules
) -> Contact | Fault:
    """The contact, whose account is asked of identity, or what is wrong; EMAIL_TWICE for one who is named already."""
    address, name, language = rules.read_mail(email), display_name.strip(), language or rules.languages[0]
    fault = contact_fault(address, name, language, rules)
    if fault is not None or address is None:
        return fault or Fault.EMAIL_INVALID
    contact = Contact(rules.new_id(), organisation_id, address, name, language)
    return contact if await name_contact(contact, records=records) else Fault.EMAIL_TWICE
