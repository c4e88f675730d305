"""A small site of gallery pages with the real look, rendered by the real Pages: what tests look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from ui.brand import Brand
from ui.forms import Form, Message
from ui.pages import Pages
from ui.translations import N_

ROOT = Path(__file__).parents[2]
BRANDS = ("musik", "software")
NOW = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
BASE_URL = "http://localhost:8080"


@dataclass(frozen=True)
class Visitor:
    display_name: str = "Anna Weber"
    username: str = "anna.weber"
    language: str = "de"
    staff: bool = False


@dataclass(frozen=True)
class Ticket:
    subject: str
    number: str
    kind: str
    label: str
    ball: str
    next: str
    reporter: str
    changed: datetime


TICKETS = [
    Ticket("Buchungslauf bricht mit Zeitüberschreitung ab", "T-2026-01482", "Störung", "Sie sind am Zug", "you",
           "Antwort erbeten bis 25. Nov.", "Anna Weber", NOW - timedelta(minutes=12)),
    Ticket("Kostenstellen im Bericht nach Projekt gruppieren", "T-2026-01477", "Änderungsanforderung",
           "In Bearbeitung", "us", "Nächster Schritt: Schätzung", "Ich", NOW - timedelta(hours=17)),
    Ticket("Wie lege ich ein neues Wirtschaftsjahr an?", "T-2026-01461", "Bedienfrage", "Gelöst", "done",
           "Bestätigen oder wieder öffnen", "Ich", NOW - timedelta(days=2)),
    Ticket("Dunkle Darstellung für die Erfassung", "T-2026-01390", "Anregung", "Vorgemerkt", "parked",
           "Für Version 8.2 vorgesehen", "Jonas Krüger", NOW - timedelta(days=20)),
]  # fmt: skip
FAULTY = Form(
    values={"username": "a", "email": "anna@", "visibility": "own", "text": "Seit <gestern> & heute"},
    errors={
        "username": N_("Page not found"),
        "email": N_("What you typed"),
        "password": Message("Please check %(num)s things", {"num": 12}),
        "kind": N_("Previous page"),
        "visibility": N_("Next page"),
        "terms": N_("Somebody was faster"),
        "": N_("That was too much at once"),
    },
)


def load_brand(name: str) -> Brand:
    return Brand.load(ROOT / "brands" / name)


def make_pages(brand: Brand, now: datetime = NOW) -> Pages:
    return Pages(SimpleNamespace(base_url=BASE_URL), brand, "ui_gallery", clock=lambda: now)


def make_request(path: str = "/", *, visitor: Visitor | None = None, query: str = "", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "scheme": "http", "server": ("localhost", 8080), "path": path,
        "query_string": query.encode(), "headers": [(b"host", b"localhost:8080"), *raw], "state": {"caller": visitor},
    }  # fmt: skip
    return Request(scope)


GALLERY: Mapping[str, tuple[str, bool]] = {
    "start": ("/", False),
    "customers": ("/customers", True),
    "tickets": ("/tickets", True),
    "ticket": ("/tickets/1", True),
    "components": ("/gallery", True),
    "components-faulty": ("/gallery", True),
}


def gallery_page(pages: Pages, name: str, **headers: str) -> HTMLResponse:
    path, signed_in = GALLERY[name]
    request = make_request(path, visitor=Visitor() if signed_in else None, **headers)
    context: dict[str, Any] = {
        "tickets": TICKETS,
        "just_now": NOW - timedelta(minutes=12),
        "earlier": NOW - timedelta(days=1, hours=1),
    }
    if name.endswith("-faulty"):
        context["form"] = FAULTY
    return pages.render(request, f"gallery/{name.removesuffix('-faulty')}.html", **context)
