"""The pages on which staff change accounts: what will happen, why, once, and who may (S4, Z12)."""

from uuid import UUID

import httpx
import pytest

from identity.domain.account import Account, AccountState
from identity.domain.history import HistoryRange
from identity_harness import PASSWORD, Portal, hidden, sign_in_staff

CALL = {"occasion": "call", "reason": "T-2026-00001"}


@pytest.fixture
async def admin(portal: Portal) -> Portal:
    """The portal with an administrator signed in."""
    await sign_in_staff(portal, "admin", roles=frozenset({"admin"}))
    return portal


async def opened(portal: Portal, account: Account, client: httpx.AsyncClient | None = None) -> str:
    client = client or portal.client
    await client.post(f"/staff/accounts/{account.id}/open", data=CALL)
    return (await client.get(f"/staff/accounts/{account.id}")).text


async def act(portal: Portal, account: Account, action: str, **more: str) -> httpx.Response:
    path = f"/staff/accounts/{account.id}/{action}"
    page = await portal.client.get(path)
    form = {"idempotency_key": hidden(page.text, "idempotency_key"), **CALL, **more}
    return await portal.client.post(path, data=form)


async def state(portal: Portal, account: Account) -> AccountState:
    async with portal.core.database.transaction() as tx:
        found = await portal.core.records(tx).accounts.get(account.id)
    assert found is not None
    return found.state


async def actions(portal: Portal, account_id: UUID) -> list[str]:
    async with portal.core.database.transaction() as tx:
        page = await portal.core.records(tx).history.of_account(account_id, HistoryRange())
    return [entry.action.value for entry in page.entries]


async def test_locking_and_unlocking(admin: Portal) -> None:
    anna, phone = await admin.add_account("anna"), admin.browser()
    await phone.post("/login", data={"login": "anna", "password": PASSWORD})
    page = await opened(admin, anna)
    assert "Dieses Konto sperren" in page
    assert "Dieses Konto entsperren" not in page
    answer = await act(admin, anna, "lock")
    assert answer.headers["location"] == f"/staff/accounts/{anna.id}?notice=lock"
    shown = await admin.client.get(answer.headers["location"])
    assert "Das Konto ist gesperrt." in shown.text
    assert "Anruf: T-2026-00001" in shown.text
    assert (await phone.get("/settings")).status_code == 303
    refused = await admin.browser().post("/login", data={"login": "anna", "password": PASSWORD})
    assert refused.status_code == 422
    await act(admin, anna, "unlock")
    assert await state(admin, anna) is AccountState.ACTIVE
    assert (await admin.event_types()).count("account.security_changed") == 2


async def test_a_double_click_acts_once_and_a_late_one_not_at_all(admin: Portal) -> None:
    anna = await admin.add_account("anna")
    await opened(admin, anna)
    path = f"/staff/accounts/{anna.id}/lock"
    form = {"idempotency_key": hidden((await admin.client.get(path)).text, "idempotency_key"), **CALL}
    answers = [await admin.client.post(path, data=form) for _ in range(2)]
    assert {answer.headers["location"] for answer in answers} == {f"/staff/accounts/{anna.id}?notice=lock"}
    late = await act(admin, anna, "lock")
    assert late.headers["location"].endswith("?notice=state_changed")
    assert "Es ist nichts geschehen." in (await admin.client.get(late.headers["location"])).text
    assert (await actions(admin, anna.id)).count("locked") == 1


async def test_no_action_without_a_reason_nor_on_an_account_that_was_not_opened(admin: Portal) -> None:
    anna = await admin.add_account("anna")
    path = f"/staff/accounts/{anna.id}/lock"
    assert (await admin.client.get(path)).headers["location"] == f"/staff/accounts/{anna.id}"
    assert (await admin.client.post(path, data=CALL)).headers["location"] == f"/staff/accounts/{anna.id}"
    await opened(admin, anna)
    page = await admin.client.post(path, data={"occasion": "", "reason": "weil eben"})
    assert (page.status_code, 'value="weil eben"' in page.text) == (422, True)
    assert await state(admin, anna) is AccountState.ACTIVE


async def test_a_link_for_a_new_password_and_a_corrected_address(admin: Portal) -> None:
    anna = await admin.add_account("anna")
    pending = await admin.add_account("pending", state=AccountState.UNCONFIRMED)
    await opened(admin, anna)
    await act(admin, anna, "send-reset")
    assert (await admin.last_challenge()).account_id == anna.id
    await opened(admin, pending)
    bad = await act(admin, pending, "address", email="keine Adresse")
    assert (bad.status_code, 'value="keine Adresse"' in bad.text) == (422, True)
    await act(admin, pending, "address", email="richtig@beispiel.at")
    assert (await admin.account("pending")).email == "richtig@beispiel.at"
    link = await admin.last_link()
    assert (await admin.browser().post(link, data={"password": PASSWORD})).headers["location"] == "/?notice=confirmed"


async def test_an_address_in_use_moves_when_the_new_one_is_confirmed(admin: Portal) -> None:
    anna = await admin.add_account("anna")
    assert "E-Mail-Adresse ändern" in await opened(admin, anna)
    same = await act(admin, anna, "new-address", email=anna.email)
    assert (same.status_code, "Geben Sie eine andere ein" in same.text) == (422, True)
    answer = await act(admin, anna, "new-address", email="neu@beispiel.at")
    assert answer.headers["location"].endswith("?notice=new-address")
    assert "unterwegs" in (await admin.client.get(answer.headers["location"])).text
    assert (await admin.account("anna")).email == anna.email
    assert (await admin.event_types()).count("challenge.issued") == 2
    assert (await admin.last_mail()).email == anna.email


async def test_a_closed_account_is_opened_again(admin: Portal) -> None:
    anna, berta = await admin.add_account("anna"), await admin.add_account("berta")
    for account in (anna, berta):
        await admin.set_state(account, AccountState.CLOSED)
        assert "Dieses Konto wieder öffnen" in await opened(admin, account)
    answer = await act(admin, anna, "reopen")
    shown = await admin.client.get(answer.headers["location"])
    assert "Das Konto ist wieder offen." in shown.text
    assert await state(admin, anna) is AccountState.ACTIVE
    await admin.add_account("carla", email=berta.email)
    refused = await admin.client.get((await act(admin, berta, "reopen")).headers["location"])
    assert "gehört inzwischen zu einem anderen Konto" in refused.text
    assert await state(admin, berta) is AccountState.CLOSED


async def test_roles_make_staff_who_need_a_factor_from_the_next_login(admin: Portal) -> None:
    berta = await admin.add_account("berta")
    await opened(admin, berta)
    answer = await act(admin, berta, "roles", role_agent="yes")
    assert "Die Rollen sind geändert." in (await admin.client.get(answer.headers["location"])).text
    assert (await admin.account("berta")).roles == {"agent"}
    browser = admin.browser()
    login = await browser.post("/login", data={"login": "berta", "password": PASSWORD})
    assert login.headers["location"].startswith("/login/")
    assert (await browser.get("/staff")).status_code == 303
    same = await act(admin, berta, "roles", role_agent="yes")
    assert (same.status_code, "Diese Rollen hat das Konto schon" in same.text) == (422, True)


async def test_a_new_member_of_staff_gets_the_first_password_by_mail(admin: Portal) -> None:
    page = await admin.client.get("/staff/accounts/new")
    key = {"idempotency_key": hidden(page.text, "idempotency_key")}
    bad = await admin.client.post("/staff/accounts/new", data={**key, "username": "x", "email": "y"})
    assert bad.status_code == 422
    for message in ("Geben Sie den Namen ein.", "3 bis 40 Zeichen", "Prüfen Sie die E-Mail-Adresse", "eine Rolle"):
        assert message in bad.text
    form = {"display_name": "Max Bauer", "username": "m.bauer", "email": "m.bauer@x.example", "role_editor": "yes"}
    answers = [await admin.client.post("/staff/accounts/new", data={**key, **form}) for _ in range(2)]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    listed = await admin.client.get(answers[0].headers["location"])
    assert "Das Konto ist angelegt." in listed.text
    assert "Max Bauer" in listed.text
    await admin.browser().post(await admin.last_link(), data={"password": PASSWORD})
    login = await admin.browser().post("/login", data={"login": "m.bauer", "password": PASSWORD})
    assert login.headers["location"] == "/login/enrol"
    taken = await admin.client.post("/staff/accounts/new", data=form)
    assert (taken.status_code, "vergeben" in taken.text) == (422, True)


async def test_sec_z12_a_login_of_an_hour_ago_is_asked_again(admin: Portal) -> None:
    anna = await admin.add_account("anna")
    await opened(admin, anna)
    admin.clock.forward(minutes=11)
    answer = await admin.client.get(f"/staff/accounts/{anna.id}/lock")
    assert answer.headers["location"] == f"/login/confirm?next=/staff/accounts/{anna.id}/lock"
    assert (await admin.client.get(f"/staff/accounts/{anna.id}")).status_code == 200


async def test_sec_z12_an_agent_is_offered_and_allowed_what_agents_may(portal: Portal) -> None:
    await sign_in_staff(portal, "agent")
    anna, _ = await portal.add_account("anna"), await portal.add_staff("lena")
    lena = await portal.account("lena")
    page = await opened(portal, anna)
    assert "Dieses Konto sperren" in page
    assert "Rollen ändern" not in page
    assert "Was Sie tun können" not in await opened(portal, lena)
    answer = await portal.client.post(f"/staff/accounts/{lena.id}/lock", data=CALL)
    assert answer.status_code == 403
    assert await state(portal, lena) is AccountState.ACTIVE


async def test_sec_z12_nobody_changes_the_own_account(admin: Portal) -> None:
    me = await admin.account("admin")
    assert "Was Sie tun können" not in await opened(admin, me)
    answer = await act(admin, me, "roles", role_editor="yes")
    assert answer.headers["location"].endswith("?notice=own_account")
    assert (await admin.account("admin")).roles == {"admin"}
