"""`POST /api/v1/customers:batchPut`: many numbers at once, each taken or refused by itself (M2, S6)."""

from typing import Any

import httpx

from customer_link_api_samples import DATA, NEW, code
from customer_link_builders import CLUB, INN
from customer_link_world import World

URL = "/api/v1/customers:batchPut"


async def put(world: World, *entries: Any, **asked: Any) -> httpx.Response:
    async with world.program("customers:write") as erp:
        return await erp.post(URL, json={"customers": entries}, params=asked)


def outcomes(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200
    assert [one["index"] for one in answer.json()["customers"]] == list(range(len(answer.json()["customers"])))
    return [one["outcome"] for one in answer.json()["customers"]]


def errors(answer: httpx.Response) -> list[tuple[int, str, str]]:
    return [(one["index"], one["field"], one["problem"]) for one in answer.json()["errors"]]


MIXED = [
    NEW | {"number": "9000 1"},
    "no object",
    NEW | {"number": "9000 2", "type": "x", "data": DATA | {"as_of_time": "2030-01-01T00:00:00Z"}},
    NEW | {"number": "9000 3", "data": DATA | {"invoices": [{}]}},
    {"number": INN.number, "data": DATA},
    {"number": "90-001", "type": "gastronomie"},
    {"number": CLUB.number, "organisation": {"organisation_id": str(INN.organisation_id)}},
    {"number": CLUB.number + " "},
    {"type": "x", "colour": "red"},
]
NAMED = [
    (1, "", "model_type"),
    (2, "data/as_of_time", "data_from_the_future"),
    (2, "type", "type_unknown"),
    *((3, f"data/invoices/0/{name}", "missing") for name in ("number", "date", "due_date", "amount_cents", "state")),
    (5, "number", "number_twice"),
    (6, "organisation", "number_of_another"),
    (7, "number", "number_twice"),
    (8, "number", "missing"),
    (8, "colour", "extra_forbidden"),
]
BECAME = ["created", "refused", "refused", "refused", "changed", "refused", "refused", "refused", "refused"]


async def test_good_entries_are_taken_and_every_bad_one_is_named(world: World) -> None:
    answer = await put(world, *MIXED)
    assert outcomes(answer) == BECAME
    assert sorted(errors(answer)) == sorted(NAMED)
    counts = {name: answer.json()[name] for name in ("dry_run", "created", "changed", "unchanged", "refused")}
    assert counts == {"dry_run": False, "created": 1, "changed": 1, "unchanged": 0, "refused": 7}
    async with world.records() as records:
        made = await records.book.record("90001")
        assert made is not None
        assert (str(made.customer.id), made.organisation.reference) == (
            answer.json()["customers"][0]["customer_id"],
            "CRM-9",
        )
        assert await records.book.numbers({"90002", "90003"}) == {}
    assert await world.event_names() == ["customer.changed"] * 2
    assert outcomes(await put(world, MIXED[0], MIXED[4])) == ["unchanged", "unchanged"]
    assert len(await world.events()) == 2


async def test_a_dry_run_names_the_same_and_changes_nothing(world: World) -> None:
    before = await put(world, *MIXED, dry_run=True)
    assert (outcomes(before), before.json()["dry_run"]) == (BECAME, True)
    assert sorted(errors(before)) == sorted(NAMED)
    assert before.json()["customers"][0]["customer_id"] is None
    async with world.records() as records:
        assert await records.book.record("90001") is None
        held = await records.book.record("47110702")
        assert held is not None
        assert (held.organisation.reference, held.as_of) == ("", None)
    assert await world.events() == []


async def test_a_batch_takes_a_few_statements_however_many_numbers_it_has(world: World) -> None:
    def entries(many: int) -> list[dict[str, Any]]:
        named = [{"reference": f"CRM-{many}-{one}", "name": f"Verein {one}"} for one in range(many)]
        return [NEW | {"number": f"{many:03}{one:04}", "organisation": named[one]} for one in range(many)]

    taken = []
    for many in (2, 500):
        with world.statements() as seen:
            assert outcomes(await put(world, *entries(many))) == ["created"] * many
        taken.append(seen)
    assert len(taken[0]) == len(taken[1]) < 16
    again = [one | {"organisation": one["organisation"] | {"name": "Anders"}} for one in entries(500)]
    assert outcomes(await put(world, *again)) == ["changed"] * 500
    assert len(await world.events()) == 502


async def test_a_batch_has_limits(world: World) -> None:
    assert code(await put(world)) == (422, "invalid_input")
    assert code(await put(world, *[{"number": "1"}] * 501)) == (422, "invalid_input")
    assert code(await put(world, {"number": "1"}, dry="yes")) == (422, "invalid_input")
    async with world.program("customers:write") as erp:
        large = await erp.post(URL, content=b"[" + b" " * 4 * 1024 * 1024 + b"]")
        assert code(large) == (413, "body_too_large")
    async with world.program("customers:read") as crm:
        assert code(await crm.post(URL, json={"customers": [{"number": "1"}]})) == (403, "scope_missing")
