"""The whole service in this process on a real database; sessions and the clock are in the test's hands."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import event, select

from chassis.callers import Caller
from chassis.database import Database
from chassis.messaging import Event
from chassis.metrics import Metrics
from chassis.outbox import source_of, to_event
from chassis.tables import outbox
from chassis.testing import FakeClients, FakeClock, FakeSessions, make_caller, page_client, settings_for
from customer_link.app import make_core, make_web
from customer_link.settings import CustomerLinkSettings
from customer_link.usecases.ports import Records
from customer_link_builders import ANNA, BERND, CLARA, KEYS, stock
from customer_link_fakes import FakeDirectory
from ui.page_check import check_fragment, check_page

BRANDS = Path(__file__).parents[3] / "brands"
# make_caller(n) has the account 1000 + n.
PEOPLE: dict[str, Caller] = {
    "anna": make_caller(1),
    "bernd": make_caller(2),
    "clara": make_caller(3),
    "tarek": make_caller(5, roles=["agent"]),
    "ines": make_caller(6, roles=["admin"]),
    "monika": make_caller(7, roles=["advisor"]),
}
assert [PEOPLE[name].account_id for name in ("anna", "bernd", "clara")] == [ANNA, BERND, CLARA]


@dataclass(frozen=True)
class Page:
    """A page that passed the page check."""

    response: httpx.Response

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.text

    @property
    def location(self) -> str:
        return self.response.headers.get("location", "")

    @property
    def words(self) -> str:
        """What stands in its main part, without markup, as one line."""
        main = re.search(r"<main.*?</main>", self.html, re.DOTALL)
        plain = re.sub(r"<[^>]+>", " ", main[0] if main else self.html)
        return " ".join(plain.replace("&#39;", "'").replace("&amp;", "&").split())

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)
        return " ".join(found[1].split()) if found else ""

    def key(self) -> str:
        return re.findall(r'name="idempotency_key" value="([^"]+)"', self.html)[0]


class World:
    def __init__(self, database: Database, brand: str = "musik", *, code_keys: str = KEYS, **settings: Any) -> None:
        self.clock = FakeClock()
        self.sessions = FakeSessions()
        self.clients = FakeClients()
        self.directory = FakeDirectory({caller.account_id: name.title() for name, caller in PEOPLE.items()})
        self.settings = settings_for(
            CustomerLinkSettings,
            BRANDS / brand,
            database_url=database.url,
            identity_grpc="127.0.0.1:1",
            code_keys=code_keys,
            **{"files_url": "memory:///", **settings},
        )
        self.core = make_core(self.settings, clock=self.clock)
        self.database = self.core.workplace.database
        self.app = make_web(self.core, self.sessions, self.clients, self.directory, Metrics())
        self._tokens = {name: self.sessions.sign_in(caller) for name, caller in PEOPLE.items()}

    @asynccontextmanager
    async def records(self) -> AsyncIterator[Records]:
        async with self.core.workplace.open() as records:
            yield records

    async def stock(self) -> None:
        async with self.records() as records:
            await stock(records)

    def client(self, name: str | None) -> httpx.AsyncClient:
        return page_client(self.app, self.settings, self._tokens[name] if name else None)

    def program(self, *scopes: str) -> httpx.AsyncClient:
        """Another system, which has a token with these scopes and sends nothing that browsers send."""
        headers = {"Authorization": f"Bearer {self.clients.issue(*scopes)}"}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url=self.settings.base_url, headers=headers
        )

    async def get(self, name: str | None, path: str, *, language: str = "de") -> Page:
        """A page or fragment as somebody sees it; every one is checked."""
        async with self.client(name) as browser:
            return _checked(await browser.get(_lang(path, language)))

    async def post(
        self, name: str | None, path: str, fields: Mapping[str, str] | None = None, *, language: str = "de"
    ) -> Page:
        """A form that somebody sends."""
        async with self.client(name) as browser:
            return _checked(await browser.post(_lang(path, language), data=dict(fields or {})))

    async def send_files(
        self, name: str, path: str, fields: Mapping[str, str], files: Sequence[tuple[str, bytes]], field: str
    ) -> Page:
        """A form with files that somebody sends."""
        async with self.client(name) as browser:
            parts = [(field, (file, content, "application/octet-stream")) for file, content in files]
            return _checked(await browser.post(path, data=dict(fields), files=parts))

    async def keep_file(self, key: UUID, content: bytes) -> None:
        """As if it had been sent."""
        await self.core.workplace.files.put(key, _one(content))

    async def kept_files(self) -> set[UUID]:
        """The keys of all that is in the file store."""
        found = self.core.workplace.files.put_before(datetime.max.replace(tzinfo=UTC))
        return {key async for keys in found for key in keys}

    async def link(self, name: str, code: str, number: str, *, language: str = "de", key: str = "") -> Page:
        """The form, filled in."""
        fields = {"code": code, "number": number} | ({"idempotency_key": key} if key else {})
        return await self.post(name, "/customers", fields, language=language)

    async def events(self) -> list[Event]:
        """All that was emitted, in order."""
        async with self.database.transaction() as tx:
            rows = await tx.execute(select(outbox).order_by(outbox.c.position))
            return [to_event(row, source_of("customer-link")) for row in rows]

    async def event_names(self) -> list[str]:
        return [one.type.removeprefix("kundenportal.customer_link.").removesuffix(".v1") for one in await self.events()]

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The statements that are run meanwhile."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        engine = self.database._engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        yield seen
        event.remove(engine, "before_cursor_execute", note)


MakeWorld = Callable[..., Awaitable[World]]


async def _one(content: bytes) -> AsyncIterator[bytes]:
    yield content


def _lang(path: str, language: str) -> str:
    return path if language == "de" else f"{path}{'&' if '?' in path else '?'}lang={language}"


def _checked(response: httpx.Response) -> Page:
    if response.headers.get("content-type", "").startswith("text/html") and response.text:
        (check_page if "<html" in response.text else check_fragment)(response.text)
    return Page(response)
