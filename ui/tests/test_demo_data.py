"""The demo data hang together: every key that is named exists, and there is enough of everything (DESIGN 7)."""

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from ui.markdown import render
from ui_site import BRANDS, load_brand

Demo = Mapping[str, Any]


@pytest.fixture(params=BRANDS)
def brand_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def demo(brand_name: str) -> Demo:
    return load_brand(brand_name).demo()


def keys(demo: Demo, kind: str) -> set[str]:
    return {entry["key"] for entry in demo[kind]}


def test_there_is_enough_of_everything(demo: Demo) -> None:
    assert len(demo["staff"]) >= 6
    assert {role for person in demo["staff"] for role in person["roles"]} == {"agent", "advisor", "editor", "admin"}
    assert 3 <= len(demo["account"]) <= 5
    assert len(demo["code"]) >= 8
    assert len({number["type"] for number in demo["customer"] if number["number"] in _coded(demo)}) >= 3
    assert len(demo["contact"]) >= 4
    assert len({contact["organisation"] for contact in demo["contact"]}) >= 2
    assert len(demo["news"]) >= 2
    assert len(demo["page"]) >= 3


def _coded(demo: Demo) -> set[str]:
    return {code["customer"] for code in demo["code"]}


def test_every_reference_leads_somewhere(demo: Demo, brand_name: str) -> None:
    numbers = {entry["number"] for entry in demo["customer"]}
    people = keys(demo, "account") | keys(demo, "staff")
    types = {entry["id"] for entry in load_brand(brand_name).section("customer_link")["types"]}
    assert {entry["organisation"] for entry in demo["customer"]} == keys(demo, "organisation")
    assert {entry["type"] for entry in demo["customer"]} <= types
    assert {entry["account"] for entry in demo["link"]} <= keys(demo, "account")
    assert {entry["customer"] for entry in (*demo["link"], *demo["code"])} <= numbers
    assert {entry["organisation"] for entry in demo["contact"]} <= keys(demo, "organisation")
    assert {entry["account"] for entry in demo["contact"] if "account" in entry} <= keys(demo, "account")
    assert {step["by"] for ticket in demo["ticket"] for step in ticket.get("step", [])} <= people


def test_names_and_keys_are_unique(demo: Demo) -> None:
    for kind in ("staff", "account", "organisation", "contact", "ticket"):
        assert len(keys(demo, kind)) == len(demo[kind])
    people = [*demo["staff"], *demo["account"]]
    assert len({person["username"] for person in people}) == len(people)
    assert len({person["email"] for person in people}) == len(people)
    assert all(person["email"].endswith(".example") for person in people)


def test_passwords_are_long_enough_and_differ(demo: Demo, brand_name: str) -> None:
    shortest = load_brand(brand_name).section("identity")["shortest_password"]
    passwords = [person["password"] for person in (*demo["staff"], *demo["account"])]
    assert len(set(passwords)) == len(passwords)
    assert all(len(password) >= shortest for password in passwords)


def test_links_respect_the_limits_of_the_brand(demo: Demo, brand_name: str) -> None:
    limits = load_brand(brand_name).section("customer_link")
    types = {entry["number"]: entry["type"] for entry in demo["customer"]}
    holders = [link["customer"] for link in demo["link"]]
    held_types = [(link["account"], types[link["customer"]]) for link in demo["link"]]
    assert all(holders.count(number) <= limits["holders_limit"] for number in holders)
    assert all(held_types.count(held) <= limits["type_limit"] for held in held_types)


def test_tickets_tell_a_story_in_several_states(demo: Demo, brand_name: str) -> None:
    ticketing = load_brand(brand_name).section("ticketing")
    states = set()
    for ticket in demo["ticket"]:
        steps = ticket.get("step", [])
        assert ticket["kind"] in {kind["id"] for kind in ticketing["kinds"]}
        assert [step["hours_ago"] for step in steps] == sorted((s["hours_ago"] for s in steps), reverse=True)
        assert all(step["hours_ago"] < ticket["hours_ago"] for step in steps)
        states.add(next((step["to"] for step in reversed(steps) if "to" in step), "new"))
    assert states <= ticketing["states"]["de"].keys()
    assert len(states) >= 4


def test_colleagues_hold_different_numbers_of_one_organisation_and_somebody_none(demo: Demo) -> None:
    owner = {entry["number"]: entry["organisation"] for entry in demo["customer"]}
    holders: dict[str, set[str]] = {}
    for link in demo["link"]:
        holders.setdefault(owner[link["customer"]], set()).add(link["account"])
    assert any(len(accounts) >= 2 for accounts in holders.values())
    assert keys(demo, "account") - {link["account"] for link in demo["link"]}


def test_texts_exist_in_every_language_and_render(demo: Demo, brand_name: str) -> None:
    for article in (*demo["news"], *demo["page"]):
        assert set(article["title"]) == set(article["body"]) == set(load_brand(brand_name).languages)
        assert all("<" in render(body) for body in article["body"].values())


def test_the_backend_knows_every_demo_number(demo: Demo, brand_name: str) -> None:
    records = tomllib.loads((load_brand(brand_name).dir / "backend.toml").read_text("utf-8"))["customer"]
    assert {record["number"] for record in records} == {entry["number"] for entry in demo["customer"]}
    for record in records:
        assert record["name"]
        assert record["address_lines"]
        assert record["contracts"]
        dates = [invoice["date"] for invoice in record["invoices"]]
        assert dates == sorted(dates, reverse=True)
        assert all(invoice["state"] in {"open", "paid", "overdue"} for invoice in record["invoices"])


def test_a_contact_without_a_password_waits_for_the_story_of_the_forgotten_one() -> None:
    demo = load_brand("software").demo()
    addresses = {person["email"] for person in (*demo["staff"], *demo["account"])}
    waiting = [contact for contact in demo["contact"] if "account" not in contact]
    assert len(waiting) >= 3
    assert not {contact["email"] for contact in waiting} & addresses
