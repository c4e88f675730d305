"""Refuses requests that another site makes a browser send, and sets the security headers of every response.

Cross-site rule (DESIGN 9, ASVS 3.5.1): on an unsafe method `Sec-Fetch-Site`, if present, must be `same-origin`,
else `Origin` must equal the base URL. A request with neither header does not come from a browser we serve.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])
RawHeaders = list[tuple[bytes, bytes]]

_EXEMPTION = "browser_guard_exemption"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
_HSTS = "max-age=63072000; includeSubDomains"


def bearer_only(endpoint: Endpoint) -> Endpoint:
    """Exempts a route that knows its caller by a secret in the request alone and ignores cookies.

    Routes with `api_clients.client(...)` are exempt without it.
    """
    setattr(endpoint, _EXEMPTION, "bearer_only")
    return endpoint


def one_click(endpoint: Endpoint) -> Endpoint:
    """Exempts a one-click unsubscribe (RFC 8058), which a mail provider posts without a browser."""
    setattr(endpoint, _EXEMPTION, "one_click")
    return endpoint


def exemption_of(endpoint: object) -> str | None:
    """By which declaration a route is exempt from the cross-site rule, if by any."""
    return getattr(endpoint, _EXEMPTION, None)


class BrowserGuard:
    """Pure ASGI; goes around everything else, so that errors and assets have the headers too.

    Args:
        app: what it guards.
        base_url: the one origin that may post.
        exempt: whether the route of a scope is declared exempt; asked only before refusing.
        refuse: answers instead of the app.
    """

    def __init__(self, app: ASGIApp, *, base_url: str, exempt: Callable[[Scope], bool], refuse: ASGIApp) -> None:
        self._app = app
        self._origin = base_url.encode()
        self._exempt = exempt
        self._refuse = refuse
        names = _HEADERS | ({"strict-transport-security": _HSTS} if base_url.startswith("https://") else {})
        self._headers = [(name.encode(), value.encode()) for name, value in names.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._secure(message)
            await send(message)

        app = self._app if self._allows(scope) else self._refuse
        await app(scope, receive, send_secured)

    def _allows(self, scope: Scope) -> bool:
        if scope["method"] in _SAFE_METHODS:
            return True
        return is_same_origin(scope["headers"], self._origin) or self._exempt(scope)

    def _secure(self, start: Message) -> None:
        # A route may set a header itself, as downloads do with their stricter content policy.
        present = {name.lower() for name, _ in start.get("headers", ())}
        own: RawHeaders = list(start.get("headers", ()))
        start["headers"] = own + [header for header in self._headers if header[0] not in present]


def is_same_origin(headers: Iterable[tuple[bytes, bytes]], origin: bytes) -> bool:
    """Whether the headers of an unsafe request say that a page of this origin sent it; doubled headers refuse."""
    sites: list[bytes] = []
    origins: list[bytes] = []
    for name, value in headers:
        if name == b"sec-fetch-site":
            sites.append(value)
        elif name == b"origin":
            origins.append(value)
    if sites:
        return sites == [b"same-origin"]
    return origins == [origin]
