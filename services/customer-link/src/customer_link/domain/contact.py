"""Persons whom staff named: members of an organisation without a customer number of their own (M2)."""

import unicodedata
from dataclasses import dataclass
from uuid import UUID


def email_key(address: str) -> str:
    """The form in which addresses are compared."""
    return unicodedata.normalize("NFKC", address).casefold().strip()


@dataclass(frozen=True, slots=True)
class Contact:
    """Without an account until identity has made one."""

    id: UUID
    organisation_id: UUID
    email: str
    display_name: str
    language: str
    account_id: UUID | None = None
    active: bool = True
