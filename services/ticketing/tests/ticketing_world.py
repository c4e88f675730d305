"""The whole service in this process on a real database; sessions, memberships and names as fakes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from chassis.callers import Caller
from chassis.database import Database
from chassis.outbox import Outbox
from chassis.testing import FakeClock, FakeSessions, make_caller, page_client, settings_for
from ticketing.app import Neighbours, make_web_app, make_workplace
from ticketing.domain.membership import Customer, Membership, Organisation
from ticketing.domain.person import Person
from ticketing.entrypoints.workplace import Workplace
from ticketing.settings import TicketingSettings
from ticketing.usecases import ports
from ticketing_fakes import FakeMemberships, FakeNames
from ui.brand import Brand
from ui.page_check import check_page

BRANDS = Path(__file__).parents[3] / "brands"
WORKS, OTHER = UUID(int=0x100), UUID(int=0x101)
NUMBER, OTHER_NUMBER = UUID(int=0x200), UUID(int=0x201)
COLLEAGUES, STRANGERS = Organisation(WORKS, "Stadtwerke Lindau"), Organisation(OTHER, "Hochschule Kehl")

# Anna and Jonas are of one organisation, Xaver of another, Dora of none; Tarek and Wiebke work at the desk.
PEOPLE: dict[str, Caller] = {
    "anna": make_caller(1),
    "jonas": make_caller(2),
    "xaver": make_caller(3),
    "dora": make_caller(4),
    "tarek": make_caller(5, roles=["agent"]),
    "wiebke": make_caller(6, roles=["admin"]),
    "editor": make_caller(7, roles=["editor"]),
    "careless": make_caller(8, roles=["agent"], second_factor=False),
}
MEMBERSHIPS = {
    "anna": Membership((COLLEAGUES,), (Customer(NUMBER, "20 331", "wartung", WORKS),)),
    "jonas": Membership((COLLEAGUES,)),
    "xaver": Membership((STRANGERS,), (Customer(OTHER_NUMBER, "22 907", "wartung", OTHER),)),
}


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
    def words(self) -> str:
        """What stands on the page, without markup, as one line."""
        main = re.search(r"<main.*?</main>", self.html, re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", main[0] if main else self.html)).split())

    @property
    def plain(self) -> str:
        """The whole source with its entities resolved."""
        return unescape(self.html)

    @property
    def subjects(self) -> list[str]:
        """What a list shows, in its order."""
        return [
            unescape(found) for found in re.findall(r'<a href="/(?:tickets|desk)/[0-9a-f-]{36}">([^<]*)</a>', self.html)
        ]

    def link(self, label: str) -> str:
        """Where a link leads."""
        found = re.search(rf'<a href="([^"]+)"[^>]*>{label}</a>', self.html)
        assert found, label
        return unescape(found[1])

    def key(self, number: int = 0) -> str:
        return re.findall(r'name="idempotency_key" value="([^"]+)"', self.html)[number]


class World:
    def __init__(
        self, database: Database, brand: str = "software", *, memberships: ports.Memberships | None = None
    ) -> None:
        self.clock = FakeClock()
        self.database = database
        self.brand = Brand.load(BRANDS / brand)
        self.sessions = FakeSessions()
        self.memberships = FakeMemberships({PEOPLE[name].account_id: held for name, held in MEMBERSHIPS.items()})
        self.names = FakeNames(
            {
                one.account_id: Person(one.display_name, one.staff, active=True)
                for name, one in PEOPLE.items()
                if name != "dora"
            },
            {WORKS: COLLEAGUES.name, OTHER: STRANGERS.name},
            {NUMBER: "20 331"},
        )
        self.settings = settings_for(
            TicketingSettings, BRANDS / brand, identity_grpc="127.0.0.1:1", customer_link_grpc="127.0.0.1:1"
        )
        neighbours = Neighbours(self.sessions, memberships or self.memberships, self.names)
        self.work: Workplace
        self.outbox: Outbox
        self.work, self.outbox = make_workplace(self.brand, database, neighbours, clock=self.clock)
        self.app: FastAPI = make_web_app(self.settings, self.brand, self.work, self.sessions)
        self._tokens = {name: self.sessions.sign_in(caller) for name, caller in PEOPLE.items()}

    def client(self, name: str | None) -> httpx.AsyncClient:
        return page_client(self.app, self.settings, self._tokens[name] if name else None)

    async def get(self, name: str | None, path: str, *, language: str = "de") -> Page:
        """A page as somebody sees it; every one is checked."""
        async with self.client(name) as browser:
            response = await browser.get(path, headers={"Accept-Language": language})
        return _checked(response)

    async def post(self, name: str | None, path: str, fields: Mapping[str, str] | None = None) -> Page:
        """A form that somebody sends."""
        async with self.client(name) as browser:
            response = await browser.post(path, data=dict(fields or {}))
        return _checked(response)

    async def api(self, name: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        async with self.client(name) as program:
            return await program.request(method, path, **options)

    async def open(self, name: str = "anna", **fields: str) -> UUID:
        """A ticket that somebody opens through the form."""
        filled = {
            "kind": next(iter(self.work.policy.kinds)),
            "subject": "Der Buchungslauf bricht ab",
            "text": "Seit gestern, jede Nacht.",
        }
        page = await self.post(name, "/tickets/new", filled | fields)
        assert page.status == 303, page.words
        return UUID(page.response.headers["location"].split("/")[2][:36])

    async def answer(self, ticket: UUID, action: str = "", text: str = "Eine Antwort.", **fields: str) -> Page:
        return await self.post("tarek", f"/desk/{ticket}/answer", {"action": action, "text": text} | fields)

    async def bring_to(self, ticket: UUID, state: str) -> None:
        """Bring a new ticket into a state, the way people do."""
        ways: dict[str, Callable[[], Any]] = {
            "in_progress": lambda: self.post("tarek", f"/desk/{ticket}/take"),
            "waiting": lambda: self.answer(ticket, "ask", answer_due="2026-11-25"),
            "noted": lambda: self.answer(ticket, "note", ""),
            "rejected": lambda: self.answer(ticket, "reject"),
            "withdrawn": lambda: self.post("anna", f"/tickets/{ticket}/withdraw"),
        }
        if state in {"resolved", "closed"}:
            await ways["in_progress"]()
            await self.answer(ticket, "resolve")
        if state == "closed":
            await self.post("anna", f"/tickets/{ticket}/confirm")
        if state == "duplicate":
            other = await self.state_of(await self.open("anna", subject="Das andere"), "number")
            await self.answer(ticket, "mark_duplicate", other=f"T-2026-{int(other) % 10**9:05d}")
        if state in ways:
            await ways[state]()
        assert state in {"new", await self.state_of(ticket)}

    async def state_of(self, ticket: UUID, column: str = "state") -> Any:
        async with self.database.transaction() as tx:
            return await tx.scalar(text(f"SELECT {column} FROM tickets WHERE id = :id"), {"id": ticket})

    async def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What was emitted, in order: the last words of the type, and the data."""
        async with self.database.transaction() as tx:
            rows = await tx.execute(text("SELECT id, type, data FROM outbox ORDER BY position"))
        prefix = "kundenportal.ticketing.ticket."
        return [(row.type.removeprefix(prefix).removesuffix(".v1"), {"id": row.id, **row.data}) for row in rows]

    async def count(self, table: str) -> int:
        async with self.database.transaction() as tx:
            return int(await tx.scalar(text(f"SELECT count(*) FROM {table}")) or 0)

    def later(self, **time: float) -> None:
        self.clock.advance(timedelta(**time))


def _checked(response: httpx.Response) -> Page:
    if response.headers.get("content-type", "").startswith("text/html"):
        check_page(response.text)
    return Page(response)
