"""The tables of demo.toml that belong to this service, and its part of demo.json."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from customer_link.domain.contact import Contact
from customer_link.domain.customer import Customer, Organisation
from customer_link.usecases.load_demo import DemoCode, DemoData, DemoLink, ShownCode
from ui.brand import demo_id


def read_demo(demo: Mapping[str, Any], language: str) -> DemoData:
    """Organisations, numbers, links, codes, contacts; ids follow from the keys, the same in every service."""
    organisations = tuple(
        Organisation(demo_id("organisation", entry["key"]), entry["name"]) for entry in demo.get("organisation", ())
    )
    customers = {entry["number"]: _customer(entry) for entry in demo.get("customer", ())}
    return DemoData(
        organisations=organisations,
        customers=tuple(customers.values()),
        links=tuple(
            DemoLink(demo_id("account", entry["account"]), customers[entry["customer"]])
            for entry in demo.get("link", ())
        ),
        codes=tuple(_code(entry, customers) for entry in demo.get("code", ())),
        contacts=tuple(_contact(entry, language) for entry in demo.get("contact", ())),
    )


def demo_part(demo: Mapping[str, Any], codes: Sequence[ShownCode]) -> dict[str, Any]:
    """What demo.json tells of codes, contacts, and who holds what."""
    names = {entry["key"]: entry["name"] for entry in demo.get("organisation", ())}
    contacts = [
        {"key": entry["key"], "email": entry["email"], "organisation": names[entry["organisation"]]}
        for entry in demo.get("contact", ())
    ]
    return {"codes": [_shown(code) for code in codes], "contacts": contacts, "customers": _members(demo, names)}


def _members(demo: Mapping[str, Any], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Accounts with the organisation and the numbers for which they may act; contacts have no numbers."""
    owners = {entry["number"]: names[entry["organisation"]] for entry in demo.get("customer", ())}
    members: dict[str, dict[str, Any]] = {}
    for entry in demo.get("link", ()):
        owner = owners[entry["customer"]]
        member = members.setdefault(
            entry["account"], {"key": entry["account"], "organisation": owner, "customer_numbers": []}
        )
        member["customer_numbers"].append(entry["customer"])
    for entry in demo.get("contact", ()):
        if key := entry.get("account"):
            owner = names[entry["organisation"]]
            members.setdefault(key, {"key": key, "organisation": owner, "customer_numbers": []})
    return list(members.values())


def _customer(entry: Mapping[str, Any]) -> Customer:
    owner = demo_id("organisation", entry["organisation"])
    return Customer(demo_id("customer", entry["number"]), entry["number"], entry["type"], owner)


def _code(entry: Mapping[str, Any], customers: Mapping[str, Customer]) -> DemoCode:
    customer = customers[entry["customer"]]
    return DemoCode(demo_id("code", entry["customer"]), customer, timedelta(days=entry["valid_days"]))


def _contact(entry: Mapping[str, Any], language: str) -> Contact:
    return Contact(
        id=demo_id("contact", entry["key"]),
        organisation_id=demo_id("organisation", entry["organisation"]),
        email=entry["email"],
        display_name=entry["display_name"],
        language=entry.get("language", language),
        account_id=demo_id("account", entry["account"]) if "account" in entry else None,
    )


def _shown(shown: ShownCode) -> dict[str, str]:
    return {
        "customer_number": shown.customer.number,
        "type": shown.customer.type,
        "code": shown.code,
        "valid_until": shown.valid_until.date().isoformat(),
    }
