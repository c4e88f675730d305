"""`/api/v1/customers`: what other systems put and read by their scopes, and what a person reads (M2, S6, A11)."""

from typing import Any

import pytest

from chassis.testing_edges import START
from customer_link_api_samples import DATA, NEW, code, pointers
from customer_link_builders import ANNA, CLUB, CONCERT, GASTHAUS, INN, SECOND_INN, a_link, some_data
from customer_link_world import World

URL = "/api/v1/customers"
INN_URL = f"{URL}/4711%200702"
BOTH = ("customers:read", "customers:write")


async def test_a_number_is_made_changed_and_put_again(world: World) -> None:
    async with world.program(*BOTH) as erp:
        made = await erp.put(f"{URL}/9000%201", json=NEW)
        assert made.status_code == 201
        shown = made.json()
        assert (shown["number"], shown["type"], shown["as_of_time"]) == (
            "9000 1",
            "gastronomie",
            "2026-11-01T07:00:00Z",
        )
        assert (shown["organisation"]["reference"], shown["organisation"]["name"]) == ("CRM-9", "Kino am Eck")
        assert shown["data"]["name"] == "Gasthaus"
        assert shown["data"]["contracts"] == [DATA["contracts"][0] | {"end_date": None}]
        assert shown["data"]["invoices"] == [DATA["invoices"][0] | {"currency": "EUR"}]
        again = await erp.put(f"{URL}/90-001", json=NEW)
        assert (again.status_code, again.json(), again.headers["etag"]) == (200, shown, made.headers["etag"])
        older = await erp.put(
            f"{URL}/90001", json={"data": DATA | {"as_of_time": "2026-10-31T08:00:00Z", "name": "Alt"}}
        )
        assert (older.status_code, older.json()) == (200, shown)
        newer = await erp.put(
            f"{URL}/90001", json={"data": DATA | {"as_of_time": "2026-11-02T08:00:00Z", "name": "Neu"}}
        )
        assert (newer.status_code, newer.json()["data"]["name"]) == (200, "Neu")
        got = await erp.get(f"{URL}/9000%201")
        assert (got.json(), got.headers["etag"]) == (newer.json(), newer.headers["etag"])
        assert got.headers["etag"] != made.headers["etag"]
    assert await world.event_names() == ["customer.changed"] * 2


async def test_data_that_are_put_are_what_the_holder_sees(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
        await records.customers.note_ask(INN.id, at=START, again_at=START, asks=1)
    async with world.program(*BOTH) as erp:
        assert (await erp.put(INN_URL, json={"data": DATA})).status_code == 200
    page = await world.get("anna", f"/customers/{INN.id}")
    assert "128,40" in page.words
    async with world.client("anna") as browser:
        [mine] = (await browser.get(URL)).json()["customers"]
    assert (mine["customer_id"], mine["number"], mine["type"]) == (str(INN.id), INN.number, INN.type)
    assert mine["organisation_id"] == str(GASTHAUS.id)
    assert mine["data"]["invoices"][0]["amount_cents"] == 12840
    async with world.records() as records:
        assert await records.customers.due(START, 10) == []


async def test_a_change_may_name_what_it_has_seen(world: World) -> None:
    async with world.program(*BOTH) as erp:
        seen = {"If-Match": (await erp.get(INN_URL)).headers["etag"]}
        assert code(await erp.put(INN_URL, json={"data": DATA}, headers={"If-None-Match": "*"}))[0] == 412
        assert (await erp.put(INN_URL, json={"data": DATA}, headers=seen)).status_code == 200
        assert code(await erp.put(INN_URL, json={"data": DATA}, headers=seen)) == (412, "precondition_failed")
        assert code(await erp.put(f"{URL}/9", json=NEW, headers={"If-Match": "*"}))[0] == 412
        assert code(await erp.get(f"{URL}/9")) == (404, "customer_unknown")
        assert (await erp.put(f"{URL}/9", json=NEW, headers={"If-None-Match": "*"})).status_code == 201


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (NEW | {"type": "x"}, "#/type"),
        (NEW | {"organisation": {}}, "#/organisation"),
        (NEW | {"organisation": {"reference": "CRM-9"}}, "#/organisation/name"),
        (NEW | {"organisation": {"name": "a\u0000b"}}, "#/organisation/name"),
        (NEW | {"roles": []}, "#/roles"),
        (NEW | {"data": DATA | {"as_of_time": "2026-11-01T08:00:00"}}, "#/data/as_of_time"),
        (NEW | {"data": DATA | {"as_of_time": "9999-12-31T23:59:59-12:00"}}, "#/data/as_of_time"),
        (NEW | {"data": DATA | {"as_of_time": "2030-01-01T00:00:00Z"}}, "#/data/as_of_time"),
        (NEW | {"data": DATA | {"name": " "}}, "#/data/name"),
        (NEW | {"data": DATA | {"address_lines": ["x"] * 11}}, "#/data/address_lines"),
        (NEW | {"data": DATA | {"invoices": [DATA["invoices"][0]] * 501}}, "#/data/invoices"),
        (NEW | {"data": DATA | {"invoices": [DATA["invoices"][0] | {"state": "lost"}]}}, "#/data/invoices/0/state"),
        (
            NEW | {"data": DATA | {"invoices": [DATA["invoices"][0] | {"currency": "Euro"}]}},
            "#/data/invoices/0/currency",
        ),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_made(world: World, sent: dict[str, Any], field: str) -> None:
    async with world.program(*BOTH) as erp:
        answer = await erp.put(f"{URL}/9000", json=sent)
        assert (code(answer), pointers(answer)) == ((422, "invalid_input"), [field])
        assert code(await erp.get(f"{URL}/9000")) == (404, "customer_unknown")
    assert await world.event_names() == []


async def test_a_number_keeps_its_type_and_its_organisation(world: World) -> None:
    async with world.program(*BOTH) as erp:
        answer = await erp.put(INN_URL, json={"type": "veranstaltung"})
        assert (code(answer), pointers(answer)) == ((409, "type_differs"), ["#/type"])
        answer = await erp.put(INN_URL, json={"organisation": {"organisation_id": str(CLUB.organisation_id)}})
        assert (code(answer), pointers(answer)) == ((409, "number_of_another"), ["#/organisation"])
        assert (await erp.get(INN_URL)).json()["organisation"]["organisation_id"] == str(GASTHAUS.id)


@pytest.mark.parametrize("number", ["%20-%20", "9" * 41, "9%00"])
async def test_what_is_no_number_is_refused(world: World, number: str) -> None:
    async with world.program(*BOTH) as erp:
        answer = await erp.put(f"{URL}/{number}", json=NEW)
        assert (code(answer), pointers(answer)) == ((422, "invalid_input"), ["#/number"])
        assert code(await erp.get(f"{URL}/{number}")) == (404, "customer_unknown")


async def test_a_list_is_filtered_and_read_page_by_page(world: World) -> None:
    async with world.records() as records:
        await records.customers.put_data(INN.id, some_data(), START)
    async with world.program("customers:read") as crm:

        async def numbers(**asked: Any) -> list[str]:
            return [one["number"] for one in (await crm.get(URL, params=asked)).json()["customers"]]

        every = [INN.number, SECOND_INN.number, CONCERT.number, CLUB.number]
        assert await numbers() == every
        first = (await crm.get(URL, params={"page_size": 3})).json()
        assert first["customers"][0]["as_of_time"] == "2026-11-22T09:00:00Z"
        assert "data" not in first["customers"][0]
        assert await numbers(page_size=3, page_token=first["next_page_token"]) == [CLUB.number]
        assert (await crm.get(URL, params={"page_size": 4})).json()["next_page_token"] == ""
        assert await numbers(type="gastronomie") == [INN.number, SECOND_INN.number]
        assert await numbers(organisation_id=str(GASTHAUS.id), type="veranstaltung") == [CONCERT.number]
        assert await numbers(customer_id=str(CLUB.id)) == [CLUB.number]
        assert await numbers(reference="CRM-1") == []
        assert code(await crm.get(URL, params={"page_token": "WzEsMl0"})) == (422, "page_token_invalid")
        assert code(await crm.get(URL, params={"holder": "x"})) == (422, "invalid_input")


async def test_who_may_only_write_is_not_told_what_stands_there(world: World) -> None:
    async with world.program("customers:write") as erp:
        for url, sent in ((INN_URL, {}), (f"{URL}/9000", NEW)):
            assert set((await erp.put(url, json=sent)).json()) == {"customer_id", "number"}
        assert code(await erp.get(INN_URL)) == (403, "scope_missing")
        assert code(await erp.get(URL)) == (403, "scope_missing")


async def test_a_token_decides_although_a_cookie_comes_along(world: World) -> None:
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    async with world.client("anna") as browser:
        for sent, expected in (("Bearer forged", "token_invalid"), ("Basic dTpw", "token_missing")):
            assert code(await browser.get(URL, headers={"Authorization": sent})) == (401, expected)
        token = world.clients.issue("customers:read")
        listed = (await browser.get(URL, headers={"Authorization": f"Bearer {token}"})).json()["customers"]
        assert len(listed) == 4
        assert code(await browser.put(INN_URL, json={})) == (401, "token_missing")


async def test_a_body_has_a_limit_and_is_read_in_one_way(world: World) -> None:
    async with world.program(*BOTH) as erp:
        assert code(await erp.put(INN_URL, content=b'{"type": "' + b"x" * 262_144 + b'"}'))[0] == 413
        twice = await erp.put(
            INN_URL, content=b'{"type": "x", "type": "y"}', headers={"Content-Type": "application/json"}
        )
        assert twice.status_code == 422
        largest = DATA | {"invoices": [DATA["invoices"][0] | {"number": f"R-{one}"} for one in range(500)]}
        assert (await erp.put(INN_URL, json={"data": largest})).status_code == 200


async def test_identity_away_is_said(world: World) -> None:
    async with world.program(*BOTH) as erp:
        world.clients.available = False
        answer = await erp.put(INN_URL, json={})
    assert code(answer)[0] == 503
    assert int(answer.headers["retry-after"]) > 0
