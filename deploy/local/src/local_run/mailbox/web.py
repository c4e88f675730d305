"""The mailbox in a browser, and the parts of Mailpit's JSON API that tests need."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup, escape
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from local_run.mailbox.mail_store import MailStore
from local_run.mailbox.received_mail import ReceivedMail

_TEMPLATES = Path(__file__).parent / "templates"
_OWN_PAGE = "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
# A mail is a stranger's page: no script, no requests, an origin of its own; its links open in a new tab.
_MAILED_PAGE = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
)
_PAGE_SIZE = 50


class MailboxPages:
    """Everything that the mailbox answers."""

    def __init__(self, store: MailStore) -> None:
        self._store = store
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters["linked"] = linked

    async def show_list(self, request: Request) -> Response:
        """All mails, newest first, or those that a search finds."""
        query = request.query_params.get("query", "")
        mails = self._store.search(query) if query else self._store.newest()
        return self._page("list.html", mails=mails, query=query, total=self._store.count())

    async def show_mail(self, request: Request) -> Response:
        """One mail."""
        mail = self._found(request)
        return self._page("mail.html", mail=mail) if mail else PlainTextResponse("no such mail", 404)

    async def show_html(self, request: Request) -> Response:
        """The HTML part of a mail, shut off from the page around it."""
        mail = self._found(request)
        if mail is None:
            return PlainTextResponse("no such mail", 404)
        html = mail.html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(html, headers={"Content-Security-Policy": _MAILED_PAGE})

    async def empty(self, request: Request) -> Response:
        """Deletes all mails."""
        del request
        self._store.delete()
        return RedirectResponse("/", 303)

    async def style(self, request: Request) -> Response:
        """The style sheet."""
        del request
        return Response((_TEMPLATES / "mailbox.css").read_text(), media_type="text/css")

    async def info(self, request: Request) -> Response:
        """Mailpit: what this is."""
        del request
        return JSONResponse({"Version": "local mailbox", "Messages": self._store.count()})

    async def messages(self, request: Request) -> Response:
        """Mailpit: mails, newest first; DELETE drops those named in {"IDs": []}, or all."""
        if request.method == "DELETE":
            body = await request.json() if await request.body() else {}
            self._store.delete(body.get("IDs") or [])
            return PlainTextResponse("ok")
        return self._listed(request, self._store.newest(*_span(request)))

    async def search(self, request: Request) -> Response:
        """Mailpit: mails that a query finds, newest first."""
        return self._listed(request, self._store.search(request.query_params.get("query", ""), *_span(request)))

    async def message(self, request: Request) -> Response:
        """Mailpit: one mail."""
        mail = self._found(request)
        return JSONResponse(mail.detail()) if mail else PlainTextResponse("message not found", 404)

    async def headers(self, request: Request) -> Response:
        """Mailpit: the headers of a mail."""
        mail = self._found(request)
        return JSONResponse(mail.headers()) if mail else PlainTextResponse("message not found", 404)

    def _found(self, request: Request) -> ReceivedMail | None:
        return self._store.find(request.path_params["mail_id"])

    def _listed(self, request: Request, mails: list[ReceivedMail]) -> Response:
        start, _ = _span(request)
        total = self._store.count()
        numbers = {"total": total, "unread": total, "count": len(mails), "messages_count": total, "start": start}
        return JSONResponse({**numbers, "tags": [], "messages": [mail.summary() for mail in mails]})

    def _page(self, template: str, **context: Any) -> Response:
        html = self._templates.get_template(template).render(**context)
        return HTMLResponse(html, headers={"Content-Security-Policy": _OWN_PAGE, "Cache-Control": "no-store"})


def mailbox_app(store: MailStore) -> Starlette:
    """The mailbox's web side."""
    pages = MailboxPages(store)
    return Starlette(
        routes=[
            Route("/", pages.show_list),
            Route("/mail/{mail_id}", pages.show_mail),
            Route("/mail/{mail_id}/html", pages.show_html),
            Route("/empty", pages.empty, methods=["POST"]),
            Route("/mailbox.css", pages.style),
            Route("/api/v1/info", pages.info),
            Route("/api/v1/messages", pages.messages, methods=["GET", "DELETE"]),
            Route("/api/v1/search", pages.search),
            Route("/api/v1/message/{mail_id}", pages.message),
            Route("/api/v1/message/{mail_id}/headers", pages.headers),
        ]
    )


def linked(text: str) -> Markup:
    """Text with its addresses as links."""
    words = []
    for word in text.replace("\r\n", "\n").split(" "):
        lines = [
            Markup('<a href="{0}" target="_blank" rel="noreferrer">{0}</a>').format(line)
            if line.startswith(("http://", "https://"))
            else escape(line)
            for line in word.split("\n")
        ]
        words.append(Markup("\n").join(lines))
    return Markup(" ").join(words)


def _span(request: Request) -> tuple[int, int]:
    return int(request.query_params.get("start", 0)), int(request.query_params.get("limit", _PAGE_SIZE))
