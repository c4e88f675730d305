"""`python -m customer_link admin …`: what operations do by hand. Each command gives what is to be printed."""

import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from customer_link.domain.activation_code import shown_code
from customer_link.domain.customer import Customer, Link, Organisation
from customer_link.domain.customer_number import number_key
from customer_link.entrypoints.contact_file import BadLine, read_contacts
from customer_link.entrypoints.workplace import Workplace
from customer_link.usecases.import_contacts import ContactLine, import_contact, name_contact
from customer_link.usecases.issue_code import issue_code
from customer_link.usecases.ports import Records
from customer_link.usecases.remove_contact import remove_contact
from customer_link.usecases.request_customer_data import request_customer_data
from ui.brand import Brand, demo_id


@dataclass(frozen=True, slots=True)
class Admin:
    """The commands and what they need."""

    brand: Brand
    workplace: Workplace

    async def import_contacts(self, file: Path, *, dry_run: bool) -> dict[str, Any]:
        """Every good line is imported, every bad one is named; a dry run only names."""
        good, refused = 0, []
        for number, line in read_contacts(file, self.brand.languages):
            problem = line.problem if isinstance(line, BadLine) else await self._import(line, dry_run=dry_run)
            good += problem is None
            if problem:
                refused.append({"line": number, "problem": problem})
        return {"imported": 0 if dry_run else good, "good": good, "refused": refused}

    async def remove_contact(self, organisation: str, email: str) -> dict[str, Any]:
        """Ends a contact's membership."""
        async with self.workplace.open() as records:
            removed = await remove_contact(organisation, email, records=records, clock=self.workplace.clock)
        return {"removed": removed}

    async def load_demo(self) -> dict[str, Any]:
        """Organisations, numbers, links, contacts and codes of demo.toml; gives this service's part of demo.json."""
        demo = self.brand.demo()
        async with self.workplace.open() as records:
            known = await records.codes.sealed()
            await self._load_customers(demo, records)
            await self._load_links(demo, records)
            contacts = [await self._load_contact(entry, demo, records) for entry in demo.get("contact", ())]
            if not known:
                await self._load_codes(demo, records)
            codes = await self._codes(records)
        return {"codes": codes, "contacts": contacts, "customers": _holders(demo)}

    async def _import(self, line: ContactLine, *, dry_run: bool) -> str | None:
        async with self.workplace.open() as records:
            if dry_run:
                found = await records.customers.find_organisation(line.organisation)
                return None if found else "organisation_unknown"
            return await import_contact(line, records=records, new_id=self.workplace.new_id)

    async def _load_customers(self, demo: Mapping[str, Any], records: Records) -> None:
        for entry in demo.get("organisation", ()):
            organisation = Organisation(demo_id("organisation", entry["key"]), entry["name"])
            await records.customers.add_organisation(organisation)
        for entry in demo.get("customer", ()):
            owner = demo_id("organisation", entry["organisation"])
            await records.customers.add(Customer(_customer_id(entry["number"]), entry["number"], entry["type"], owner))

    async def _load_links(self, demo: Mapping[str, Any], records: Records) -> None:
        types = {number_key(entry["number"]): entry["type"] for entry in demo.get("customer", ())}
        for entry in demo.get("link", ()):
            account, customer = demo_id("account", entry["account"]), _customer_id(entry["customer"])
            link_id, kind = (
                demo_id("link", f"{entry['account']}/{entry['customer']}"),
                types[number_key(entry["customer"])],
            )
            link = Link(link_id, account, customer, kind, 1, 1, self.workplace.clock())
            if await records.links.active_one(account, customer) is None and await records.links.add(link):
                await records.announcements.membership_changed(account)
                await request_customer_data(customer, records=records, now=self.workplace.clock())

    async def _load_contact(
        self, entry: Mapping[str, Any], demo: Mapping[str, Any], records: Records
    ) -> dict[str, Any]:
        names = {each["key"]: each["name"] for each in demo.get("organisation", ())}
        organisation = Organisation(demo_id("organisation", entry["organisation"]), names[entry["organisation"]])
        language = entry.get("language", self.brand.language)
        line = ContactLine(entry["email"], entry["display_name"], organisation.name, language)
        await name_contact(line, organisation, records=records, new_id=self.workplace.new_id)
        return {"key": entry["key"], "email": entry["email"], "organisation": organisation.name}

    async def _load_codes(self, demo: Mapping[str, Any], records: Records) -> None:
        for entry in demo.get("code", ()):
            await issue_code(
                _customer_id(entry["customer"]),
                timedelta(days=entry["valid_days"]),
                records=records,
                secrets=self.workplace.secrets,
                clock=self.workplace.clock,
                new_id=self.workplace.new_id,
                random_below=randomness.randbelow,
            )

    async def _codes(self, records: Records) -> list[dict[str, Any]]:
        shown = []
        for code, customer, secret in await records.codes.sealed():
            text = self.workplace.secrets.reveal(secret, code.id)
            if text is not None and code.usable(self.workplace.clock()):
                until = code.valid_until.date().isoformat()
                entry = {"customer_number": customer.number, "type": customer.type, "code": shown_code(text)}
                shown.append(entry | {"valid_until": until})
        return shown


def _customer_id(number: str) -> UUID:
    return demo_id("customer", number_key(number))


def _holders(demo: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Which account holds which numbers of which organisation."""
    names = {each["key"]: each["name"] for each in demo.get("organisation", ())}
    owners = {number_key(each["number"]): names[each["organisation"]] for each in demo.get("customer", ())}
    holders: dict[str, dict[str, Any]] = {}
    for entry in demo.get("link", ()):
        holder = holders.setdefault(
            entry["account"],
            {"key": entry["account"], "organisation": owners[number_key(entry["customer"])], "customer_numbers": []},
        )
        holder["customer_numbers"].append(entry["customer"])
    return list(holders.values())
