"""Other systems that call the JSON API: the dependency by which a route lets them in, by a scope of their token.

Such a route knows its caller by a bearer token alone (RFC 6750, section 2.1): it ignores cookies, and the browser
guard exempts it, because a browser adds no bearer token by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from fastapi import Request

from chassis.callers import admits, signed_in
from chassis.errors import DomainError, ErrorKind
from chassis.sessions import Caller, token_hash

_ACCESS = "client:"
_PERSON_OR = "signed_in|"
_LONGEST_TOKEN = 200


@dataclass(frozen=True, slots=True)
class ApiClient:
    """Another system, as its access token says."""

    client_id: UUID
    name: str
    scopes: frozenset[str]
    """What this token allows, such as `accounts:read`; never more than the client was given."""
    expires_at: datetime


class ClientDirectory(Protocol):
    """Knows whose access token it is."""

    async def find(self, token_hash: bytes) -> ApiClient | None:
        """The client of a live token, by the SHA-256 of it. There is no grace: an older answer never serves.

        Raises:
            DomainError: UNAVAILABLE when nobody can tell now.
        """
        ...


def client(*scopes: str) -> Callable[[Request], Any]:
    """Lets API clients in whose token has one of the scopes.

    `Annotated[ApiClient, Depends(client("accounts:read"))]` in a route's signature; the app needs `clients=`.
    """
    if not scopes:
        raise ValueError("An API client is let in by a scope.")

    @admits(_ACCESS + ",".join(scopes))
    async def api_client(request: Request) -> ApiClient:
        return await _find(request, scopes)

    return api_client


def person_or_client(*scopes: str) -> Callable[[Request], Any]:
    """Lets people with a session in, and API clients whose token has one of the scopes: the same list, seen by each.

    For reading only. Whoever sends an Authorization header is a client, whatever cookies come along.
    """
    if not scopes:
        raise ValueError("An API client is let in by a scope.")

    @admits(_PERSON_OR + _ACCESS + ",".join(scopes))
    async def person_or_api_client(request: Request) -> Caller | ApiClient:
        return await (_find(request, scopes) if "authorization" in request.headers else signed_in(request))

    return person_or_api_client


def is_for_clients(access: str | None) -> bool:
    """Whether a route of this access (callers.access_of) lets API clients in, and nobody else."""
    return access is not None and access.startswith(_ACCESS)


def scopes_of(access: str | None) -> tuple[str, ...]:
    """The scopes by which a route of this access lets API clients in; none if it does not."""
    _, found, scopes = (access or "").partition(_ACCESS)
    return tuple(scopes.split(",")) if found else ()


async def _find(request: Request, scopes: Sequence[str]) -> ApiClient:
    clients: ClientDirectory = request.app.state.clients
    found = await clients.find(token_hash(_token(request)))
    if found is None:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "token_invalid", "The token is unknown or over.")
    if not found.scopes.intersection(scopes):
        raise DomainError(ErrorKind.FORBIDDEN, "scope_missing", f"This needs the scope {' or '.join(scopes)}.")
    return found


def _token(request: Request) -> str:
    given = request.headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if scheme.lower() != "bearer" or not 0 < len(token.strip()) <= _LONGEST_TOKEN:
        raise DomainError(ErrorKind.UNAUTHENTICATED, "token_missing", "This needs a bearer token.")
    return token.strip()
