"""The area of staff: accounts are found, opened with a reason, and what the neighbours know stands beside (S4)."""

from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from identity.domain.account import Account, AccountState
from identity.domain.history import HistoryRange
from identity.usecases.account_surroundings import AccountLinks, HeldNumber, MailPage, MailSent
from identity_harness import PASSWORD, START, Portal, sign_in_staff

CALL = {"occasion": "call", "reason": "Rechnung R-3"}


@pytest.fixture
async def agent(portal: Portal) -> Portal:
    """The portal with an agent signed in."""
    await sign_in_staff(portal, "agent", display_name="Tarek Hadid")
    return portal


async def add_anna(portal: Portal) -> Account:
    return await portal.add_account(
        "anna", display_name="Anna Grübl", company="Gasthaus Zum Goldenen Ton", city="Wien", postal_code="1030"
    )


async def opened(portal: Portal, account: Account) -> httpx.Response:
    answer = await portal.client.post(f"/staff/accounts/{account.id}/open", data=CALL)
    assert answer.headers["location"] == f"/staff/accounts/{account.id}"
    return await portal.client.get(f"/staff/accounts/{account.id}")


async def reasons(portal: Portal, account_id: UUID) -> list[tuple[str, str, UUID | None]]:
    async with portal.core.database.transaction() as tx:
        page = await portal.core.records(tx).history.of_account(account_id, HistoryRange())
    return [(entry.action.value, entry.reason, entry.actor_id) for entry in page.entries]


async def test_the_hub_shows_what_the_roles_open(portal: Portal) -> None:
    await sign_in_staff(portal, "agent")
    page = await portal.client.get("/staff")
    assert "BearbeiterIn" in page.text
    assert 'href="/desk"' in page.text
    assert 'href="/staff/accounts"' in page.text
    editor = portal.browser()
    await sign_in_staff(portal, "felix", browser=editor, roles=frozenset({"editor"}))
    page = await editor.get("/staff")
    assert "RedakteurIn" in page.text
    assert 'href="/staff/accounts"' not in page.text
    assert (await editor.get("/staff/accounts")).status_code == 403


async def test_staff_have_their_places_in_the_navigation(agent: Portal) -> None:
    page = await agent.client.get("/staff/accounts")
    assert '<a href="/staff" aria-current="true">Verwaltung</a>' in page.text
    assert '<a href="/desk">Arbeitsplatz</a>' in page.text


@pytest.mark.parametrize("typed", ["gruebl", "GRÜBL", "goldenen", "anna@", "1030", "wien"])
async def test_accounts_are_found_by_any_part(agent: Portal, typed: str) -> None:
    account = await add_anna(agent)
    page = await agent.client.get("/staff/accounts", params={"q": typed})
    assert f'href="/staff/accounts/{account.id}"' in page.text
    assert "1 angezeigt" in page.text


async def test_accounts_are_found_by_the_customer_number_that_they_hold(agent: Portal) -> None:
    account = await add_anna(agent)
    agent.links.numbers["47110702"] = frozenset({account.id})
    page = await agent.client.get("/staff/accounts", params={"q": "4711-0702"})
    assert f'href="/staff/accounts/{account.id}"' in page.text
    agent.links.away = True
    page = await agent.client.get("/staff/accounts", params={"q": "4711-0702"})
    assert "Kundennummern sind gerade nicht erreichbar." in page.text
    assert "Niemand gefunden" in page.text


async def test_filters_and_pages_of_the_list(agent: Portal) -> None:
    for number in range(27):
        await agent.add_account(f"person{number}", created_at=START - timedelta(hours=number + 1))
    await agent.add_account("fort", state=AccountState.LOCKED)
    first = await agent.client.get("/staff/accounts?q=person")
    assert first.text.count('<a href="/staff/accounts/') == 25
    following = first.text.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = await agent.client.get(following)
    assert second.text.count('<a href="/staff/accounts/') == 2
    locked = await agent.client.get("/staff/accounts?state=locked")
    assert locked.text.count('<a href="/staff/accounts/') == 1
    assert (await agent.client.get("/staff/accounts?role=staff")).text.count('<a href="/staff/accounts/') == 1
    for nonsense in ("?state=x", "?role=x", "?q=%00"):
        assert (await agent.client.get(f"/staff/accounts{nonsense}")).status_code == 200
    assert (await agent.client.get("/staff/accounts?page=x")).status_code == 422


async def test_an_account_opens_with_a_reason_only_and_the_look_is_kept(agent: Portal) -> None:
    account = await add_anna(agent)
    asked = await agent.client.get(f"/staff/accounts/{account.id}")
    assert "Warum öffnen Sie dieses Konto?" in asked.text
    assert account.email not in asked.text
    refused = await agent.client.post(f"/staff/accounts/{account.id}/open", data={"reason": "weil"})
    assert (refused.status_code, "Wählen Sie den Anlass." in refused.text) == (422, True)
    assert 'value="weil"' in refused.text
    assert await reasons(agent, account.id) == []
    page = await opened(agent, account)
    assert account.email in page.text
    me = await agent.account("agent")
    assert await reasons(agent, account.id) == [("looked_at", "call: Rechnung R-3", me.id)]
    await opened(agent, account)
    assert len(await reasons(agent, account.id)) == 1
    assert "Anruf: Rechnung R-3" in page.text
    assert "Tarek Hadid" in page.text


async def test_searching_is_written_down_nowhere(agent: Portal) -> None:
    account = await add_anna(agent)
    before = await agent.dump()
    await agent.client.get("/staff/accounts?q=anna")
    await agent.client.get(f"/staff/accounts/{account.id}")
    assert await agent.dump() == before


async def test_the_reason_is_asked_again_the_next_day_and_of_everybody(agent: Portal) -> None:
    account = await add_anna(agent)
    await opened(agent, account)
    colleague = agent.browser()
    await sign_in_staff(agent, "lena", browser=colleague)
    assert "Warum öffnen Sie" in (await colleague.get(f"/staff/accounts/{account.id}")).text
    agent.clock.forward(hours=13)
    await sign_in_staff(agent, "agent", again=True)
    assert "Warum öffnen Sie" in (await agent.client.get(f"/staff/accounts/{account.id}")).text


async def test_what_the_neighbours_know_stands_on_the_page(agent: Portal) -> None:
    account = await add_anna(agent)
    agent.links.held[account.id] = AccountLinks(
        (HeldNumber(uuid4(), "4711 0702", "Gasthaus Zum Goldenen Ton", START, None),), ("Kulturverein Donaukanal",)
    )
    mail = MailSent("reset_password", "challenge", "failed", "550", START)
    agent.mails.pages[account.id, ""] = MailPage((mail,), "more")
    agent.mails.pages[account.id, "more"] = MailPage((MailSent("letter_of_tomorrow", "x", "sent", "", START),))
    page = await opened(agent, account)
    for shown in ("4711 0702", "Kulturverein Donaukanal", "Neues Passwort", "Abgewiesen", "550", "?mails=more"):
        assert shown in page.text
    older = await agent.client.get(f"/staff/accounts/{account.id}?mails=more")
    assert "letter_of_tomorrow" in older.text


async def test_a_neighbour_that_is_away_takes_its_part_and_not_the_page(agent: Portal) -> None:
    account = await add_anna(agent)
    agent.links.away = agent.mails.away = True
    page = await opened(agent, account)
    assert page.status_code == 200
    assert page.text.count("Gerade nicht erreichbar") == 2


async def test_sessions_and_history_are_shown_page_by_page(agent: Portal) -> None:
    account = await add_anna(agent)
    phone = agent.browser(**{"User-Agent": "Safari/604 iPhone"})
    for _ in range(16):
        agent.clock.forward(seconds=1)
        await phone.post("/login", data={"login": "anna", "password": PASSWORD})
    page = await opened(agent, account)
    assert "Safari, iPhone" in page.text
    token = page.text.partition("?history=")[2].partition("#")[0]
    older = await agent.client.get(f"/staff/accounts/{account.id}?history={token}")
    assert older.text.count('Angemeldet<span class="sub">Safari') == 2
    assert (await agent.client.get(f"/staff/accounts/{account.id}?history=x")).status_code == 422


async def test_an_account_that_is_not_there_is_not_found(agent: Portal) -> None:
    assert (await agent.client.get(f"/staff/accounts/{uuid4()}")).status_code == 404
    assert (await agent.client.post(f"/staff/accounts/{uuid4()}/open", data=CALL)).status_code == 404


async def test_sec_z12_staff_pages_need_role_and_second_factor(portal: Portal) -> None:
    anna = await add_anna(portal)
    _, _ = await portal.add_staff("agent")
    paths = ("/staff", "/staff/accounts", f"/staff/accounts/{anna.id}")
    await portal.client.post("/login", data={"login": "agent", "password": PASSWORD})
    assert [(await portal.client.get(path)).status_code for path in paths] == [303] * 3
    customer = portal.browser()
    await customer.post("/login", data={"login": "anna", "password": PASSWORD})
    assert [(await customer.get(path)).status_code for path in paths] == [403] * 3
    assert (await customer.post(f"/staff/accounts/{anna.id}/open", data=CALL)).status_code == 403
