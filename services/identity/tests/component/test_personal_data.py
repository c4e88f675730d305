"""All data about oneself in one file (GDPR Art. 15 and 20)."""

import io
import json
import zipfile
from uuid import UUID

import httpx
import pytest

from chassis.errors import DomainError, ErrorKind
from identity.app import make_collecting, make_pages
from identity.usecases.collect_export import Collecting, collect_export
from identity_harness import PASSWORD, Portal

PAGE = "/settings/data"


class Source:
    """A service that answers, or is away."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.away = False
        self.asked: list[UUID] = []

    async def export(self, account_id: UUID) -> bytes:
        self.asked.append(account_id)
        if self.away:
            raise DomainError(ErrorKind.UNAVAILABLE, "away")
        return json.dumps({"tickets": [{"subject": self.text}]}).encode()

    async def erase(self, account_id: UUID, request_id: str) -> int:
        raise NotImplementedError


@pytest.fixture
def sources() -> dict[str, Source]:
    """The other services."""
    return {name: Source(f"<b>{name}</b>") for name in ("customer-link", "ticketing", "notification")}


@pytest.fixture
def collecting(portal: Portal, sources: dict[str, Source]) -> Collecting:
    """What the job works with."""
    return make_collecting(portal.core, make_pages(portal.core), sources)


@pytest.fixture
async def anna(portal: Portal) -> Portal:
    """The portal with Anna signed in."""
    await portal.add_account("anna", company="Gasthaus Zum Goldenen Ton")
    await portal.client.post("/login", data={"login": "anna", "password": PASSWORD})
    return portal


async def the_export(portal: Portal, username: str = "anna") -> UUID:
    account = await portal.account(username)
    async with portal.core.database.transaction() as tx:
        found = await portal.core.records(tx).exports.of_account(account.id)
    assert found is not None
    return found.id


def unpacked(answer: httpx.Response) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def test_a_file_is_put_together_and_downloaded(anna: Portal, collecting: Collecting) -> None:
    assert (await anna.client.post(f"{PAGE}/export")).headers["location"] == PAGE
    assert "0 von 4 Teilen" in (await anna.client.get(PAGE)).text
    await collect_export(await the_export(anna), by=collecting)
    assert "ist fertig" in (await anna.client.get(PAGE)).text
    answer = await anna.client.get(f"{PAGE}/download")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="meine-daten-2026-11-22.zip"'
    files = unpacked(answer)
    assert set(files) == {"index.html", *(f"{name}/data.json" for name in collecting.sources)}
    assert "Gasthaus Zum Goldenen Ton" in files["index.html"]
    assert "&lt;b&gt;ticketing&lt;/b&gt;" in files["index.html"]
    assert json.loads(files["identity/data.json"])["account"][0]["email"] == "anna@beispiel.at"
    events = [event for event in await anna.events() if event.type.endswith("security_changed.v1")]
    assert [event.data["changeKind"] for event in events] == ["data_exported"]


async def test_sec_the_file_has_no_secret_and_is_sealed_at_rest(anna: Portal, collecting: Collecting) -> None:
    await anna.client.post(f"{PAGE}/export")
    await collect_export(await the_export(anna), by=collecting)
    account = await anna.account("anna")
    files = "".join(unpacked(await anna.client.get(f"{PAGE}/download")).values())
    assert account.password_hash
    assert account.password_hash not in files
    for secret in ("token_hash", "password_hash", "sealed", "key_id"):
        assert secret not in files
    dump = await anna.dump()
    assert b"PK\x03\x04".hex() not in dump
    assert b"&lt;b&gt;ticketing".hex() not in dump


async def test_a_service_that_is_away_is_asked_again_and_the_others_are_not(
    anna: Portal, collecting: Collecting, sources: dict[str, Source]
) -> None:
    sources["ticketing"].away = True
    await anna.client.post(f"{PAGE}/export")
    export = await the_export(anna)
    with pytest.raises(DomainError, match="away"):
        await collect_export(export, by=collecting)
    assert "3 von 4 Teilen" in (await anna.client.get(f"{PAGE}/export")).text
    sources["ticketing"].away = False
    for _ in range(2):
        await collect_export(export, by=collecting)
    assert [len(source.asked) for source in sources.values()] == [1, 2, 1]
    assert (await anna.client.get(f"{PAGE}/download")).status_code == 200


async def test_one_at_a_time_and_not_too_often(anna: Portal, collecting: Collecting) -> None:
    for _ in range(3):
        await anna.client.post(f"{PAGE}/export")
        await anna.client.post(f"{PAGE}/export")
        await collect_export(await the_export(anna), by=collecting)
    answer = await anna.client.post(f"{PAGE}/export")
    assert answer.headers["location"] == f"{PAGE}?notice=busy"
    page = (await anna.client.get(f"{PAGE}?notice=busy")).text
    assert "Sie haben schon mehrmals angefordert." in page
    assert "ist fertig" in page


async def test_sec_s06_an_older_login_is_asked_first(anna: Portal, collecting: Collecting) -> None:
    await anna.client.post(f"{PAGE}/export")
    await collect_export(await the_export(anna), by=collecting)
    anna.clock.forward(minutes=10)
    for method, path in (("POST", f"{PAGE}/export"), ("GET", f"{PAGE}/download")):
        answer = await anna.client.request(method, path)
        assert answer.headers["location"].startswith("/login/confirm?next=/settings")


async def test_nobody_downloads_the_file_of_others(anna: Portal, collecting: Collecting) -> None:
    await anna.client.post(f"{PAGE}/export")
    await collect_export(await the_export(anna), by=collecting)
    await anna.add_account("berta")
    berta = anna.browser()
    await berta.post("/login", data={"login": "berta", "password": PASSWORD})
    assert (await berta.get(f"{PAGE}/download")).headers["location"] == PAGE
    assert "ist fertig" not in (await berta.get(PAGE)).text


async def test_after_seven_days_the_file_is_gone(anna: Portal, collecting: Collecting) -> None:
    await anna.client.post(f"{PAGE}/export")
    await collect_export(await the_export(anna), by=collecting)
    anna.clock.forward(days=7)
    await anna.client.post("/login", data={"login": "anna", "password": PASSWORD})
    assert (await anna.client.get(f"{PAGE}/download")).headers["location"] == PAGE
    assert "Daten zusammenstellen" in (await anna.client.get(PAGE)).text
