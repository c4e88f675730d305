"""Fakes and clients for tests of pages, JSON APIs and gRPC; chassis.testing offers them."""

import base64
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import httpx
from pydantic import SecretStr
from starlette.types import ASGIApp

from chassis.api_clients import ApiClient
from chassis.certificates import issue, make_authority, write_tls_dir
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller, token_hash
from chassis.settings import ServiceSettings

Settings = TypeVar("Settings", bound=ServiceSettings)
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


class FakeClock:
    """A Clock that stands until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        """The same time as seconds, for what takes a monotonic clock."""
        return (self.now - START).total_seconds()

    def advance(self, step: timedelta | float) -> None:
        """Moves it by a timedelta or by seconds."""
        self.now += step if isinstance(step, timedelta) else timedelta(seconds=step)


def sequence_of_ids(first: int = 1) -> Callable[[], UUID]:
    """A NewId that counts: …0001, …0002, so that a test can name what it will see."""
    numbers = count(first)
    return lambda: UUID(int=next(numbers))


def make_caller(
    number: int = 1, *, roles: Iterable[str] = (), second_factor: bool | None = None, language: str = "de"
) -> Caller:
    """A signed-in person; with roles a member of staff, who then has a second factor unless said otherwise."""
    roles = frozenset(roles)
    return Caller(
        account_id=UUID(int=1000 + number),
        session_id=UUID(int=2000 + number),
        username=f"person{number}",
        display_name=f"Person {number}",
        roles=roles,
        language=language,
        second_factor=bool(roles) if second_factor is None else second_factor,
        authenticated_at=START,
    )


class FakeSessions:
    """A SessionDirectory in memory. Set `available` to False to take identity away."""

    def __init__(self) -> None:
        self.available = True
        self.active: list[bytes] = []
        """Token hashes for which activity was told, in order."""
        self._callers: dict[bytes, Caller] = {}

    def sign_in(self, caller: Caller) -> str:
        """Opens a session and gives the token for its cookie."""
        number = len(self._callers).to_bytes(32, "big")
        token = base64.urlsafe_b64encode(number).rstrip(b"=").decode()
        self._callers[token_hash(token)] = caller
        return token

    def sign_out(self, token: str) -> None:
        """Ends a session."""
        del self._callers[token_hash(token)]

    async def find(self, token_hash: bytes, *, activity: bool, grace: bool) -> Caller | None:
        del grace  # nothing is kept here, so nothing can serve by grace
        if not self.available:
            raise DomainError(ErrorKind.UNAVAILABLE, "neighbour_unavailable")
        if activity and token_hash in self._callers:
            self.active.append(token_hash)
        return self._callers.get(token_hash)


class FakeClients:
    """A ClientDirectory in memory. Set `available` to False to take identity away."""

    def __init__(self) -> None:
        self.available = True
        self._clients: dict[bytes, ApiClient] = {}

    def issue(self, *scopes: str, number: int = 1) -> str:
        """An access token of the client of this number, with these scopes."""
        token = f"token-{len(self._clients)}"
        self._clients[token_hash(token)] = ApiClient(
            client_id=UUID(int=3000 + number),
            name=f"client {number}",
            scopes=frozenset(scopes),
            expires_at=START + timedelta(hours=1),
        )
        return token

    def revoke(self, token: str) -> None:
        """Ends a token."""
        del self._clients[token_hash(token)]

    async def find(self, token_hash: bytes) -> ApiClient | None:
        if not self.available:
            raise DomainError(ErrorKind.UNAVAILABLE, "neighbour_unavailable")
        return self._clients.get(token_hash)


def page_client(app: ASGIApp, settings: ServiceSettings, token: str | None = None) -> httpx.AsyncClient:
    """A client of an app in this process that sends what a browser on the portal's own page sends.

    Redirects are not followed. Use it as an async context manager.
    """
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=settings.base_url,
        headers={"Sec-Fetch-Site": "same-origin", "Origin": settings.base_url},
        cookies={} if token is None else {settings.cookie_name: token},
    )


def settings_for(settings_class: type[Settings], folder: Path, **values: Any) -> Settings:
    """Settings of a service for a test: ports chosen by the system, unreachable database and bus unless given."""
    defaults: dict[str, Any] = {
        "base_url": "http://localhost:8080",
        "brand_dir": folder,
        "database_url": SecretStr("postgresql://nobody@127.0.0.1:1/none"),
        "bus_url": SecretStr("amqp://127.0.0.1:1"),
        "http_port": 0,
        "grpc_port": 0,
        "management_port": 0,
        "tls_dir": folder,
        "replica": "test",
    }
    return settings_class(**(defaults | values))


def certificates(folder: Path, names: Iterable[str]) -> dict[str, Path]:
    """Makes an authority and one tls_dir per name, valid for a day."""
    now = datetime.now(UTC)
    authority = make_authority("Test authority", now, timedelta(days=2))
    folders = {name: folder / name for name in names}
    for name, tls_dir in folders.items():
        write_tls_dir(tls_dir, authority, issue(authority, [name], now, timedelta(days=1)))
    return folders
