"""`/api/v1/accounts`: what other systems see and change, by their scopes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from identity.domain.account import Account, AccountState
from identity.domain.history import ActorKind, HistoryEntry, HistoryRange
from identity.other_systems import make_client_admin
from identity_harness import PASSWORD, Portal

URL = "/api/v1/accounts"
BOTH = ("accounts:read", "accounts:write")


async def program(portal: Portal, scopes: Sequence[str] = BOTH) -> httpx.AsyncClient:
    client = await make_client_admin(portal.core).add(f"crm-{uuid4()}", list(scopes))
    return portal.browser(Authorization=f"Bearer {await portal.token(client)}")


async def history(portal: Portal, account_id: UUID) -> Sequence[HistoryEntry]:
    async with portal.core.database.transaction() as tx:
        return (await portal.core.records(tx).history.of_account(account_id, HistoryRange())).entries


async def tag(crm: httpx.AsyncClient, account: Account) -> dict[str, str]:
    return {"If-Match": (await crm.get(f"{URL}/{account.id}")).headers["etag"]}


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_a_list_is_searched_filtered_and_read_page_by_page(portal: Portal) -> None:
    for name in ("anna", "berta", "clara"):
        await portal.add_account(name)
        portal.clock.forward(minutes=1)
    await portal.add_staff("agent")
    await portal.set_state(await portal.account("berta"), AccountState.LOCKED)
    crm = await program(portal)

    async def names(**asked: Any) -> list[str]:
        return [one["username"] for one in (await crm.get(URL, params=asked)).json()["accounts"]]

    assert await names() == ["clara", "berta", "anna"]
    assert await names(state="locked") == ["berta"]
    assert await names(q="ann must") == ["anna"]
    first = (await crm.get(URL, params={"page_size": 2})).json()
    assert await names(page_size=2, page_token=first["next_page_token"]) == ["anna"]
    assert (await crm.get(URL, params={"page_size": 3})).json()["next_page_token"] == ""
    assert code(await crm.get(URL, params={"page_token": "WzEsMl0"})) == (422, "page_token_invalid")
    assert code(await crm.get(URL, params={"roles": "admin"})) == (422, "invalid_input")


async def test_customer_numbers_find_their_holder_and_it_is_told_when_they_cannot_be_asked(portal: Portal) -> None:
    anna = await portal.add_account("anna")
    portal.links.numbers["4711"] = frozenset({anna.id})
    crm = await program(portal)
    found = (await crm.get(URL, params={"q": "4711"})).json()
    assert ([one["username"] for one in found["accounts"]], found["numbers_searched"]) == (["anna"], True)
    portal.links.away = True
    assert (await crm.get(URL, params={"q": "4711"})).json()["numbers_searched"] is False


async def test_an_account_is_invited_once_for_a_key(portal: Portal) -> None:
    crm, sent = await program(portal), {"email": "neu@beispiel.at", "first_name": "Neu", "notify": True}
    key = {"Idempotency-Key": "42"}
    answers = [await crm.post(URL, json=sent, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    made = answers[0].json()
    assert (made["username"], made["state"], made["language"]) == ("neu@beispiel.at", "invited", "de")
    assert answers[0].headers["location"] == f"{URL}/{made['account_id']}"
    assert await portal.event_types() == ["account.registered", "challenge.issued"]
    (entry,) = await history(portal, UUID(made["account_id"]))
    assert (entry.actor_kind, entry.action.value) == (ActorKind.CLIENT, "invited")
    assert code(await crm.post(URL, json=sent | {"first_name": "Alt"}, headers=key)) == (422, "idempotency_key_reused")
    assert code(await crm.post(URL, json=sent)) == (409, "account_exists")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"email": "nobody"}, "#/email"),
        ({"email": "a@beispiel.at", "username": "x@y"}, "#/username"),
        ({"email": "a@beispiel.at", "language": "fr"}, "#/language"),
        ({"email": "a@beispiel.at", "country": "XX"}, "#/country"),
        ({"email": "a@beispiel.at", "roles": ["admin"]}, "#/roles"),
        ({"email": "a@beispiel.at", "state": "active"}, "#/state"),
        ({"email": "a@beispiel.at", "password_hash": "x"}, "#/password_hash"),
    ],
)
async def test_bad_and_extra_fields_are_named_and_nothing_is_made(
    portal: Portal, sent: dict[str, Any], field: str
) -> None:
    answer = await (await program(portal)).post(URL, json=sent)
    assert code(answer) == (422, "invalid_input")
    assert [error["pointer"] for error in answer.json()["errors"]] == [field]
    assert await portal.event_types() == []


async def test_a_profile_is_changed_by_whom_has_seen_it(portal: Portal) -> None:
    anna = await portal.add_account("anna", city="Wien", street="Ring 1")
    crm = await program(portal)
    seen, place = await tag(crm, anna), f"{URL}/{anna.id}"
    changed = await crm.patch(place, json={"city": " Graz ", "first_name": "Anna"}, headers=seen)
    assert (changed.status_code, changed.json()["city"], changed.json()["street"]) == (200, "Graz", "Ring 1")
    assert changed.headers["etag"] == (await tag(crm, anna))["If-Match"] != seen["If-Match"]
    assert code(await crm.patch(place, json={"city": "Linz"}, headers=seen)) == (412, "precondition_failed")
    assert code(await crm.patch(place, json={"city": "Linz"})) == (428, "precondition_required")
    assert code(await crm.patch(place, json={"city": "<x>"}, headers={"If-Match": "*"})) == (422, "invalid_input")
    assert (await portal.account("anna")).city == "Graz"
    (entry,) = await history(portal, anna.id)
    assert (entry.actor_kind, dict(entry.details)) == (ActorKind.CLIENT, {"fields": "first_name, city"})
    assert await portal.event_types() == ["account.changed", "account.security_changed"]


@pytest.mark.parametrize("extra", ["roles", "state", "email", "username", "password_hash", "display_name", "id"])
async def test_what_is_nobodys_to_send_is_refused(portal: Portal, extra: str) -> None:
    anna = await portal.add_account("anna")
    crm = await program(portal)
    answer = await crm.patch(f"{URL}/{anna.id}", json={extra: "admin", "city": "Graz"}, headers=await tag(crm, anna))
    assert code(answer) == (422, "invalid_input")
    assert await portal.account("anna") == anna


async def test_an_account_is_locked_unlocked_and_closed_with_a_reason(portal: Portal) -> None:
    anna = await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    crm, states = await program(portal), []
    for action in ("lock", "unlock", "close"):
        portal.clock.forward(minutes=1)
        answer = await crm.post(f"{URL}/{anna.id}:{action}", json={"reason": " Vertrag\tbeendet "})
        states.append(answer.json()["state"])
        assert code(await crm.post(f"{URL}/{anna.id}:{action}", json={"reason": "again"})) == (409, "state_changed")
    assert states == ["locked", "active", "closed"]
    closed = await crm.patch(f"{URL}/{anna.id}", json={"city": "Graz"}, headers={"If-Match": "*"})
    assert code(closed) == (409, "state_changed")
    assert (await portal.client.get("/api/v1/me")).status_code == 401
    entries = [entry for entry in await history(portal, anna.id) if entry.actor_kind is ActorKind.CLIENT]
    assert [entry.action.value for entry in entries] == ["closed", "unlocked", "locked"]
    assert {entry.reason for entry in entries} == {"Vertrag beendet"}
    assert (await portal.event_types()).count("account.security_changed") == 3


@pytest.mark.parametrize("sent", [{}, {"reason": ""}, {"reason": " \u200b "}, {"reason": "x" * 151}])
async def test_nothing_is_done_without_a_reason(portal: Portal, sent: dict[str, str]) -> None:
    anna = await portal.add_account("anna")
    assert (await (await program(portal)).post(f"{URL}/{anna.id}:lock", json=sent)).status_code == 422
    assert (await portal.account("anna")).state is AccountState.ACTIVE


async def test_staff_are_no_business_of_other_systems(portal: Portal) -> None:
    agent, _ = await portal.add_staff("agent")
    crm = await program(portal)
    assert (await crm.get(URL, params={"q": "agent"})).json()["accounts"] == []
    unknown = [await crm.get(f"{URL}/{each}") for each in (agent.id, uuid4())]
    assert [code(answer) for answer in unknown] == [(404, "account_unknown")] * 2
    everything = {"If-Match": "*"}
    assert code(await crm.patch(f"{URL}/{agent.id}", json={"city": "Graz"}, headers=everything))[0] == 404
    for action in ("lock", "unlock", "close"):
        assert code(await crm.post(f"{URL}/{agent.id}:{action}", json={"reason": "x"}))[0] == 404
    assert (await portal.account("agent")) == agent


async def test_who_may_only_write_is_not_told_what_stands_there(portal: Portal) -> None:
    anna = await portal.add_account("anna")
    crm = await program(portal, ["accounts:write"])
    lock = await crm.post(f"{URL}/{anna.id}:lock", json={"reason": "x"})
    patched = await crm.patch(f"{URL}/{anna.id}", json={"city": "Graz"}, headers={"If-Match": lock.headers["etag"]})
    made = await crm.post(URL, json={"email": "neu@beispiel.at"})
    for answer in (lock, patched, made):
        assert set(answer.json()) == {"account_id", "state", "create_time"}
    assert code(await crm.get(f"{URL}/{anna.id}")) == (403, "scope_missing")
