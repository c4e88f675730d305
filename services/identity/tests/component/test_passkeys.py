"""Passkeys through whole ceremonies with a device made by hand, and everything that may be wrong with them (A16)."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.adapters.webauthn_protocol import WebauthnProtocol
from identity.domain.account import Account, AccountState
from identity.domain.passkey import Passkey
from identity_builders import NOW, an_account
from identity_harness import PASSWORD, Portal
from software_authenticator import Device

NEW = "/settings/security/passkeys/new"


@dataclass
class Owner:
    """Somebody with one passkey, signed in."""

    portal: Portal
    account: Account
    device: Device

    @property
    def browser(self) -> httpx.AsyncClient:
        return self.portal.client


@pytest.fixture
async def anna(portal: Portal) -> Owner:
    """Anna has just added a passkey."""
    account = await portal.add_account("anna")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    device = Device()
    page = await register(portal.client, device)
    assert "Ihre Wiederherstellungscodes" in page.text
    return Owner(portal, account, device)


async def ask(browser: httpx.AsyncClient, place: str) -> Any:
    return (await browser.post(f"{place}/options")).json()


async def register(browser: httpx.AsyncClient, device: Device, place: str = NEW, **typed: str) -> httpx.Response:
    asked = await ask(browser, place)
    form = {"ceremony": asked["ceremony"], "credential": device.create(asked["options"]), "name": "Laptop"}
    return await browser.post(place, data=form | typed)


async def give(browser: httpx.AsyncClient, device: Device, place: str = "/login/passkey") -> httpx.Response:
    asked = await ask(browser, place)
    form = {"way": "passkey", "ceremony": asked["ceremony"], "credential": device.get(asked["options"])}
    return await browser.post(place, data=form | {"next": "/tickets"})


async def passkeys(portal: Portal, account: Account) -> list[Passkey]:
    async with portal.core.database.transaction() as tx:
        return await portal.core.records(tx).passkeys.of_account(account.id)


async def test_a_passkey_logs_in_without_name_and_password(anna: Owner) -> None:
    browser = anna.portal.browser()
    answer = await give(browser, anna.device)
    assert answer.headers["location"] == "/tickets"
    assert (await browser.get("/api/v1/me")).json()["username"] == "anna"
    [kept] = await passkeys(anna.portal, anna.account)
    assert (kept.name, kept.sign_count, kept.last_used_at) == ("Laptop", 1, anna.portal.clock())
    assert "Laptop" in (await browser.get("/settings/security")).text


async def test_a_passkey_is_the_second_factor_after_the_password(anna: Owner) -> None:
    browser = anna.portal.browser()
    answer = await browser.post("/login", data={"login": "anna", "password": PASSWORD})
    assert answer.headers["location"] == "/login/code"
    assert "Mit Passkey bestätigen" in (await browser.get("/login/code")).text
    assert (await give(browser, anna.device, "/login/code")).headers["location"] == "/tickets"
    assert (await browser.get("/settings")).status_code == 200


async def test_a_passkey_confirms_who_one_is(anna: Owner) -> None:
    anna.portal.clock.forward(minutes=10)
    assert (await anna.browser.get("/settings/security")).headers["location"].startswith("/login/confirm")
    assert "Mit Passkey bestätigen" in (await anna.browser.get("/login/confirm")).text
    assert (await give(anna.browser, anna.device, "/login/confirm")).headers["location"] == "/tickets"
    assert (await anna.browser.get("/settings/security")).status_code == 200


async def test_staff_add_a_passkey_at_their_first_login(portal: Portal) -> None:
    await portal.add_account("neu", roles=frozenset({"agent"}))
    await portal.client.post("/login", data={"login": "neu", "password": PASSWORD})
    page = await register(portal.client, Device(), "/login/enrol/passkey", next="/desk")
    assert 'href="/desk"' in page.text
    assert (await portal.client.get("/api/v1/me")).json()["roles"] == ["agent"]


Wrong = Callable[[Device], None]
WRONGS: dict[str, Wrong] = {
    "origin": lambda device: setattr(device, "origin", "http://evil.example"),
    "other port": lambda device: setattr(device, "origin", "http://localhost:8081"),
    "relying party": lambda device: setattr(device, "party", "evil.example"),
    "not unlocked": lambda device: setattr(device, "verified", False),
}


@pytest.mark.parametrize("wrong", WRONGS.values(), ids=WRONGS)
async def test_sec_a16_what_was_made_for_another_place_is_refused(anna: Owner, wrong: Wrong) -> None:
    wrong(anna.device)
    answer = await give(anna.portal.browser(), anna.device)
    assert (answer.status_code, "nicht angenommen" in answer.text) == (422, True)
    refused = await register(anna.browser, replace(anna.device, credential_id=b"another"))
    assert refused.status_code == 422
    assert len(await passkeys(anna.portal, anna.account)) == 1


async def test_sec_a16_another_key_does_not_sign_for_a_passkey(anna: Owner) -> None:
    forged = Device(credential_id=anna.device.credential_id, user_handle=anna.device.user_handle)
    assert (await give(anna.portal.browser(), forged)).status_code == 422
    unknown = Device(user_handle=anna.device.user_handle)
    assert (await give(anna.portal.browser(), unknown)).status_code == 422


async def test_sec_a16_a_challenge_is_answered_once(anna: Owner) -> None:
    asked = await ask(anna.portal.browser(), "/login/passkey")
    form = {"ceremony": asked["ceremony"], "credential": anna.device.get(asked["options"])}
    answers = [await anna.portal.browser().post("/login/passkey", data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 422]
    other = await ask(anna.portal.browser(), "/login/passkey")
    replayed = form | {"ceremony": other["ceremony"]}
    assert (await anna.portal.browser().post("/login/passkey", data=replayed)).status_code == 422


async def test_sec_a16_a_wrong_answer_uses_the_challenge_up(anna: Owner) -> None:
    asked = await ask(anna.portal.browser(), "/login/passkey")
    form = {"ceremony": asked["ceremony"], "credential": "{}"}
    assert (await anna.portal.browser().post("/login/passkey", data=form)).status_code == 422
    form["credential"] = anna.device.get(asked["options"])
    assert (await anna.portal.browser().post("/login/passkey", data=form)).status_code == 422


async def test_sec_a16_a_challenge_is_answered_within_five_minutes_and_for_its_purpose(anna: Owner) -> None:
    asked = await ask(anna.portal.browser(), "/login/passkey")
    form = {"ceremony": asked["ceremony"], "credential": anna.device.get(asked["options"])}
    anna.portal.clock.forward(minutes=5)
    assert (await anna.portal.browser().post("/login/passkey", data=form)).status_code == 422
    elsewhere = await ask(anna.browser, "/login/confirm")
    form = {"ceremony": elsewhere["ceremony"], "credential": anna.device.get(elsewhere["options"])}
    assert (await anna.portal.browser().post("/login/passkey", data=form)).status_code == 422


@pytest.mark.parametrize("count", [0, 4, 5])
async def test_sec_a16_a_sign_count_that_falls_back_shows_a_copy(anna: Owner, count: int) -> None:
    anna.device.sign_count = 4
    assert (await give(anna.portal.browser(), anna.device)).status_code == 303
    anna.device.sign_count = count - 1 if count else -1
    assert (await give(anna.portal.browser(), anna.device)).status_code == 422
    anna.device.sign_count = 5
    assert (await give(anna.portal.browser(), anna.device)).status_code == 303


async def test_sec_a16_the_passkey_of_another_user_is_refused(anna: Owner) -> None:
    portal = anna.portal
    await portal.add_account("berta")
    berta, hers = portal.browser(), Device()
    await berta.post("/login", data={"login": "berta", "password": PASSWORD})
    await register(berta, hers)
    stranger = portal.browser()
    await stranger.post("/login", data={"login": "anna", "password": PASSWORD})
    assert (await give(stranger, hers, "/login/code")).status_code == 422
    hers.user_handle = anna.account.id.bytes
    assert (await give(portal.browser(), hers)).status_code == 422
    taken = await register(berta, Device(credential_id=anna.device.credential_id))
    assert taken.status_code == 422
    [kept] = await passkeys(portal, anna.account)
    for path in ("", "/remove"):
        answer = await berta.post(f"/settings/security/passkeys/{kept.id}{path}", data={"name": "meins"})
        assert answer.status_code == 404
    assert await passkeys(portal, anna.account) == [kept]


async def test_a_locked_account_does_not_come_in_with_its_passkey(anna: Owner) -> None:
    await anna.portal.set_state(anna.account, AccountState.LOCKED)
    assert (await give(anna.portal.browser(), anna.device)).status_code == 422


async def test_who_owes_a_password_does_not_come_in_with_a_passkey(anna: Owner) -> None:
    async with anna.portal.core.database.transaction() as tx:
        assert await anna.portal.core.records(tx).accounts.save(replace(anna.account, password_hash=None))
    assert (await give(anna.portal.browser(), anna.device)).status_code == 422


async def test_wrong_passkeys_are_throttled_as_codes_are(anna: Owner) -> None:
    browser = anna.portal.browser()
    await browser.post("/login", data={"login": "anna", "password": PASSWORD})
    answers = [await give(browser, Device(), "/login/code") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]


async def test_challenges_for_strangers_are_throttled_by_source(portal: Portal) -> None:
    answers = [await portal.client.post("/login/passkey/options") for _ in range(31)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]


async def test_without_a_script_it_is_said_what_to_do(anna: Owner) -> None:
    browser = anna.portal.browser()
    page = await browser.get("/login")
    assert "<noscript>" in page.text
    answer = await browser.post("/login/passkey", data={"way": "passkey", "ceremony": "", "credential": ""})
    assert (answer.status_code, "braucht JavaScript" in answer.text) == (422, True)
    assert "braucht JavaScript" in (await anna.browser.post(NEW, data={"name": "Laptop"})).text


async def test_a_passkey_has_a_name_that_can_be_changed(anna: Owner) -> None:
    [kept] = await passkeys(anna.portal, anna.account)
    path = f"/settings/security/passkeys/{kept.id}"
    assert "Passkey Laptop" in (await anna.browser.get(path)).text
    for name, message in (("  ", "Geben Sie dem Passkey einen Namen"), ("x" * 61, "zu lang")):
        answer = await anna.browser.post(path, data={"name": name})
        assert (answer.status_code, message in answer.text) == (422, True)
    answer = await anna.browser.post(path, data={"name": " Telefon "})
    assert answer.headers["location"] == "/settings/security?notice=passkey_renamed"
    assert [each.name for each in await passkeys(anna.portal, anna.account)] == ["Telefon"]


async def test_a_removed_passkey_no_longer_logs_in(anna: Owner) -> None:
    [kept] = await passkeys(anna.portal, anna.account)
    before = anna.browser.cookies["session"]
    answer = await anna.browser.post(f"/settings/security/passkeys/{kept.id}/remove")
    assert answer.headers["location"] == "/settings/security?notice=passkey_removed"
    assert anna.browser.cookies["session"] != before
    assert (await give(anna.portal.browser(), anna.device)).status_code == 422
    plain = await anna.portal.browser().post("/login", data={"login": "anna", "password": PASSWORD})
    assert plain.headers["location"] == "/"
    told = [each.data["changeKind"] for each in await anna.portal.events() if "changeKind" in each.data]
    assert told == ["passkey_added", "recovery_codes_renewed", "passkey_removed"]


async def test_with_a_passkey_left_the_recovery_codes_stay_when_the_app_goes(anna: Owner) -> None:
    place = "/settings/security/app"
    await anna.portal.add_factor(anna.account)
    assert "nach einem Passkey" in (await anna.browser.get(f"{place}/remove")).text
    assert (await anna.browser.post(f"{place}/remove")).status_code == 303
    assert "10 von 10" in (await anna.browser.get("/settings/security")).text


async def test_the_last_passkey_of_staff_stays(portal: Portal) -> None:
    account = await portal.add_account("neu", roles=frozenset({"agent"}))
    await portal.client.post("/login", data={"login": "neu", "password": PASSWORD})
    await register(portal.client, Device(), "/login/enrol/passkey")
    [kept] = await passkeys(portal, account)
    path = f"/settings/security/passkeys/{kept.id}"
    assert (await portal.client.post(f"{path}/remove")).status_code == 409
    await register(portal.client, Device(), name="Zweiter")
    assert (await portal.client.post(f"{path}/remove")).status_code == 303
    assert [each.name for each in await passkeys(portal, account)] == ["Zweiter"]


async def test_a_device_makes_no_second_passkey(anna: Owner) -> None:
    asked = await ask(anna.browser, NEW)
    assert len(asked["options"]["excludeCredentials"]) == 1
    assert asked["options"]["rp"] == {"name": anna.portal.core.brand.name, "id": "localhost"}
    assert asked["options"]["authenticatorSelection"]["userVerification"] == "required"


PROTOCOL = WebauthnProtocol("https://portal.example", "Portal")
KNOWN = Passkey(
    id=an_account().id,
    account_id=an_account().id,
    credential_id=b"x",
    public_key=b"x",
    sign_count=0,
    name="x",
    created_at=NOW,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
ANSWERS = (
    st.text()
    | JSON.map(json.dumps)
    | st.fixed_dictionaries(
        {
            "id": st.sampled_from(["eA", "x", ""]),
            "rawId": st.sampled_from(["eA", "x", ""]),
            "type": st.just("public-key"),
            "response": st.dictionaries(
                st.sampled_from(["clientDataJSON", "attestationObject", "authenticatorData", "signature"]),
                st.binary(max_size=60).map(lambda raw: raw.hex()) | st.text(max_size=5),
            ),
        }
    ).map(json.dumps)
)


@given(ANSWERS)
def test_any_answer_of_a_browser_is_read(credential: str) -> None:
    assert PROTOCOL.read_new(credential, b"challenge") is None
    assert PROTOCOL.verify(credential, b"challenge", KNOWN) is None
    PROTOCOL.read_assertion(credential)
