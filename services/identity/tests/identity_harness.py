"""The whole service without sockets: its web app on a real database, with the time and the news in the test's hands."""

import base64
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from sqlalchemy import select, text

from chassis.database import Database
from chassis.messaging import Event
from chassis.metrics import Metrics
from chassis.outbox import source_of, to_event
from chassis.tables import outbox
from identity.adapters.tables import account as account_table
from identity.app import Neighbours, make_pages, make_web
from identity.core import Core, make_core
from identity.domain.account import Account, AccountState
from identity.domain.challenge import Challenge
from identity.domain.one_time_code import STEP_SECONDS, code_at
from identity.domain.session import Session
from identity.settings import IdentitySettings
from identity.usecases.account_surroundings import AccountLinks, MailPage, Surroundings
from identity.usecases.add_staff import ensure_second_factor
from identity.usecases.factor_ports import SecondFactor
from identity.usecases.link_for_mail import MailLink, link_for_mail
from identity.usecases.published_news import Headline, Published, Topic
from ui.page_check import check_fragment, check_page
from ui.pages import Pages

BRANDS = Path(__file__).parents[3] / "brands"
BASE_URL = "http://localhost:8080"
PASSWORD = "vier ruhige Wasserfarben"
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KEY = base64.b64encode(bytes(range(32))).decode()
OTHER_KEY = base64.b64encode(bytes(range(1, 33))).decode()


class Clock:
    """A clock that stands until the test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


CLOCK = Clock()
"""One for all tests, set back by each."""


@dataclass
class FakeNews:
    """News that are there, or cannot be had."""

    answer: Published | None = field(
        default_factory=lambda: Published(
            news=(Headline("/news/neue-tarife", "Neue Tarife ab Jänner", START - timedelta(days=4)),),
            topics=(Topic("/pages/sendung", "Sendung"), Topic("/pages/onlinenutzung", "Onlinenutzung")),
        )
    )

    async def published(self, language: str) -> Published | None:
        return self.answer


@dataclass
class FakeLinks:
    """What customer-link says of an account; `away` when it does not answer."""

    held: dict[UUID, AccountLinks] = field(default_factory=dict)
    numbers: dict[str, frozenset[UUID]] = field(default_factory=dict)
    away: bool = False

    async def links(self, account_id: UUID) -> AccountLinks | None:
        return None if self.away else self.held.get(account_id, AccountLinks())

    async def holders(self, number: str) -> frozenset[UUID] | None:
        key = "".join(sign for sign in number.upper() if sign.isalnum())
        return None if self.away else self.numbers.get(key, frozenset())


@dataclass
class FakeMails:
    """What notification says was mailed; `away` when it does not answer."""

    pages: dict[tuple[UUID, str], MailPage] = field(default_factory=dict)
    away: bool = False

    async def mails(self, account_id: UUID, page: str = "") -> MailPage | None:
        return None if self.away else self.pages.get((account_id, page), MailPage())


def make_settings(database_url: str, *, brand: str = "musik", **changes: Any) -> IdentitySettings:
    """Settings with the cheapest hash that Argon2 makes."""
    values: dict[str, Any] = {
        "base_url": BASE_URL,
        "brand_dir": BRANDS / brand,
        "database_url": database_url,
        "bus_url": "postgresql://nobody@127.0.0.1:1/bus",
        "http_port": 0,
        "grpc_port": 0,
        "management_port": 0,
        "tls_dir": Path("/nonexistent"),
        "challenge_keys": f"k1:{KEY}",
        "second_factor_keys": f"s1:{KEY}",
        "notification_grpc": "127.0.0.1:1",
        "customer_link_grpc": "127.0.0.1:1",
        "ticketing_grpc": "127.0.0.1:1",
        "password_passes": 1,
        "password_memory_kib": 8,
    }
    return IdentitySettings(**(values | changes))


@dataclass
class Portal:
    """What a test does with the service."""

    core: Core
    app: FastAPI
    client: httpx.AsyncClient
    clock: Clock
    news: FakeNews
    links: FakeLinks
    mails: FakeMails

    def browser(self, language: str = "de", **headers: str) -> httpx.AsyncClient:
        """Another browser: its own cookies, and headers as a browser sends them."""
        return _browser(self.client._transport, language, headers)

    async def events(self) -> list[Event]:
        """All that was emitted, oldest first."""
        async with self.core.database.transaction() as tx:
            rows = await tx.execute(select(outbox).order_by(outbox.c.position))
            return [to_event(row, source_of("identity")) for row in rows]

    async def event_types(self) -> list[str]:
        """Their types without what is common to all."""
        return [event.type.removeprefix("kundenportal.identity.").removesuffix(".v1") for event in await self.events()]

    async def last_challenge(self) -> Challenge:
        """The challenge issued last."""
        issued = [event for event in await self.events() if event.type.endswith("challenge.issued.v1")]
        async with self.core.database.transaction() as tx:
            found = await self.core.records(tx).challenges.get(UUID(issued[-1].data["challengeId"]))
        assert found is not None
        return found

    async def last_link(self) -> str:
        """The path that notification would mail for the last challenge."""
        return (await self.last_mail()).path

    async def last_mail(self) -> MailLink:
        """What notification would fetch for the last challenge."""
        challenge = await self.last_challenge()
        async with self.core.database.transaction() as tx:
            return await link_for_mail(
                challenge.id,
                records=self.core.records(tx),
                signer=self.core.links,
                clock=self.clock,
            )

    async def account(self, username: str) -> Account:
        """The account as it stands."""
        async with self.core.database.transaction() as tx:
            found = await self.core.records(tx).accounts.find_for_login(username)
        assert found is not None
        return found

    async def add_account(self, username: str = "anna", **changes: Any) -> Account:
        """An active account with PASSWORD."""
        account = Account(
            id=uuid4(),
            username=username,
            email=f"{username}@beispiel.at",
            display_name=f"{username.title()} Muster",
            language="de",
            state=AccountState.ACTIVE,
            created_at=self.clock(),
            password_hash=await self.core.passwords.hash(PASSWORD),
        )
        account = replace(account, **changes)
        async with self.core.database.transaction() as tx:
            assert await self.core.records(tx).accounts.add(account)
        return account

    async def add_staff(self, username: str = "agent", **changes: Any) -> tuple[Account, bytes]:
        """An active member of staff and the secret of the second factor."""
        account = await self.add_account(username, **({"roles": frozenset({"agent"})} | changes))
        return account, await self.add_factor(account)

    async def add_factor(self, account: Account) -> bytes:
        """The secret of the account's app, linked now if there was none."""
        async with self.core.database.transaction() as tx:
            return await ensure_second_factor(account, records=self.core.records(tx), sealer=self.core.sealer)

    async def set_state(self, account: Account, state: AccountState) -> None:
        """Locks, unlocks or closes an account."""
        async with self.core.database.transaction() as tx:
            await self.core.records(tx).accounts.save(replace(account, state=state))

    async def sessions(self) -> list[Session]:
        """All sessions, the last active first."""
        async with self.core.database.transaction() as tx:
            accounts = await tx.scalars(select(account_table.c.id))
            records = self.core.records(tx)
            return [session for each in list(accounts) for session in await records.sessions.of_account(each)]

    async def token(self, client: Mapping[str, Any], scope: str = "") -> str:
        """An access token of an API client."""
        form = {"grant_type": "client_credentials", "scope": scope}
        form |= {name: client[name] for name in ("client_id", "client_secret")}
        answer = await self.browser().post("/oauth/token", data=form)
        return str(answer.json()["access_token"])

    def code(self, secret: bytes) -> str:
        """What the app shows now."""
        return code_at(secret, int(self.clock().timestamp()) // STEP_SECONDS)

    async def second_factor(self, account_id: UUID) -> SecondFactor | None:
        async with self.core.database.transaction() as tx:
            return await self.core.records(tx).second_factors.get(account_id)

    async def dump(self) -> str:
        """Everything in the database, to look for what must not be there."""
        rows = []
        async with self.core.database.transaction() as tx:
            tables = await tx.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
            )
            for table in list(tables):
                rows += list(await tx.scalars(text(f'SELECT t::text FROM "{table}" t')))
        return "\n".join(rows)


async def sign_in_staff(
    portal: Portal, username: str, *, browser: httpx.AsyncClient | None = None, again: bool = False, **changes: Any
) -> Account:
    """Signs a member of staff in with both factors, whom it adds unless this is done `again`."""
    client = browser or portal.client
    if not again:
        await portal.add_staff(username, **changes)
    account = await portal.account(username)
    async with portal.core.database.transaction() as tx:
        secret = await ensure_second_factor(account, records=portal.core.records(tx), sealer=portal.core.sealer)
    await client.post("/login", data={"login": username, "password": PASSWORD})
    answer = await client.post("/login/code", data={"code": portal.code(secret)})
    assert answer.headers["location"] == "/"
    return account


def _pages(core: Core) -> Pages:
    """Compiled once a brand and address: that takes longer than most tests, and they change nothing in it."""
    key = f"{core.brand.id} {core.settings.base_url}"
    if key not in _compiled:
        _compiled[key] = make_pages(core)
    return _compiled[key]


_compiled: dict[str, Pages] = {}


@asynccontextmanager
async def open_portal(database: Database, *, brand: str = "musik", **changes: Any) -> AsyncIterator[Portal]:
    """The service of one brand on this database."""
    CLOCK.now, news, links, mails = START, FakeNews(), FakeLinks(), FakeMails()
    settings = make_settings(database.url, brand=brand, **changes)
    core = make_core(settings, clock=CLOCK)
    app = make_web(core, _pages(core), Neighbours(news, Surroundings(links, mails)), Metrics())
    transport = httpx.ASGITransport(app=app, client=("203.0.113.7", 4711))
    async with _browser(transport, "de", {}) as client:
        yield Portal(core, app, client, CLOCK, news, links, mails)
    await core.close()


def _browser(transport: Any, language: str, headers: Mapping[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=transport,
        base_url=BASE_URL,
        headers={"Accept-Language": language, "Sec-Fetch-Site": "same-origin", "User-Agent": "Firefox/140 Windows"}
        | dict(headers),
        event_hooks={"response": [_check]},
    )


_HINTS = {f"/register/hints/{field}" for field in ("username", "email", "password")}
_FRAGMENTS = frozenset({"/settings/data/export", *_HINTS})


async def _check(response: httpx.Response) -> None:
    """Every page that a test loads is a whole and accessible page."""
    await response.aread()
    if response.headers.get("content-type", "").startswith("text/html") and response.text:
        path = response.request.url.path
        part = response.status_code == 200 and (path in _FRAGMENTS or path.endswith("/progress"))
        check = check_fragment if part else check_page
        check(response.text)


REGISTRATION = {
    "username": "anna.muster",
    "first_name": "Anna",
    "last_name": "Muster",
    "company": "Gasthaus Zum Goldenen Ton",
    "street": "Ungargasse 12",
    "postal_code": "1030",
    "city": "Wien",
    "country": "AT",
    "email": "anna@beispiel.at",
    "password": PASSWORD,
    "consent": "yes",
}


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found, f"no hidden field {name}"
    return found[1]
