"""Every service in this process on a database of its own, with somebody of each kind at a browser."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from sqlalchemy import text

import customer_link_world
import ticketing_world
from chassis.api_clients import is_for_clients
from chassis.browser_guard import exemption_of
from chassis.callers import access_of
from chassis.database import Database
from chassis.metrics import Metrics
from chassis.testing import FakeSessions, make_caller, page_client
from chassis.web import access_table
from customer_link_builders import ANNA, INN, a_link
from identity_harness import PASSWORD, REGISTRATION, Portal, open_portal
from notification.app import utc_now, web_app
from notification.mail_ledger import Occurrence
from notification.notice_store import NoticeStore
from notification_world import service_settings
from ui.brand import Brand

SERVICES = ("identity", "customer-link", "ticketing", "notification")
KINDS = ("anonymous", "customer", "staff")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
NOBODYS_ID = "00000000-0000-4000-8000-000000000000"


@dataclass
class Service:
    """A running service: its routes, its database, and a browser for each kind of caller."""

    name: str
    app: FastAPI
    database: Database
    browsers: Mapping[str, httpx.AsyncClient]
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands for a parameter of a path, so that as many routes as possible find what they look for."""

    def routes(self, *, safe: bool) -> list[tuple[str, str]]:
        """Method and path of every route that only reads, or of every other."""
        rows = [(method, path) for method, path, _ in access_table(self.app) if (method in SAFE_METHODS) == safe]
        return [(method, self.place(path)) for method, path in rows]

    def place(self, template: str) -> str:
        """A path of the template."""
        return re.sub(r"\{([^}:]+)[^}]*\}", lambda found: self.values.get(found[1], NOBODYS_ID), template)

    def exempt(self) -> dict[tuple[str, str], str]:
        """Routes that the rule about other sites leaves out, and by which declaration."""
        contexts = [(each, _exemption(each)) for each in iter_route_contexts(self.app.routes)]
        return {
            (method, self.place(route.path or "")): reason
            for route, reason in contexts
            for method in route.methods or ()
            if reason is not None
        }

    async def rows(self) -> dict[str, list[str]]:
        """Everything in the database, by table."""
        found: dict[str, list[str]] = {}
        async with self.database.transaction() as tx:
            tables = await tx.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            for table in list(tables):
                found[table] = sorted(await tx.scalars(text(f'SELECT t::text FROM "{table}" t')))
        return found


def _exemption(route: RouteContext) -> str | None:
    return "api_client" if is_for_clients(access_of(route)) else exemption_of(route.endpoint)


@asynccontextmanager
async def open_service(name: str, database: Database) -> AsyncIterator[Service]:
    """The service of this name, in the licensing society's brand where somebody is needed who registers."""
    async with AsyncExitStack() as stack:
        service = await _OPEN[name](database, stack)
        for browser in service.browsers.values():
            stack.push_async_callback(browser.aclose)
        yield service


async def _identity(database: Database, stack: AsyncExitStack) -> Service:
    portal = await stack.enter_async_context(open_portal(database))
    customer = await portal.add_account("anna")
    _, secret = await portal.add_staff("agent")
    browsers = {"anonymous": portal.browser(), "customer": portal.browser(), "staff": portal.browser()}
    await _sign_in(portal, browsers, secret)
    await portal.client.post("/register", data=REGISTRATION | {"username": "neu", "email": "neu@beispiel.at"})
    link = (await portal.last_link()).removeprefix("/c/")
    session = next(one for one in await portal.sessions() if one.account_id == customer.id)
    values = {"token": link, "session_id": str(session.id), "account_id": str(customer.id)}
    return Service("identity", portal.app, portal.core.database, browsers, values)


async def _sign_in(portal: Portal, browsers: Mapping[str, httpx.AsyncClient], secret: bytes) -> None:
    await browsers["customer"].post("/login", data={"login": "anna", "password": PASSWORD})
    await browsers["staff"].post("/login", data={"login": "agent", "password": PASSWORD})
    done = await browsers["staff"].post("/login/code", data={"code": portal.code(secret)})
    assert done.status_code == httpx.codes.SEE_OTHER


async def _customer_link(database: Database, stack: AsyncExitStack) -> Service:
    world = customer_link_world.World(database)
    stack.push_async_callback(world.database.close)
    await world.stock()
    async with world.records() as records:
        await records.links.add(a_link(ANNA, INN))
    browsers = {kind: world.client(name) for kind, name in zip(KINDS, (None, "anna", "tarek"), strict=True)}
    return Service("customer-link", world.app, world.database, browsers, {"customer_id": str(INN.id)})


async def _ticketing(database: Database, _stack: AsyncExitStack) -> Service:
    world = ticketing_world.World(database)
    ticket = await world.open("anna")
    browsers = {kind: world.client(name) for kind, name in zip(KINDS, (None, "anna", "tarek"), strict=True)}
    return Service("ticketing", world.app, database, browsers, {"ticket_id": str(ticket)})


async def _notification(database: Database, _stack: AsyncExitStack) -> Service:
    settings, sessions = service_settings(), FakeSessions()
    app = web_app(settings, Brand.load(settings.brand_dir), database, sessions, Metrics(), describers={})
    customer = make_caller()
    people = (None, sessions.sign_in(customer), sessions.sign_in(make_caller(2, roles=["editor"])))
    browsers = {kind: page_client(app, settings, token) for kind, token in zip(KINDS, people, strict=True)}
    store = NoticeStore(utc_now)
    async with database.transaction() as tx:
        told = Occurrence(uuid4(), "kundenportal.identity.password.changed.v1", utc_now(), "subject")
        await store.add(tx, told, customer.account_id, "password_changed")
        (notice,) = await store.page(tx, customer.account_id, limit=1)
    return Service("notification", app, database, browsers, {"notice_id": str(notice.id)})


_OPEN = {
    "identity": _identity,
    "customer-link": _customer_link,
    "ticketing": _ticketing,
    "notification": _notification,
}
