"""Contact persons over JSON: named, listed, named no longer, by the scopes of the other system (M2, M2b)."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from customer_link_api_samples import code, pointers
from customer_link_builders import BERND, GASTHAUS, VEREIN, a_contact
from customer_link_world import World

URL = f"/api/v1/organisations/{GASTHAUS.id}/contacts"
BOTH = ("contacts:read", "contacts:write")
MARTHA = {"email": "Martha@example.com", "display_name": "Martha Gold"}


async def listed(crm: httpx.AsyncClient, **asked: Any) -> list[str]:
    return [one["email"] for one in (await crm.get(URL, params=asked)).json()["contacts"]]


async def test_a_contact_is_named_once_listed_and_named_no_longer(world: World) -> None:
    async with world.program(*BOTH) as crm:
        key = {"Idempotency-Key": "42"}
        answers = [await crm.post(URL, json=MARTHA, headers=key) for _ in range(2)]
        assert [one.status_code for one in answers] == [201, 201]
        made = answers[0].json()
        assert answers[1].json() == made
        assert (made["email"], made["language"], made["account_id"]) == ("Martha@example.com", "de", None)
        assert answers[0].headers["location"] == f"{URL}/{made['contact_id']}"
        assert code(await crm.post(URL, json=MARTHA)) == (409, "contact_exists")
        other = MARTHA | {"email": "max@example.com"}
        assert code(await crm.post(URL, json=other, headers=key)) == (422, "idempotency_key_reused")
        assert (await crm.get(URL)).json() == {"contacts": [made], "next_page_token": ""}
        place = answers[0].headers["location"]
        assert (await crm.delete(place)).status_code == 204
        assert code(await crm.delete(place)) == (404, "contact_unknown")
        assert await listed(crm) == []
    assert await world.event_names() == ["contact.changed"] * 2


async def test_m2b_who_is_named_no_longer_is_out_at_once(world: World) -> None:
    contact = a_contact(account_id=BERND)
    async with world.records() as records:
        await records.contacts.add(contact)
        assert (await records.memberships.of(BERND)).organisations
    async with world.program("contacts:write") as crm:
        assert (await crm.delete(f"{URL}/{contact.id}")).content == b""
    async with world.records() as records:
        assert (await records.memberships.of(BERND)).organisations == ()
    assert await world.event_names() == ["membership.changed", "contact.changed"]


async def test_contacts_are_read_page_by_page_and_each_organisation_has_its_own(world: World) -> None:
    async with world.records() as records:
        for name in ("a", "b", "c"):
            await records.contacts.add(a_contact(f"{name}@example.com"))
        await records.contacts.add(foreign := a_contact("d@example.com", VEREIN))
    async with world.program(*BOTH) as crm:
        first = (await crm.get(URL, params={"page_size": 2})).json()
        rest = await listed(crm, page_size=2, page_token=first["next_page_token"])
        assert sorted([*(one["email"] for one in first["contacts"]), *rest]) == [
            f"{name}@example.com" for name in "abc"
        ]
        for token in ("WyJ4Il0", "WzFd", "x"):
            assert code(await crm.get(URL, params={"page_token": token})) == (422, "page_token_invalid")
        assert code(await crm.delete(f"{URL}/{foreign.id}")) == (404, "contact_unknown")
        nobodys = f"/api/v1/organisations/{uuid4()}/contacts"
        assert (
            code(await crm.get(nobodys)) == code(await crm.post(nobodys, json=MARTHA)) == (404, "organisation_unknown")
        )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "nobody"}, "#/email"),
        ({"display_name": " "}, "#/display_name"),
        ({"display_name": "a\u0000"}, "#/display_name"),
        ({"language": "fr"}, "#/language"),
        ({"account_id": str(BERND)}, "#/account_id"),
    ],
)
async def test_bad_and_extra_fields_are_named_and_nobody_is(world: World, changed: dict[str, str], field: str) -> None:
    async with world.program(*BOTH) as crm:
        answer = await crm.post(URL, json=MARTHA | changed)
        assert (code(answer), pointers(answer)) == ((422, "invalid_input"), [field])
        assert await listed(crm) == []


async def test_who_may_only_write_is_not_told_who_is_there(world: World) -> None:
    async with world.program("contacts:write", "customers:read") as crm:
        made = await crm.post(URL, json=MARTHA)
        assert set(made.json()) == {"contact_id"}
        assert code(await crm.get(URL)) == (403, "scope_missing")
