"""Closing one's account, and what becomes of it (GDPR Art. 17, S06)."""

import pytest
from sqlalchemy import text

from chassis.errors import DomainError, ErrorKind
from identity.app import make_admin, make_collecting, make_pages
from identity.domain.account import AccountState
from identity.usecases.collect_export import Collecting
from identity.usecases.erase_closed import erase_closed
from identity_harness import PASSWORD, Portal

CLOSE = "/settings/data/close"


class Source:
    """A service that erases once a request id, or is away."""

    def __init__(self) -> None:
        self.away = False
        self.erased: list[str] = []

    async def export(self, account_id: object) -> bytes:
        raise NotImplementedError

    async def erase(self, account_id: object, request_id: str) -> int:
        if self.away:
            raise DomainError(ErrorKind.UNAVAILABLE, "away")
        self.erased.append(request_id)
        return 1


@pytest.fixture
def sources() -> dict[str, Source]:
    return {name: Source() for name in ("customer-link", "ticketing", "notification")}


@pytest.fixture
def erasing(portal: Portal, sources: dict[str, Source]) -> Collecting:
    return make_collecting(portal.core, make_pages(portal.core), sources)


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in."""
    await portal.add_account("anna", company="Gasthaus Zum Goldenen Ton")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal


async def test_sec_s06_a_closed_account_is_out_everywhere_and_cannot_come_back(anna: Portal) -> None:
    phone = anna.browser()
    await phone.post("/login", data={"login": "anna", "password": PASSWORD})
    page = (await anna.client.get(CLOSE)).text
    assert "Nach 14 Tagen löschen wir" in page
    answer = await anna.client.post(CLOSE)
    assert answer.headers["location"] == "/settings/closed"
    assert "Ihr Konto ist geschlossen" in (await anna.client.get("/settings/closed")).text
    assert [(await each.get("/settings")).status_code for each in (anna.client, phone)] == [303, 303]
    assert await anna.sessions() == []
    assert (await anna.browser().post("/login", data={"login": "anna", "password": PASSWORD})).status_code == 422
    assert (await anna.event_types())[-3:] == ["session.revoked", "account.closed", "account.security_changed"]


@pytest.mark.parametrize("state", [AccountState.LOCKED, AccountState.CLOSED])
async def test_sec_s06_no_session_outlives_the_state_of_its_account(anna: Portal, state: AccountState) -> None:
    await anna.set_state(await anna.account("anna"), state)
    assert (await anna.client.get("/settings")).status_code == 303
    assert (await anna.client.get("/api/v1/me")).status_code == 401


async def test_sec_s06_closing_asks_an_older_login_first(anna: Portal) -> None:
    anna.clock.forward(minutes=10)
    for method in ("GET", "POST"):
        answer = await anna.client.request(method, CLOSE)
        assert answer.headers["location"].startswith("/login/confirm?next=/settings")
    assert (await anna.account("anna")).state is AccountState.ACTIVE


async def test_mailed_links_stop_working(anna: Portal) -> None:
    await anna.browser().post("/password/forgot", data={"login": "anna"})
    link = await anna.last_link()
    await anna.client.post(CLOSE)
    assert (await anna.browser().get(link)).status_code == 410


async def test_the_last_administrator_stays(portal: Portal) -> None:
    account, secret = await portal.add_staff("chief")
    async with portal.core.database.transaction() as tx:
        await tx.execute(text("UPDATE account SET roles = '{admin}'"))
    await portal.client.post("/login", data={"login": "chief", "password": PASSWORD})
    await portal.client.post("/login/code", data={"code": portal.code(secret)})
    answer = await portal.client.post(CLOSE)
    assert answer.status_code == 409
    assert "letzte Person mit der Rolle Administrator" in answer.text
    await portal.add_account("deputy", roles=frozenset({"admin"}))
    assert (await portal.client.post(CLOSE)).headers["location"] == "/settings/closed"
    assert (await portal.account("chief")).id == account.id


async def test_after_two_weeks_nothing_names_the_person_and_the_name_is_free(
    anna: Portal, erasing: Collecting, sources: dict[str, Source]
) -> None:
    account = await anna.account("anna")
    await anna.client.post(CLOSE)
    anna.clock.forward(days=13, hours=23)
    assert await erase_closed(by=erasing) == 0
    anna.clock.forward(hours=1)
    assert await erase_closed(by=erasing) == 1
    assert [len(source.erased) for source in sources.values()] == [1, 1, 1]
    dump = (await anna.dump()).casefold()
    for personal in ("anna", "goldenen", "argon2"):
        assert personal not in dump
    assert str(account.id) in dump
    await anna.add_account("anna")
    assert await erase_closed(by=erasing) == 0


async def test_a_service_that_is_away_is_asked_again_and_identity_waits(
    anna: Portal, erasing: Collecting, sources: dict[str, Source]
) -> None:
    await anna.client.post(CLOSE)
    anna.clock.forward(days=14)
    sources["ticketing"].away = True
    assert await erase_closed(by=erasing) == 0
    assert (await anna.account("anna")).state is AccountState.CLOSED
    sources["ticketing"].away = False
    assert await erase_closed(by=erasing) == 1
    assert [len(source.erased) for source in sources.values()] == [1, 1, 1]
    assert len({request_id for source in sources.values() for request_id in source.erased}) == 1


async def test_staff_open_it_again_until_then(anna: Portal, erasing: Collecting) -> None:
    await anna.client.post(CLOSE)
    admin = make_admin(anna.core)
    assert await admin.reopen_account("anna", "Versehen") == {"username": "anna"}
    anna.clock.forward(days=15)
    assert await erase_closed(by=erasing) == 0
    await anna.client.post("/login", data={"login": "anna", "password": PASSWORD})
    page = (await anna.client.get("/settings/activity")).text
    for words in ("Konto geschlossen", "Konto wieder geöffnet", "Versehen", "das Portal"):
        assert words in page
    with pytest.raises(DomainError, match="account_not_closed"):
        await admin.reopen_account("anna", "noch einmal")


async def test_it_is_not_opened_again_when_the_address_is_anothers_by_now(anna: Portal) -> None:
    await anna.client.post(CLOSE)
    await anna.add_account("berta", email="anna@beispiel.at")
    with pytest.raises(DomainError, match="address_taken"):
        await make_admin(anna.core).reopen_account("anna", "Versehen")


async def test_every_table_with_an_account_goes_with_it(anna: Portal) -> None:
    query = text(
        "SELECT conrelid::regclass::text FROM pg_constraint "
        "WHERE confrelid = 'account'::regclass AND contype = 'f' AND confdeltype <> 'c'"
    )
    async with anna.core.database.transaction() as tx:
        assert list(await tx.scalars(query)) == []
