"""DIR/demo.json: the demo logins, codes and contacts, for people who try the portal and for tests."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from local_run.data_folder import write_whole
from local_run.installation import Installation

Item = dict[str, Any]


def merge_demo(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Item]]:
    """Joins what the services told: identity knows logins, customer-link what they hold. Joined by "key"."""
    identity, customer_link = parts.get("identity", {}), parts.get("customer-link", {})
    held: dict[str, Item] = {item["key"]: item for item in customer_link.get("customers", [])}
    customers = []
    for login in identity.get("customers", []):
        of_customer = held.get(login["key"], {})
        customers.append(
            {
                "username": login["username"],
                "password": login["password"],
                "organisation": of_customer.get("organisation"),
                "customer_numbers": of_customer.get("customer_numbers", []),
            }
        )
    return {
        "staff": _only(identity.get("staff", []), "username", "password", "totp_secret", "roles"),
        "customers": customers,
        "codes": _only(customer_link.get("codes", []), "customer_number", "type", "code", "valid_until"),
        "contacts": _only(customer_link.get("contacts", []), "email", "organisation"),
    }


def write_demo(installation: Installation, loaded: Mapping[str, Mapping[str, Any]] | None) -> None:
    """Writes the file; without newly loaded data only the addresses in it are brought up to date."""
    file = installation.folder.demo
    known = merge_demo(loaded) if loaded is not None else json.loads(file.read_text())
    addresses = {"url": installation.url, "mail_url": installation.mail_url, "brand": installation.brand}
    write_whole(
        file, {**addresses, **{name: value for name, value in known.items() if name not in addresses}}, mode=0o600
    )


def _only(items: Iterable[Mapping[str, Any]], *names: str) -> list[Item]:
    return [{name: item.get(name) for name in names} for item in items]
